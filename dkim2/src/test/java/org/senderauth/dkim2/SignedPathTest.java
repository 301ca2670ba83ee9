package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedPathTest {

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "Example.ORG., example.org",
        "a, a",
        "_a-1.example, _a-1.example",
        "bücher.example, xn--bcher-kva.example",
        "[192.0.2.1], [192.0.2.1]"
    })
    void domainsAreComparedInLowerCaseAndALabels(String text, String domain) {
        assertThat(SignedPath.domain(text)).contains(domain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a..", ".a", "a..b", "a b", "a@b", "a\\.b", "a:b", "a\u0000", "[a", "a]"})
    void otherTextsAreNotDomains(String text) {
        assertThat(SignedPath.domain(text)).isEmpty();
    }

    @Test
    void labelsHave63OctetsAndNames253() {
        String label = "a".repeat(63);
        assertThat(SignedPath.domain(label + ".b")).isPresent();
        assertThat(SignedPath.domain(label + "a.b")).isEmpty();
        String name = label + '.' + label + '.' + label + '.' + "b".repeat(61);
        assertThat(SignedPath.domain(name)).contains(name);
        assertThat(SignedPath.domain(name + '.')).contains(name);
        assertThat(SignedPath.domain(name + 'b')).isEmpty();
    }

    @Test
    void pathsAreReadWithAndWithoutBrackets() {
        Optional<SignedPath> path = Optional.of(new SignedPath("alice", "example.org"));
        assertThat(SignedPath.ofEnvelope("<alice@Example.org>")).isEqualTo(path);
        assertThat(SignedPath.ofEnvelope("alice@example.org")).isEqualTo(path);
        assertThat(SignedPath.ofEnvelope("<>")).contains(SignedPath.NULL);
        assertThat(SignedPath.ofEnvelope("<alice@example.org")).isEmpty();
        assertThat(SignedPath.ofEnvelope("@example.org")).isEmpty();
    }
}
