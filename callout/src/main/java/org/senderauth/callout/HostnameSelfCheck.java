package org.senderauth.callout;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Type;

/**
 * Checks at startup whether other mail servers will accept this host's probes. Mismatched names of the probing host are the
 * most frequent reason for failing callouts. Thread-safe.
 */
public final class HostnameSelfCheck {

    private final DnsClient dns;
    private final BiFunction<InetAddress, String, CompletionStage<Boolean>> spf;

    private HostnameSelfCheck(DnsClient dns, BiFunction<InetAddress, String, CompletionStage<Boolean>> spf) {
        this.dns = dns;
        this.spf = spf;
    }

    /**
     * Creates a check.
     *
     * @param dns the DNS client for the lookups
     * @param spf tests whether SPF passes for the address and the HELO name, which servers check for a null sender (RFC 7208
     *     section 2.4)
     * @return the check
     */
    public static HostnameSelfCheck of(DnsClient dns, BiFunction<InetAddress, String, CompletionStage<Boolean>> spf) {
        return new HostnameSelfCheck(
                DnsClient.guarded(Objects.requireNonNull(dns, "dns")), Objects.requireNonNull(spf, "spf"));
    }

    /**
     * The result of one check.
     *
     * @param good true if the check passed
     * @param text a sentence for the log
     */
    public record Finding(boolean good, String text) {}

    /**
     * Runs all checks.
     *
     * @param helo the HELO name of probes
     * @param address the public address that probes come from
     * @return the findings; DNS errors never complete it exceptionally
     * @throws IllegalArgumentException if the HELO name is not a domain name
     */
    public CompletableFuture<List<Finding>> run(String helo, InetAddress address) {
        Name name = DomainNames.of(helo);
        Name reverse = ReverseMap.fromAddress(address);
        int type = address.getAddress().length == 4 ? Type.A : Type.AAAA;
        CompletableFuture<DnsAnswer> forward = dns.query(name, type).toCompletableFuture();
        CompletableFuture<DnsAnswer> backward = dns.query(reverse, Type.PTR).toCompletableFuture();
        CompletableFuture<DnsAnswer> mail = dns.query(name, Type.MX).toCompletableFuture();
        CompletableFuture<Boolean> passes = spf.apply(address, helo).toCompletableFuture();
        return CompletableFuture.allOf(forward, backward, mail, passes).thenApply(all -> {
            String ip = address.getHostAddress();
            List<Finding> findings = new ArrayList<>();
            findings.add(finding(
                    name.labels() > 2, helo + " is a fully qualified name", helo + " is not a fully qualified name"));
            findings.add(finding(
                    has(forward.join(), record -> isAddress(record, address)),
                    helo + " has the address " + ip,
                    helo + " does not have the address " + ip));
            findings.add(finding(
                    has(
                            backward.join(),
                            record -> record instanceof PTRRecord ptr
                                    && ptr.getTarget().equals(name)),
                    ip + " has the name " + helo,
                    ip + " does not have the name " + helo + " in the reverse DNS"));
            findings.add(finding(
                    passes.join(),
                    "SPF passes for " + helo,
                    "SPF does not pass for " + helo + ": publish \"v=spf1 a -all\" there"));
            // A probing host must be reachable: bounces and complaints go to postmaster at the HELO name.
            findings.add(finding(
                    mail.join() instanceof DnsAnswer.Records
                            ? has(mail.join(), HostnameSelfCheck::isMxHost)
                            : has(forward.join(), record -> true),
                    "mail for postmaster@" + helo + " has an MX host",
                    "mail for postmaster@" + helo + " has no MX host"));
            return List.copyOf(findings);
        });
    }

    private static Finding finding(boolean good, String ifGood, String ifNot) {
        return new Finding(good, good ? ifGood : ifNot);
    }

    private static boolean has(DnsAnswer answer, java.util.function.Predicate<Record> wanted) {
        return answer instanceof DnsAnswer.Records records
                && records.records().stream().anyMatch(wanted);
    }

    // Null MX (RFC 7505): the domain accepts no mail, and has no implicit MX host either.
    private static boolean isMxHost(Record record) {
        return record instanceof MXRecord mx && !mx.getTarget().equals(Name.root);
    }

    private static boolean isAddress(Record record, InetAddress address) {
        return record instanceof ARecord a && a.getAddress().equals(address)
                || record instanceof AAAARecord aaaa && aaaa.getAddress().equals(address);
    }
}
