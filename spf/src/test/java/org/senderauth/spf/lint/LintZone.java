package org.senderauth.spf.lint;

import java.util.List;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;

/** A zone with names of every kind that records refer to, and the records that a test adds. */
final class LintZone {

    private static final String HOSTS = """
            $TTL 60
            both.test.     A 192.0.2.1
            both.test.     AAAA 2001:db8::1
            four.test.     A 192.0.2.4
            six.test.      AAAA 2001:db8::6
            mail.test.     MX 10 both.test.
            mail.test.     MX 20 four.test.
            null.test.     MX 0 .
            lost.test.     MX 10 gone.test.
            literal.test.  MX 10 192.0.2.1.
            half.test.     MX 10 both.test.
            half.test.     MX 20 away.test.
            three.test.    MX 10 four.test.
            three.test.    MX 20 six.test.
            three.test.    MX 30 four.test.
            five.test.     MX 10 four.test.
            five.test.     MX 20 six.test.
            five.test.     MX 30 gone.test.
            five.test.     MX 40 four.test.
            five.test.     MX 50 none.test.
            none.test.     TXT "no record"
            nobody.test.   TXT "v=spf1 -all"
            good.test.     TXT "v=spf1 ip4:192.0.2.0/24 -all"
            like.test.     TXT "v=spf1; -all"
            twice.test.    TXT "v=spf1 ip4:192.0.2.1 -all"
            twice.test.    TXT "v=spf1 ip4:192.0.2.2 -all"
            """;

    private final ZoneDnsClient.Builder zone =
            ZoneDnsClient.builder().text(HOSTS).trouble(DomainNames.of("away.test"), Cause.TIMEOUT);

    void text(String masterFile) {
        zone.text(masterFile);
    }

    void txt(String name, String text) {
        zone.text(name + ". 60 TXT \"" + text + "\"");
    }

    DnsClient dns() {
        return zone.build();
    }

    SpfLinter linter() {
        return SpfLinter.of(dns());
    }

    /** Publishes a record at {@code example.org} and lints it. */
    LintReport lint(String record) {
        txt("example.org", record);
        return linter().lint("example.org");
    }

    static List<String> codes(LintReport report) {
        return report.findings().stream().map(found -> found.rule().code()).toList();
    }

    /** The text at the position of a finding. */
    static String place(LintFinding finding) {
        return finding.span().orElseThrow().of(finding.record());
    }
}
