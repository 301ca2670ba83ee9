package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestInputTest {

    /** A peer whose octets come one by one. */
    private static RequestInput dripping(String octets) {
        ByteBuffer left = ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1));
        return new RequestInput(new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) {
                if (!left.hasRemaining()) {
                    return -1;
                }
                into.put(left.get());
                return 1;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        });
    }

    private static String line(RequestInput in, int limit) throws IOException, MalformedRequestException {
        return new String(in.line(limit), StandardCharsets.ISO_8859_1);
    }

    @Test
    void readsLinesInAnyChunks() throws Exception {
        String octets = "\nrequest=a\n\0\n\n" + "x".repeat(20_000) + "\nend\n";
        for (RequestInput in : new RequestInput[] {Wire.of(octets), dripping(octets)}) {
            assertThat(line(in, 0)).isEmpty();
            assertThat(line(in, 9)).isEqualTo("request=a");
            assertThat(line(in, 1)).isEqualTo("\0");
            assertThat(line(in, 0)).isEmpty();
            assertThat(line(in, 20_000)).hasSize(20_000);
            assertThat(line(in, 20_000)).isEqualTo("end");
            assertThat(in.peek()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void refusesLineOverLimitWithoutNewline() {
        for (String octets : new String[] {"abcd\n", "abcd", "abcd" + "x".repeat(20_000)}) {
            assertThatThrownBy(() -> Wire.of(octets).line(3)).isInstanceOf(MalformedRequestException.class);
            assertThatThrownBy(() -> dripping(octets).line(3))
                    .isInstanceOf(MalformedRequestException.class)
                    .hasMessageContaining("longer than 3 octets");
        }
    }

    @Test
    void readsBytesOfAnyValue() throws Exception {
        RequestInput single = dripping("\0\u00ff");
        assertThat(single.read()).isZero();
        assertThat(single.read()).isEqualTo(0xff);
        assertThat(single.read()).isEqualTo(-1);
        RequestInput in = dripping("\0\u00ffa");
        assertThat(in.read(2)).containsExactly(0, 0xff);
        assertThat(in.peek()).isEqualTo('a');
        assertThat(in.read()).isEqualTo('a');
        assertThatThrownBy(() -> dripping("ab").read(3)).isInstanceOf(MalformedRequestException.class);
    }
}
