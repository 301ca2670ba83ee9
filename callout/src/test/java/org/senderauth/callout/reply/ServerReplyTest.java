package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of SMTP servers (RFC 5321 section 4.2). */
class ServerReplyTest {

    private static ServerReply reply(String... lines) {
        return ServerReply.of(List.of(lines));
    }

    @Test
    void joinsTextOfAllLines() {
        ServerReply reply = reply("550-5.1.1 user", "550-", "550 unknown");
        assertThat(reply.code()).isEqualTo(550);
        assertThat(reply.lines()).containsExactly("5.1.1 user", "", "unknown");
        assertThat(reply.text()).isEqualTo("5.1.1 user  unknown");
        assertThat(reply).hasToString("550 5.1.1 user  unknown");
        assertThat(reply("550")).hasToString("550");
    }

    @Test
    void showsAsciiAndClassifiesUnicode() {
        ServerReply reply = reply("550 Empfänger\u0007");
        assertThat(reply.text()).isEqualTo("Empfänger\u0007");
        assertThat(reply.toString()).matches("[ -~]+");
    }

    @ParameterizedTest
    @CsvSource({
        "250-a, 250 b, false, false",
        "553-a, 550 b, true, false",
        "250-a, 550 b, true, true",
        "599-a, 500 b, true, false",
        "500-a, 499 b, true, true",
    })
    void marksMixedCodesAndClasses(String first, String last, boolean codes, boolean classes) {
        ServerReply reply = reply(first, last);
        assertThat(reply.mixedCodes()).isEqualTo(codes);
        assertThat(reply.mixedClasses()).isEqualTo(classes);
    }

    @ParameterizedTest
    @CsvSource({
        "199, false, false, false, false",
        "200, true, false, false, false",
        "299, true, false, false, false",
        "300, false, false, false, false",
        "400, false, true, false, false",
        "420, false, true, false, false",
        "421, false, true, false, true",
        "499, false, true, false, false",
        "500, false, false, true, false",
        "599, false, false, true, false",
        "600, false, false, false, false",
    })
    void hasClassOfItsCode(int code, boolean positive, boolean deferred, boolean permanent, boolean closing) {
        ServerReply reply = reply(code + " text");
        assertThat(reply.isPositive()).isEqualTo(positive);
        assertThat(reply.isTransient()).isEqualTo(deferred);
        assertThat(reply.isPermanent()).isEqualTo(permanent);
        assertThat(reply.isClosing()).isEqualTo(closing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "55", "5x0 no", "550x no", "550_no", "/50 no", ":50 no", "٥٥٠ no", " 550 no"})
    void rejectsLineThatIsNotReply(String line) {
        assertThatThrownBy(() -> ServerReply.Line.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not an SMTP reply: ");
    }

    @Test
    void namesRejectedLineBriefly() {
        assertThatThrownBy(() -> ServerReply.of(List.of("550-a", "x".repeat(61))))
                .hasMessage("not an SMTP reply: " + "x".repeat(60));
        assertThatThrownBy(() -> ServerReply.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a reply has at least one line");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"550 no | 550 | true | no", "550-no | 550 | false | no", "000 | 0 | true | ''"})
    void readsPartsOfLine(String line, int code, boolean last, String text) {
        assertThat(ServerReply.Line.parse(line)).isEqualTo(new ServerReply.Line(code, last, text));
    }

    @Test
    void keepsTextUpToItsLimit() {
        String longest = "y".repeat(ServerReply.MAX_LINE_TEXT);
        assertThat(ServerReply.Line.parse("999-" + longest).text()).isEqualTo(longest);
        assertThat(ServerReply.Line.parse("999-" + longest + "z").text()).isEqualTo(longest);
    }

    @Test
    void decodesUtf8ElseLatin1() {
        String text = "unbekannter Empfänger";
        assertThat(ServerReply.decode("user unknown")).isEqualTo("user unknown");
        assertThat(ServerReply.decode(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
                .isEqualTo(text);
        assertThat(ServerReply.decode(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            delimiter = '|',
            value = {
                "550 no | none",
                "550 5.1.1 no | 5.1.1",
                "550 no (#5.1.1) | 5.1.1",
                "550 no 5.1.1. | 5.1.1",
                "550 4.1.1 5.2.2 no | 5.2.2",
                "550 2.1.5 no | none",
                "250 2.1.5 ok | 2.1.5",
                "550 192.5.1.1 | none",
                "550 5.1.1.4 | none",
                "550 5.999.100 | 5.999.100",
                "550 5.1000.1 | none",
                "550 5.1.1000 | none",
                "550 5.0.0 | 5.0.0",
                "550 5.1.1a | none",
                "550 3.1.1 | none",
            })
    void findsEnhancedCodeOfItsClass(String line, String code) {
        EnhancedStatusCode found = reply(line).enhanced();
        assertThat(found == null ? null : found.toString()).isEqualTo(code);
        assertThat(reply(line).enhancedCode()).isEqualTo(code == null ? "" : code);
    }

    @Test
    void listsEachEnhancedCodeOnce() {
        assertThat(EnhancedStatusCode.findAll("5.1.1 no, 4.2.2 5.1.1"))
                .containsExactly(new EnhancedStatusCode(5, 1, 1), new EnhancedStatusCode(4, 2, 2));
    }
}
