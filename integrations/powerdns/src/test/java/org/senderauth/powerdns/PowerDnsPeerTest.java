package org.senderauth.powerdns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.peers.PeerProcess;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.Ses;
import org.senderauth.testkit.Await;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A real PowerDNS, without and with DNSSEC. */
class PowerDnsPeerTest {

    private static final String APEX = "_spf_verify.example.org";
    private static final String SUFFIX = "." + APEX;

    private final int port = PeerProcess.freePort();
    private final Ledger ledger = new Ledger();
    private final Ses ses = RemoteProtocolTest.ses().ledger(ledger).build();
    private final String signed =
            ses.sign(MailAddress.of("bob.smith@example.org")).localPart() + SUFFIX;

    @TempDir
    Path folder;

    /** A ledger that can be down. */
    private static final class Ledger implements ReplayLedger {
        private volatile boolean down;

        @Override
        public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
            return CompletableFuture.completedFuture(down ? new UseCount.Unavailable("down") : new UseCount.Counted(1));
        }

        @Override
        public CompletableFuture<UseCount> read(String key) {
            return increment(key, Instant.EPOCH);
        }
    }

    private Path socket() {
        return folder.resolve("s");
    }

    private void configure(String settings) throws IOException {
        String guide = block("# /etc/powerdns/ses/pdns.conf")
                .replace("/run/ses/pdns.sock", socket() + ",timeout=60000")
                .replaceFirst("(?m)^remote-dnssec=.*\n", "");
        Files.writeString(folder.resolve("pdns.conf"), guide + """
                security-poll-suffix=
                local-address=127.0.0.1
                local-port=%d
                socket-dir=%s
                cache-ttl=0
                query-cache-ttl=0
                negquery-cache-ttl=0
                %s
                """.formatted(port, folder, settings));
    }

    /** A block of the guide "ses.md", by its first words. */
    private static String block(String start) throws IOException {
        Matcher block = Pattern.compile(
                        "^```\n(" + Pattern.quote(start) + ".*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "..", "docs", "ses.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private PeerProcess powerDns() throws IOException {
        Path program = PeerProcess.program("pdns_server");
        return PeerProcess.start(
                        folder,
                        folder.resolve("pdns.log"),
                        List.of(program.toString(), "--config-dir=" + folder, "--daemon=no", "--guardian=no"))
                .awaitDns(server(), DomainNames.of(APEX));
    }

    private InetSocketAddress server() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private DnsAnswer ask(String name, int type) {
        SimpleResolver resolver = new SimpleResolver(server());
        resolver.setTimeout(Await.LIMIT);
        return ResolverDnsClient.of(resolver)
                .query(DomainNames.of(name), type)
                .toCompletableFuture()
                .join();
    }

    @Test
    void powerDnsServesTheZone() throws Exception {
        configure("");
        try (PowerDnsBackend backend = PowerDnsBackend.start(RemoteProtocolTest.zone(ses), socket());
                PeerProcess pdns = powerDns()) {
            assertThat(backend).isNotNull();
            assertThat(pdns.process().isAlive()).isTrue();
            assertThat(ask(signed, Type.A)).isInstanceOf(DnsAnswer.Records.class);
            assertThat(ask(signed, Type.TXT)).isInstanceOf(DnsAnswer.NoData.class);
            // Never NXDOMAIN: the parent of the signed name, and any other.
            assertThat(ask("smith" + SUFFIX, Type.A)).isInstanceOf(DnsAnswer.NoData.class);
            assertThat(ask(signed.replace("bob", "rob"), Type.A)).isInstanceOf(DnsAnswer.NoData.class);
            assertThat(ask(APEX, Type.SOA)).isInstanceOf(DnsAnswer.Records.class);
            assertThat(ask("example.org", Type.A)).isInstanceOf(DnsAnswer.Unavailable.class);
            ledger.down = true;
            assertThat(ask(signed, Type.A))
                    .isInstanceOfSatisfying(
                            DnsAnswer.Unavailable.class,
                            answer -> assertThat(answer.cause()).isEqualTo(DnsAnswer.Unavailable.Cause.SERVER_FAILURE));
            ledger.down = false;
            assertThat(ask(signed, Type.A)).isInstanceOf(DnsAnswer.Records.class);
        }
    }

    @Test
    void powerDnsSignsTheZone() throws Exception {
        configure("remote-dnssec=yes");
        Path program = PeerProcess.program("pdnsutil");
        String key = output(program.toString(), "--config-dir=" + folder, "generate-zone-key", "ksk", "ecdsa256");
        try (PowerDnsBackend backend =
                        PowerDnsBackend.start(RemoteProtocolTest.zone(ses), SigningKey.of(key), socket());
                PeerProcess pdns = powerDns()) {
            assertThat(backend).isNotNull();
            assertThat(pdns.process().isAlive()).isTrue();
            DNSKEYRecord published = (DNSKEYRecord)
                    ((DnsAnswer.Records) ask(APEX, Type.DNSKEY)).records().get(0);
            Files.writeString(
                    folder.resolve("anchors"),
                    "trust-anchors { \"%s.\" static-key 257 3 13 \"%s\"; };"
                            .formatted(APEX, java.util.Base64.getEncoder().encodeToString(published.getKey())));
            assertThat(validated(signed, "A")).contains("; fully validated", "127.0.0.2");
            for (String name : new String[] {signed.replace("bob", "rob"), "smith" + SUFFIX, APEX}) {
                assertThat(validated(name, "A")).contains("; negative response, fully validated", "ncache nxrrset");
            }
            assertThat(output(program.toString(), "--config-dir=" + folder, "export-zone-ds", APEX))
                    .contains(APEX + ". IN DS " + published.getFootprint() + " 13 2 ");
            assertThat(validated(signed, "TXT")).contains("; negative response, fully validated", "ncache nxrrset");
        }
    }

    /** What BIND's validator says to PowerDNS's answer. */
    private String validated(String name, String type) throws Exception {
        return output(
                PeerProcess.program("delv").toString(),
                "@127.0.0.1",
                "-p",
                Integer.toString(port),
                "-a",
                folder.resolve("anchors").toString(),
                "+root=" + APEX,
                name,
                type);
    }

    private String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
