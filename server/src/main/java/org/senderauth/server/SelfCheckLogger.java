package org.senderauth.server;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.senderauth.callout.HostnameSelfCheck;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Type;

/**
 * Looks at the start whether this host's names fit, and logs what would make other mail servers refuse its callouts.
 *
 * @param dns where names are looked up
 * @param spf says what SPF says of this host's name
 * @param log takes a line for each thing that is wrong
 */
record SelfCheckLogger(DnsClient dns, SpfVerifier spf, LogQueue log) {

    /** Starts to look; does not wait for the DNS. */
    CompletionStage<Void> start(String hostname) {
        return dns.query(DomainNames.of(hostname), Type.A)
                .thenCompose(answer -> address(answer)
                        .map(address -> HostnameSelfCheck.of(dns, this::passes).run(hostname, address))
                        .orElseThrow(() -> new IllegalStateException(hostname + " has no IPv4 address in the DNS")))
                .thenAccept(this::tell)
                .exceptionally(failure -> {
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    log.line("callout self-check: " + LogText.quoted(String.valueOf(cause.getMessage())));
                    return null;
                });
    }

    private static Optional<InetAddress> address(DnsAnswer answer) {
        return answer instanceof DnsAnswer.Records records
                ? records.records().stream()
                        .filter(ARecord.class::isInstance)
                        .map(record -> ((ARecord) record).getAddress())
                        .findFirst()
                : Optional.empty();
    }

    private CompletionStage<Boolean> passes(InetAddress address, String helo) {
        return spf.verifyAsync(SpfQuery.helo(address, helo)).thenApply(result -> result.verdict() == SpfVerdict.PASS);
    }

    private void tell(List<HostnameSelfCheck.Finding> findings) {
        for (HostnameSelfCheck.Finding finding : findings) {
            if (!finding.good()) {
                log.line("callout self-check: " + LogText.quoted(finding.text()));
            }
        }
    }
}
