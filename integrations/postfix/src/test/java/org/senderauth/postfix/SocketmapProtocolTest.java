package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.postfix.SocketmapProtocol.Lookup;

class SocketmapProtocolTest {

    private static final Map<String, Function<String, MapReply>> MAPS = Map.of(
            "upper", key -> key.equals("a") ? new MapReply.Found("A") : MapReply.NOT_FOUND,
            "away", key -> new MapReply.Temp("the store is away"));

    private final SocketmapProtocol protocol = new SocketmapProtocol(MAPS);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            22:sign alice@example.org,                  | sign   | alice@example.org                 | false
            40:unsign prvs=07876e2bb5=alice@example.org,| unsign | prvs=07876e2bb5=alice@example.org  | false
            7:sign "",                                  | sign   | '""'                              | false
            5:sign ,                                    | sign   | ''                                | false
            00022:sign alice@example.org,               | sign   | alice@example.org                 | false
            9:upper abc,                                | upper  | abc                               | false
            """)
    void readsNetstringsAndLines(String octets, String map, String key, boolean line) throws Exception {
        assertThat(protocol.read(Wire.of(octets))).isEqualTo(new Lookup(map, key, line));
    }

    @Test
    void readsOneLookup() throws Exception {
        RequestInput in = Wire.of("7:upper a,7:upper b,");
        assertThat(protocol.read(in).key()).isEqualTo("a");
        assertThat(protocol.read(in).key()).isEqualTo("b");
    }

    @Test
    void returnsNotFoundForKeyThatIsNotUtf8() throws Exception {
        SocketmapProtocol echo = new SocketmapProtocol(Map.of("m", MapReply.Found::new));
        byte[] octets = "4:m \u00e9\u00e9,".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Wire.text(echo.answer(echo.read(Wire.of(octets))))).isEqualTo("9:NOTFOUND ,");
        assertThat(Wire.text(echo.answer(echo.read(Wire.of("4:m \u00e9,"))))).isEqualTo("5:OK \u00e9,");
    }

    @Test
    void readsLinesWithLfOrCrLf() throws Exception {
        assertThat(protocol.read(Wire.of("upper a\n")).key()).isEqualTo("a");
        assertThat(protocol.read(Wire.of("upper a\r\n")).key()).isEqualTo("a");
        assertThat(protocol.read(Wire.of("upper a b\n"))).isEqualTo(new Lookup("upper", "a b", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22:sign alice@example.org;",
                "22:sign alice@example.or",
                "22sign alice@example.org,",
                "4:sign,",
                "0:,",
                "sign a@example.org",
                "10001:sign ",
                "999999:sign ",
                "99999999999999999999:sign a,",
                // It would be 7 in 32 bits.
                "4294967303:upper a,",
                "nospace\n",
                "\n",
                "1",
                "\0\0\0\0"
            })
    void refusesMalformedLookup(String octets) {
        assertThatThrownBy(() -> protocol.read(Wire.of(octets))).isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void refusesRequestOverLimit() throws Exception {
        String key = "x".repeat(SocketmapProtocol.MAX_LOOKUP_OCTETS - "upper ".length());
        assertThat(protocol.read(Wire.of("10000:upper " + key + ",")).key()).isEqualTo(key);
        assertThat(protocol.read(Wire.of("upper " + key + "\n")).key()).isEqualTo(key);
        assertThatThrownBy(() -> protocol.read(Wire.of("10001:upper x" + key + ",")))
                .isInstanceOf(MalformedRequestException.class);
        assertThatThrownBy(() -> protocol.read(Wire.of("upper x" + key + "\n")))
                .isInstanceOf(MalformedRequestException.class);
        assertThatThrownBy(() -> protocol.read(Wire.of("x".repeat(1_000_000))))
                .isInstanceOf(MalformedRequestException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            upper | a | 4:OK A,
            upper | b | '9:NOTFOUND ,'
            away  | a | 22:TEMP the store is away,
            none  | a | 30:PERM there is no such map here,
            """)
    void writesNetstring(String map, String key, String reply) {
        Protocol.Reply answer = protocol.answer(new Lookup(map, key, false));
        assertThat(Wire.text(answer)).isEqualTo(reply);
        assertThat(answer.keepsConnection()).isTrue();
    }

    @Test
    void writesPlainReplyToLineAndCloses() {
        Protocol.Reply answer = protocol.answer(new Lookup("upper", "a", true));
        assertThat(Wire.text(answer)).isEqualTo("OK A");
        assertThat(answer.keepsConnection()).isFalse();
    }

    @Test
    void countsReplyLengthInOctets() {
        SocketmapProtocol accents = new SocketmapProtocol(Map.of("m", key -> new MapReply.Found("\u00e9")));
        assertThat(Wire.text(accents.answer(new Lookup("m", "a", false)))).isEqualTo("5:OK \u00e9,");
    }

    @Test
    void returnsTempForTooLongReply() {
        String longest = "x".repeat(SocketmapProtocol.MAX_REPLY_OCTETS - "OK ".length());
        SocketmapProtocol vast = new SocketmapProtocol(
                Map.of("fits", key -> new MapReply.Found(longest), "more", key -> new MapReply.Found("x" + longest)));
        assertThat(Wire.text(vast.answer(new Lookup("fits", "a", false)))).isEqualTo("100000:OK " + longest + ",");
        assertThatThrownBy(() -> vast.answer(new Lookup("more", "a", false))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1map", "a map", "a\n"})
    void requiresMapNameWithLetterFirst(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SocketmapProtocol(Map.of(name, key -> MapReply.NOT_FOUND)));
    }
}
