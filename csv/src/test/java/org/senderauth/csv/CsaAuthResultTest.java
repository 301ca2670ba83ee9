package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.IpAddresses;

class CsaAuthResultTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OK.csa.test | x-csa=pass reason=\"the client address is one of ok.csa.test\" smtp.helo=ok.csa.test",
                "w1.csa.test | x-csa=fail reason=\"w1.csa.test is not authorized to send mail from any address\""
                        + " smtp.helo=w1.csa.test",
                "w3.csa.test | x-csa=neutral reason=\"w3.csa.test is authorized, but not by address\""
                        + " smtp.helo=w3.csa.test",
                "h.plain.test | x-csa=none reason=\"no record is published\" smtp.helo=h.plain.test",
                "srvfail.csa.test | x-csa=temperror reason=\"no answer about _client._smtp.srvfail.csa.test: scripted"
                        + " for _client._smtp.srvfail.csa.test.\" smtp.helo=srvfail.csa.test",
                "[192.0.2.1] | x-csa=none reason=\"HELO has an address, not a name\" smtp.helo=\"[192.0.2.1]\"",
                "a\"\\b.. | x-csa=none reason=\"HELO has no domain name\" smtp.helo=\"a\\\"\\\\b..\"",
                "'' | x-csa=none reason=\"the client said no HELO\"",
            })
    void writesResultOfStandardForEachOutcome(String helo, String fragment) {
        assertThat(of(helo)).isEqualTo(fragment);
    }

    @Test
    void cutsLongNames() {
        assertThat(of("a".repeat(256))).endsWith(" smtp.helo=" + "a".repeat(256));
        assertThat(of("a".repeat(300)).length()).isLessThan(400);
    }

    private static String of(String helo) {
        InetAddress client = IpAddresses.parse("192.0.2.1").orElseThrow();
        CsvVerifier verifier = CsvVerifier.builder().dns(CsaZones.ofCases()).build();
        return verifier.verify(CsvQuery.of(client, helo)).authResult().toString();
    }
}
