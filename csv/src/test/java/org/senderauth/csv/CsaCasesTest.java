package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;

/** The cases of csa/cases.csv over the zones of csa/zones. */
class CsaCasesTest {

    private static final DnsClient ZONES = CsaZones.ofCases();

    @ParameterizedTest(name = "{0}: {1} says {2}")
    @CsvFileSource(resources = "/csa/cases.csv", numLinesToSkip = 3)
    void eachCaseHasItsVerdictInEachMode(
            String id, String client, String helo, String recommended, String reverseTree, String exim) {
        assertThat(outcome(CsvVerifier.builder().dns(ZONES), client, helo)).isEqualTo(recommended);
        assertThat(outcome(CsvVerifier.builder().dns(ZONES).reverseTree(true), client, helo))
                .isEqualTo(reverseTree);
        assertThat(outcome(CsvVerifier.builder().dns(ZONES).mode(CsaMode.EXIM), client, helo))
                .isEqualTo(exim);
    }

    @ParameterizedTest(name = "{0}: {1} says {2}")
    @CsvFileSource(resources = "/csa/cases.csv", numLinesToSkip = 3)
    void missingAdditionalSectionChangesNoVerdict(String id, String client, String helo, String recommended) {
        assertThat(outcome(CsvVerifier.builder().dns(CsaZones.withoutAdditional(ZONES)), client, helo))
                .isEqualTo(recommended);
    }

    @ParameterizedTest(name = "{0}: {1} says {2}")
    @CsvFileSource(resources = "/csa/cases.csv", numLinesToSkip = 3)
    void eximFindsAddressesUnknownWithoutTheReverseTree(String id, String client, String helo) {
        if (helo.equals("-") || helo.startsWith("[") || helo.equals(client)) {
            CsvQuery query = query(client, helo);
            CsvVerifier verifier = CsvVerifier.builder()
                    .dns(CsaZones::nobody)
                    .mode(CsaMode.EXIM)
                    .reverseTree(false)
                    .build();
            assertThat(verifier.verify(query).verdict().eximStatus()).isEqualTo("unknown");
        }
    }

    private static String outcome(CsvVerifier.Builder builder, String client, String helo) {
        return builder.build().verify(query(client, helo)).verdict().text();
    }

    private static CsvQuery query(String client, String helo) {
        InetAddress address = IpAddresses.parse(client).orElseThrow();
        return helo.equals("-") ? new CsvQuery(address, null) : CsvQuery.of(address, helo);
    }
}
