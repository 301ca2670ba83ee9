package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.dkim2.TestKeys.RECIPIENT;
import static org.senderauth.dkim2.TestKeys.SENDER;
import static org.senderauth.dkim2.TestKeys.bounces;
import static org.senderauth.dkim2.TestKeys.bytes;
import static org.senderauth.dkim2.TestKeys.signer;
import static org.senderauth.dkim2.TestKeys.verifier;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class Dkim2PropertiesTest {

    private static final Dkim2Verifier VERIFIER = verifier().build();
    private static final Dkim2Bounces BOUNCES = bounces().build();
    private static final byte[] OURS = bytes(TestKeys.ourMessage());
    private static final byte[] REPORT = bytes(TestKeys.report("Content-Type: message/rfc822", TestKeys.ourMessage()));

    @Property(tries = 300)
    void anyBytesHaveResult(@ForAll byte[] message, @ForAll String from, @ForAll String to) {
        assertThat(VERIFIER.verify(message, from, List.of(to)).isPass()).isFalse();
        assertThat(BOUNCES.verify(message, "<>", List.of(to)).verdict().isOurs())
                .isFalse();
        assertThat(BOUNCES.verify(ReturnedMessage.whole(message), to).verdict().isOurs())
                .isFalse();
        assertThat(signer().trySign(message, from, List.of(to)).detail()).isNotEmpty();
    }

    @Property(tries = 300)
    void splicedMessageHasResult(
            @ForAll @IntRange(max = 2000) int at,
            @ForAll @IntRange(max = 40) int cut,
            @ForAll @Size(max = 20) byte[] put) {
        VERIFIER.verify(spliced(OURS, at, cut, put), SENDER, List.of(RECIPIENT));
        BOUNCES.verify(spliced(REPORT, at, cut, put), "<>", List.of(SENDER));
    }

    private static byte[] spliced(byte[] from, int at, int cut, byte[] put) {
        String text = new String(from, StandardCharsets.ISO_8859_1);
        int start = Math.min(at, text.length());
        int end = Math.min(start + cut, text.length());
        return bytes(text.substring(0, start) + new String(put, StandardCharsets.ISO_8859_1) + text.substring(end));
    }

    @Property(tries = 200)
    void signedMessageVerifies(
            @ForAll @StringLength(max = 200) @CharRange(from = ' ', to = '~') String subject,
            @ForAll @Size(max = 300) byte[] body) {
        byte[] head = bytes("Subject:" + subject + "\r\nFrom: a@example.org\r\n\r\n");
        byte[] message = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, message, head.length, body.length);
        byte[] signed = signer().trySign(message, SENDER, List.of(RECIPIENT)).prependTo(message);
        assertThat(VERIFIER.verify(signed, SENDER, List.of(RECIPIENT)).isPass()).isTrue();
    }

    @Property(tries = 200)
    void spacesInFieldsMayChange(@ForAll @IntRange(max = 600) int at) {
        String text = new String(OURS, StandardCharsets.ISO_8859_1);
        int space = text.indexOf(' ', Math.min(at, text.indexOf("\r\n\r\n") - 30));
        String refolded = text.substring(0, space + 1) + "\r\n\t" + text.substring(space + 1);
        assertThat(VERIFIER.verify(bytes(refolded), SENDER, List.of(RECIPIENT)).isPass())
                .isTrue();
    }

    @Property(tries = 500)
    void anyKeyRecordHasResult(@ForAll String record) {
        try {
            assertThat(KeyRecord.parse(record).key()).isNotNull();
        } catch (MalformedMessageException e) {
            assertThat(e.text()).isNotEmpty();
        }
    }

    @Property(tries = 300)
    void quotedPrintableDecodingIsTotal(@ForAll byte[] text) {
        assertThat(MimeParts.quotedPrintable(text, 0, text.length).length).isLessThanOrEqualTo(text.length + 2);
    }
}
