package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever octets come, a protocol either reads a request that it can answer, or says that there is none. */
class ProtocolFuzzTest {

    private final PolicyProtocol policy = new PolicyProtocol(request -> PolicyAction.DUNNO);
    private final SocketmapProtocol socketmap = new SocketmapProtocol(
            Map.<String, Function<String, MapReply>>of("sign", MapReply.Found::new, "unsign", k -> MapReply.NOT_FOUND));

    @Provide
    Arbitrary<byte[]> wild() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(2000);
    }

    // Pieces of both protocols in any order: far more of these come close to a request.
    @Provide
    Arbitrary<byte[]> nearlyRight() {
        return Arbitraries.of(
                        "request=smtpd_access_policy\n",
                        "sender=a@example.org\n",
                        "recipient=\n",
                        "=\n",
                        "\n",
                        "\r\n",
                        "\0",
                        "sign ",
                        "unsign ",
                        "a@example.org",
                        "22:",
                        "0:",
                        "5:",
                        "10000:",
                        "10001:",
                        ",",
                        "7:sign \"\",",
                        "\u00e9",
                        "x".repeat(9_999))
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces).getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 2000)
    void anyBytesNeverThrow(@ForAll("wild") byte[] octets) {
        readAll(policy, octets);
        readAll(socketmap, octets);
    }

    @Property(tries = 2000)
    void damagedRequestsNeverThrow(@ForAll("nearlyRight") byte[] octets) {
        readAll(policy, octets);
        readAll(socketmap, octets);
    }

    @Property(tries = 500)
    void readsAnyKeyFromNetstring(
            @ForAll List<@net.jqwik.api.constraints.CharRange(from = ' ', to = '\u00ff') Character> characters)
            throws Exception {
        StringBuilder key = new StringBuilder();
        characters.forEach(key::append);
        byte[] lookup = ("sign " + key).getBytes(StandardCharsets.UTF_8);
        String netstring = lookup.length + ":sign " + key + ",";
        Protocol.Reply reply = socketmap.answer(socketmap.read(Wire.of(netstring)));
        int length = ("OK " + key).getBytes(StandardCharsets.UTF_8).length;
        assertThat(Wire.text(reply)).isEqualTo(length + ":OK " + key + ",");
    }

    private static <R> void readAll(Protocol<R> protocol, byte[] octets) {
        RequestInput in = Wire.of(octets);
        try {
            while (in.peek() >= 0) {
                assertThat(protocol.answer(protocol.read(in)).octets()).isNotEmpty();
            }
        } catch (MalformedRequestException e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
    }
}
