package org.senderauth.server.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.senderauth.server.history.Records.START;
import static org.senderauth.server.history.Records.decision;
import static org.senderauth.server.history.Records.filter;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryFilterTest {

    private static final HistoryRecord DECISION =
            decision("b9c", START, "192.0.2.1", "Alice@Example.org", "bob@example.net", "spf-helo:none,spf:softfail");

    @ParameterizedTest
    @CsvSource({
        "from, alice@example.ORG, true",
        "from, <alice@example.org>, true",
        "from, example.org, true",
        "from, @example.org, true",
        "from, ample.org, false",
        "from, <>, false",
        "to, example.org, false",
        "client, 192.0.2.0/24, true",
        "client, 192.0.2.2, false",
        "client, 2001:db8::/32, false",
        "helo, MAIL.example.org, true",
        "id, b9c, true",
        "id, b9, false",
        "action, reject, true",
        "action, defer, false",
        "step, spf, true",
        "step, callout, false",
        "step, spf:softfail, true",
        "step, spf:fail, false",
        "step, spf-helo:none, true",
        "since, 1h, true",
        "since, 2026-11-23T12:00:00Z, true",
        "since, 2026-11-23 12:00, true",
        "since, 2026-11-23T12:01, false",
        "until, 2026-11-23T12:00, false",
        "until, 2026-11-24, true",
    })
    void matchesByOneValue(String name, String value, boolean matches) {
        assertThat(filter(name, value).matches(DECISION)).isEqualTo(matches);
    }

    @Test
    void nullSenderMatchesNullSenderOnly() {
        HistoryFilter bounces = filter("from", "<>");
        assertThat(bounces.matches(decision("a", START, "192.0.2.1", "", "b@example.net", "-")))
                .isTrue();
        assertThat(bounces.matches(DECISION)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "client, 192.0.2.300, 'client must be an IP address or a network such as 192.0.2.0/24, was ''192.0.2.300'''",
        "client, 192.0.2.1/24, 'client must be an IP address or a network such as 192.0.2.0/24, was ''192.0.2.1/24'''",
        "action, bounce, 'action must be continue, defer or reject, was ''bounce'''",
        "step, dmarc, 'step must be a step such as spf, or one with its result such as spf:softfail, was ''dmarc'''",
        "id, a b, 'id must be the letters and digits of a decision id, was ''a b'''",
        "from, '', 'from must be an address, a domain, or <> for the null sender, was '''''",
        "from, @, 'from must be an address, a domain, or <> for the null sender, was ''@'''",
        "to, alice@, 'to must be an address, a domain, or <> for the null sender, was ''alice@'''",
        "step, spf:, 'step must be a step such as spf, or one with its result such as spf:softfail, was ''spf:'''",
        "step, spf:a:b, 'step must be a step such as spf, or one with its result such as spf:softfail, was ''spf:a:b'''",
        "color, red, 'unknown filter: ''color'''",
    })
    void rejectsABadValueInOneLine(String name, String value, String message) {
        assertThatThrownBy(() -> filter(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void rejectsABadTimeInOneLine() {
        assertThatThrownBy(() -> filter("since", "yester\nday"))
                .hasMessage("since must be a time such as 2026-11-28T14:02 (UTC), 2026-11-28 or 2h (two hours ago),"
                        + " was 'yester?day'");
        assertThatThrownBy(() -> filter("since", "1h", "until", "2h"))
                .hasMessageStartingWith("until must not be before since");
        assertThatThrownBy(() -> filter("since", "2026-13-01")).hasMessageContaining("was '2026-13-01'");
    }

    @ParameterizedTest
    @CsvSource({
        "alice@bücher.example, alice@xn--bcher-kva.example",
        "alice@xn--bcher-kva.example, Alice@BÜCHER.example",
        "alice@bücher.example, XN--BCHER-KVA.example",
        "alice@xn--bcher-kva.example, bücher.example",
    })
    void findsDomainInEitherSpelling(String sender, String wanted) {
        HistoryRecord decision = decision("a", START, "192.0.2.1", sender, "bob@example.net", "-");
        HistoryFilter filter = filter("from", wanted);
        assertThat(filter.matches(decision)).isTrue();
        assertThat(filter.indexKey())
                .hasValueSatisfying(key -> assertThat(List.of(
                                SegmentIndex.address("from", sender),
                                SegmentIndex.domain("from", HistoryFilter.domain(sender))))
                        .contains(key));
    }

    @Test
    void valuesGiveSameFilterAtAnotherTime() {
        HistoryFilter filter = filter("since", "1h", "from", "example.org");
        HistoryFilter again = HistoryFilter.of(filter.values(), () -> START.plus(Duration.ofDays(9)));
        assertThat(again.matches(DECISION)).isTrue();
        assertThat(again.values()).isEqualTo(filter.values());
    }
}
