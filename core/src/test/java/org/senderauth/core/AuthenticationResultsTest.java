package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AuthenticationResultsTest {

    private static final AuthResult PASS = AuthResult.builder("spf", "pass")
            .address("smtp.mailfrom", "alice@example.org")
            .build();

    @Test
    void separatesResultsBySemicolons() {
        AuthResult csa = AuthResult.builder("x-csa", "fail")
                .reason("client address mismatch")
                .property("smtp.helo", "mail.example.org")
                .build();

        assertThat(AuthenticationResults.field("mx.example.org", List.of(PASS, csa)))
                .hasToString("Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=alice@example.org;"
                        + " x-csa=fail reason=\"client address mismatch\" smtp.helo=mail.example.org");
    }

    @Test
    void writesNoneWithoutResults() {
        assertThat(AuthenticationResults.field("mx.example.org", List.of()))
                .hasToString("Authentication-Results: mx.example.org; none");
    }

    @Test
    void startsAnotherFieldBeforeTheLineGetsTooLong() {
        List<AuthResult> many = Collections.nCopies(
                10, AuthResult.builder("spf", "fail").reason("r".repeat(200)).build());

        List<HeaderField> fields = AuthenticationResults.lines("mx.example.org", many);

        assertThat(fields).hasSize(3).allMatch(field -> field.toString().length() <= HeaderField.MAX_LINE);
        assertThat(fields).allMatch(field -> field.body().startsWith("mx.example.org; spf=fail"));
    }

    @Property
    void fieldTakesAllResultsThatFitItsLine(
            @ForAll @Size(min = 1, max = 12) List<@From("results") AuthResult> results) {
        List<HeaderField> fields = AuthenticationResults.lines("mx.example.org", results);

        List<AuthResult> left = new ArrayList<>(results);
        for (HeaderField field : fields) {
            int taken = 1;
            while (taken < left.size() && fits(left.subList(0, taken + 1))) {
                taken++;
            }
            assertThat(field).isEqualTo(AuthenticationResults.field("mx.example.org", left.subList(0, taken)));
            left.subList(0, taken).clear();
        }
        assertThat(left).isEmpty();
    }

    @Provide
    Arbitrary<AuthResult> results() {
        return Arbitraries.integers()
                .between(0, 200)
                .map(length -> AuthResult.builder("spf", "fail")
                        .reason("r".repeat(length))
                        .build());
    }

    private static boolean fits(List<AuthResult> results) {
        return AuthenticationResults.field("mx.example.org", results).toString().length() <= HeaderField.MAX_LINE;
    }

    @Property
    void cutValueEndsWithWholeCharacter(
            @ForAll @IntRange(max = 100) int quotes, @ForAll @IntRange(max = 3) int letters) {
        String value = "\"".repeat(quotes) + "a".repeat(letters) + "\ud835\udc00".repeat(120);
        String field = AuthResult.builder("spf", "fail").reason(value).build().toString();

        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(field)).isTrue();
    }

    @Test
    void rejectsMethodsThatAreNotTokens() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuthResult.builder("s;pf", "pass"))
                .withMessage("method must be a token (RFC 2045), was \"s;pf\"");
    }

    @Property
    void anyValueStaysInsideItsQuotes(@ForAll String value) {
        AuthResult result = AuthResult.builder("spf", "fail")
                .reason(value)
                .property("smtp.helo", value)
                .address("smtp.mailfrom", value)
                .build();
        HeaderField field = AuthenticationResults.field(value.isEmpty() ? "x" : value, List.of(result));

        assertThat(field.toString()).hasSizeLessThanOrEqualTo(HeaderField.MAX_LINE);
        assertThat(field.toString().chars()).noneMatch(c -> c < ' ' || c == 0x7f);
        assertThat(outsideQuotes(field.body())).containsOnlyOnce("; spf=fail");
    }

    private static String outsideQuotes(String text) {
        return text.replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "");
    }

    @Property
    void foldingChangesNothingButWhiteSpace(@ForAll String value) {
        HeaderField field = AuthenticationResults.field(
                "mx.example.org",
                List.of(AuthResult.builder("spf", "fail").reason(value).build(), PASS, PASS));

        assertThat(field.folded().replace("\r\n ", " ")).isEqualTo(field.toString());
        assertThat(Stream.of(field.folded().split("\r\n")))
                .allMatch(line -> line.length() <= HeaderField.FOLD_LENGTH
                        || !line.strip().contains(" ")
                        || line.contains("\""));
    }

    @Test
    void foldsBetweenPartsAtSeventyEightCharacters() {
        assertThat(AuthenticationResults.field("mx.example.org", List.of(PASS, PASS))
                        .folded())
                .isEqualTo("Authentication-Results: mx.example.org; spf=pass\r\n"
                        + " smtp.mailfrom=alice@example.org; spf=pass smtp.mailfrom=alice@example.org");
    }
}
