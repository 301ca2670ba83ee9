package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Findings about the networks of a record, each alone and with the others. */
class NetworkLintTest {

    private static List<LintFinding> lint(String terms) {
        return SpfLinter.lintText("example.org", "v=spf1 " + terms + " -all");
    }

    private static LintFinding only(String terms) {
        List<LintFinding> found = lint(terms);
        assertThat(found).as(terms).hasSize(1);
        return found.get(0);
    }

    private static String placeOf(LintFinding finding) {
        return finding.span().orElseThrow().of(finding.record());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.0.0.0/8            | this network
            0.255.255.255        | this network
            10.0.0.0             | RFC 1918
            10.255.255.255       | RFC 1918
            100.64.0.0           | RFC 6598
            100.127.255.255      | RFC 6598
            127.0.0.1            | loopback
            169.254.0.0/16       | link-local
            172.16.0.0           | RFC 1918
            172.31.255.255       | RFC 1918
            192.168.0.0/16       | RFC 1918
            224.0.0.1            | multicast
            239.255.255.255      | multicast
            240.0.0.0            | reserved
            255.255.255.255      | reserved
            ::1                  | loopback
            ::                   | unspecified
            fc00::               | RFC 4193
            fdff:ffff::/32       | RFC 4193
            fe80::1              | link-local
            febf:ffff::          | link-local
            ff00::               | multicast
            ffff:ffff::          | multicast
            ::ffff:0.0.0.0/96    | IPv4-mapped
            ::ffff:198.51.100.1  | IPv4-mapped
            """)
    void reportsSpecialNetworks(String network, String what) {
        LintFinding finding = only((network.contains(":") ? "ip6:" : "ip4:") + network);
        assertThat(finding.rule()).isEqualTo(LintRule.SPECIAL_NETWORK);
        assertThat(finding.reason()).contains(what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip4:1.0.0.0",
                "ip4:9.255.255.255",
                "ip4:11.0.0.0",
                "ip4:100.63.255.255",
                "ip4:100.128.0.0",
                "ip4:126.255.255.255",
                "ip4:128.0.0.0",
                "ip4:169.253.255.255",
                "ip4:169.255.0.0",
                "ip4:172.15.255.255",
                "ip4:172.32.0.0",
                "ip4:192.167.255.255",
                "ip4:192.169.0.0",
                "ip4:223.255.255.255",
                "ip6:::2",
                "ip6:fbff:ffff::",
                "ip6:fe00::",
                "ip6:fec0::",
                "ip6:fe7f:ffff::",
                "ip6:::fffe:198.51.100.1",
                "ip6:0:0:0:1:0:ffff:198.51.100.1",
                // as wide as a provider's may be
                "ip4:8.0.0.0/12",
                "ip6:2001::/20",
                // it authorizes no client
                "-ip4:0.0.0.0/0",
                "?ip6:::/0"
            })
    void acceptsNeighborsOfSpecialNetworks(String term) {
        assertThat(lint(term)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ip4:8.0.0.0/11, wide-network",
        "ip4:8.0.0.0/5, wide-network",
        "ip4:0.0.0.0/1, wide-network",
        "ip4:8.0.0.0/1, host-bits wide-network",
        "ip6:2000::/19, wide-network",
        "ip6:2000::/3, wide-network",
        "ip6:::/0, allows-everyone",
        "ip4:192.0.2.1/0, host-bits allows-everyone",
        "ip4:10.0.0.1/8, host-bits special-network",
    })
    void reportsWidthAndHostBitsSeparately(String term, String codes) {
        assertThat(lint(term)).extracting(found -> found.rule().code()).containsExactlyInAnyOrder(codes.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ip4:192.0.2.5/24    | host bits set: this matches 192.0.2.0/24, not just 192.0.2.5     | write "ip4:192.0.2.0/24" for the network, "ip4:192.0.2.5" for the host
            -ip4:192.0.2.5/24   | host bits set: this matches 192.0.2.0/24, not just 192.0.2.5     | write "-ip4:192.0.2.0/24" for the network
            ip6:2001:db8::1/32  | host bits set: this matches 2001:db8::/32, not just 2001:db8::1  | write "ip6:2001:db8::/32" for the network, "ip6:2001:db8::1" for the host
            """)
    void suggestsNetworkAndHost(String term, String reason, String fix) {
        LintFinding finding = only(term);
        assertThat(finding.rule()).isEqualTo(LintRule.HOST_BITS);
        assertThat(finding.reason()).isEqualTo(reason);
        assertThat(finding.fix()).isEqualTo(fix);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ip4:192.0.2.0/24 ip4:192.0.2.0/24         | duplicate-term      | ip4:192.0.2.0/24  | remove it
            ip4:192.0.2.0/24 -ip4:192.0.2.0/24        | shadowed-network    | -ip4:192.0.2.0/24 | remove it
            ip4:192.0.2.0/24 ip4:192.0.2.0/25         | overlapping-network | ip4:192.0.2.0/25  | remove it
            -ip4:192.0.2.0/24 ip4:192.0.2.0/25        | shadowed-network    | ip4:192.0.2.0/25  | remove it
            ip4:192.0.2.0/24 ~ip4:192.0.2.0/25        | shadowed-network    | ~ip4:192.0.2.0/25 | move it before "ip4:192.0.2.0/24"
            ip4:192.0.2.0/25 ip4:192.0.2.0/24         | overlapping-network | ip4:192.0.2.0/25  | remove it
            ip6:2001:db8::/32 ip6:2001:db8:1::/48     | overlapping-network | ip6:2001:db8:1::/48 | remove it
            """)
    void marksContainedNetwork(String terms, String code, String place, String fix) {
        LintFinding finding = only(terms);
        assertThat(finding.rule().code()).isEqualTo(code);
        assertThat(placeOf(finding)).isEqualTo(place);
        assertThat(finding.fix()).isEqualTo(fix);
        assertThat(finding.reason().contains("never matches")).isEqualTo(code.startsWith("shadowed"));
    }

    @Test
    void acceptsExceptionBeforeItsNetwork() {
        assertThat(lint("-ip4:192.0.2.1 ip4:192.0.2.0/24 ip6:2001:db8::1 ip4:198.51.100.0/24"))
                .isEmpty();
    }

    @Test
    void comparesNetworkUntilOneContainsIt() {
        assertThat(lint("ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.0/24"))
                .extracting(NetworkLintTest::placeOf)
                .containsExactly("ip4:192.0.2.1", "ip4:192.0.2.2");
        assertThat(lint("ip4:198.51.100.1 ip4:192.0.2.0/24 ip4:192.0.2.0/25 ip4:192.0.2.0/26"))
                .extracting(LintFinding::reason)
                .containsExactly("within \"ip4:192.0.2.0/24\"", "within \"ip4:192.0.2.0/24\"");
    }

    @Test
    void ignoresNetworksAfterAll() {
        List<LintFinding> found = SpfLinter.lintText("example.org", "v=spf1 ip4:192.0.2.1 -all ip4:10.0.0.1");
        assertThat(found).extracting(LintFinding::rule).containsExactly(LintRule.TERM_AFTER_ALL);
    }

    @ParameterizedTest
    @CsvSource({"999, 1", "1000, 0"})
    void comparesFirstThousandNetworks(int others, int found) {
        StringBuilder terms = new StringBuilder();
        for (int i = 0; i < others; i++) {
            terms.append("ip4:198.").append(i / 256).append('.').append(i % 256).append(".1 ");
        }
        assertThat(lint(terms + "ip4:198.0.0.1").stream().filter(one -> one.rule() == LintRule.DUPLICATE_TERM))
                .hasSize(found);
    }

    @ParameterizedTest
    @CsvSource({
        "ip4:0.0.0.0/1 ip4:128.0.0.0/1, 1",
        "ip6:::/1 ip4:192.0.2.1 ip6:8000::/1, 1",
        "ip4:0.0.0.0/1 -ip4:128.0.0.0/1, 0",
        "ip4:0.0.0.0/1 ip4:128.0.0.0/2 ip4:192.0.0.0/2 ip4:198.51.100.0/24, 1",
        "ip4:0.0.0.0/1 ip4:128.0.0.0/2, 0",
    })
    void reportsNetworksThatTogetherAreEverything(String terms, int count) {
        assertThat(lint(terms))
                .filteredOn(finding -> finding.rule() == LintRule.ALLOWS_EVERYONE)
                .hasSize(count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-ip4:192.0.2.1 ip4:192.0.2.0/25 -ip4:192.0.2.0/24",
                "-ip4:192.0.2.1 include:example.net -ip4:192.0.2.0/24",
                "~ip4:192.0.2.1 mx ~ip4:192.0.2.0/24"
            })
    void networkBeforeAnExceptionIsNeeded(String terms) {
        assertThat(lint(terms))
                .as("without the first term, its client would pass")
                .noneMatch(finding -> finding.rule() == LintRule.OVERLAPPING_NETWORK);
    }
}
