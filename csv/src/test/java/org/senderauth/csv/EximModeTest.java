package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.csv.CsaVerdict.*;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.senderauth.csv.CsaOutcomeDetail.Unknown;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.testkit.CountingDnsClient;

/** What Exim does otherwise than the recommended rules, beyond the recorded cases. */
class EximModeTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();

    @ParameterizedTest
    @CsvSource({
        "1 1 0, 1 1 1, UNKNOWN",
        "1 1 1, 1 1 0, FAIL_EXPLICIT",
        "2 1 0, 1 1 1, FAIL_EXPLICIT",
        "1 1 0, 1 1 2, UNKNOWN",
    })
    void firstRecordOfExplicitParentDecides(String first, String second, CsaVerdict outcome) {
        DnsClient dns = CsaZones.of("_client._smtp.a.b.example. 60 IN TXT x\n" + "_client._smtp.b.example. 60 IN SRV "
                + first + " .\n_client._smtp.b.example. 60 IN SRV " + second + " .");
        assertThat(outcome(dns, "a.b.example")).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"2 2 0, VERSION", "1 4 0, NO_USABLE_WEIGHT"})
    void recordThatEximCannotUseIsUnknownWithItsCause(String fields, Unknown.Cause cause) {
        DnsClient dns = CsaZones.of("_client._smtp.a.example. 60 IN SRV " + fields + " a.example.");
        assertThat(verify(dns, "a.example").csa().detail()).isEqualTo(new Unknown(cause));
    }

    @Test
    void nxdomainEndsTheSearchAfterOneQuestion() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.ofCases());
        CsvResult result = verify(dns, "host.exp.test");
        assertThat(result.csa().detail()).isEqualTo(new Unknown(Unknown.Cause.NO_SUCH_DOMAIN));
        assertThat(dns.questions()).containsExactly("_client._smtp.host.exp.test. SRV");
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void hardFailureIsNoRecordAndSoftFailureDefers(Cause cause) {
        boolean hard = cause == Cause.BAD_ANSWER || cause == Cause.ALIAS_CHAIN;
        Unavailable trouble = new Unavailable(cause, "trouble");
        DnsClient zone = CsaZones.of("_client._smtp.b.example. 60 IN SRV 1 1 1 .");
        assertThat(outcome(CsaZones.answering("_client._smtp.a.b.example", trouble, zone), "a.b.example"))
                .isEqualTo(hard ? FAIL_EXPLICIT : TEMPERROR_SRV);

        DnsClient deeper = CsaZones.of(
                "_client._smtp.a.c.b.example. 60 IN TXT x\n" + "_client._smtp.c.b.example. 60 IN SRV 1 1 1 .");
        assertThat(outcome(CsaZones.answering("_client._smtp.b.example", trouble, deeper), "a.c.b.example"))
                .isEqualTo(hard ? FAIL_EXPLICIT : TEMPERROR_SRV);

        DnsClient target = CsaZones.of("_client._smtp.a.example. 60 IN SRV 1 2 0 t.example.");
        assertThat(outcome(CsaZones.answering("t.example", trouble, target), "a.example"))
                .isEqualTo(TEMPERROR_ADDR);
    }

    @ParameterizedTest
    @CsvSource({"-a.example", "a-.example", "a.ex!ample"})
    void nameThatEximSkipsIsUnknown(String helo) {
        assertThat(outcome(CsaZones::nobody, helo)).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"a.example", "a_b.example", "_a.example", "A-b.example", "x.a/b.example"})
    void otherNamesAreAskedFor(String helo) {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(""));
        verify(dns, helo);
        assertThat(dns.questions()).hasSize(1);
    }

    @Test
    void targetThatEximSkipsHasNoAddress() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.withoutAdditional(
                CsaZones.of("_client._smtp.a.example. 60 IN SRV 1 2 0 -t.example.\n-t.example. 60 IN A 192.0.2.1")));
        assertThat(outcome(dns, "a.example")).isEqualTo(FAIL_NO_ADDRESS);
        assertThat(dns.questions()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "[x:192.0.2.1], PASS",
        "[ok.csa.test], PASS",
        "[x:ok.csa.test], PASS",
        "[ok.csa.testX, PASS",
        "[], NOT_APPLICABLE",
        "[, NOT_APPLICABLE",
        "[x:, NOT_APPLICABLE",
    })
    void bracketsAreStrippedAsEximStripsThem(String helo, CsaVerdict outcome) {
        assertThat(outcome(CsaZones.ofCases(), helo)).isEqualTo(outcome);
    }

    @Test
    void hasStatusAndReasonOfExim() {
        CsaVerdict mismatch = FAIL_MISMATCH;
        assertThat(mismatch.eximStatus() + " " + mismatch.eximReason())
                .isEqualTo("fail failed (client address mismatch)");
        assertThat(TEMPERROR_SRV.eximStatus() + " " + TEMPERROR_SRV.eximReason())
                .isEqualTo("defer deferred (SRV lookup failed)");
        assertThat(AUTHORIZED_UNAUTHENTICATED.eximStatus()).isEqualTo("unknown");
        assertThat(NOT_APPLICABLE.eximReason()).isEqualTo("unknown");
    }

    private static CsaVerdict outcome(DnsClient dns, String helo) {
        return verify(dns, helo).verdict();
    }

    private static CsvResult verify(DnsClient dns, String helo) {
        return CsvVerifier.builder().dns(dns).mode(CsaMode.EXIM).build().verify(CsvQuery.of(CLIENT, helo));
    }
}
