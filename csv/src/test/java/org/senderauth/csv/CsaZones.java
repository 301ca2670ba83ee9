package org.senderauth.csv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.xbill.DNS.Name;

/** The zones of the cases in memory; where a server would send no additional section, neither does this. */
final class CsaZones {

    private CsaZones() {}

    static DnsClient ofCases() {
        ZoneDnsClient.Builder zones = ZoneDnsClient.builder();
        try (Stream<Path> files =
                Files.list(Path.of(CsaZones.class.getResource("/csa/zones").toURI()))) {
            for (Path file : files.sorted().toList()) {
                zones.file(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        ZoneDnsClient client = zones.trouble(DomainNames.of("_client._smtp.srvfail.csa.test"), Cause.SERVER_FAILURE)
                .trouble(DomainNames.of("broken.csa.test"), Cause.SERVER_FAILURE)
                .build();
        return (name, type) -> name.toString().contains("noadd")
                ? withoutAdditional(client).query(name, type)
                : client.query(name, type);
    }

    static DnsClient of(String zone) {
        return ZoneDnsClient.builder().text(zone).build();
    }

    static DnsClient withoutAdditional(DnsClient client) {
        return (name, type) -> client.query(name, type).thenApply(CsaZones::withoutAdditional);
    }

    /** Answers one question as told and the others as another client does. */
    static DnsClient answering(String asked, DnsAnswer answer, DnsClient others) {
        Name name = DomainNames.of(asked);
        return (question, type) ->
                question.equals(name) ? CompletableFuture.completedFuture(answer) : others.query(question, type);
    }

    private static DnsAnswer withoutAdditional(DnsAnswer answer) {
        return answer instanceof Records records
                ? new Records(records.records(), records.ttl(), records.aliases(), List.of())
                : answer;
    }

    /** Never answers: for checks that must not ask. */
    static CompletionStage<DnsAnswer> nobody(Name name, int type) {
        throw new AssertionError("asked for " + name);
    }
}
