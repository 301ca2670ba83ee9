package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.dkim2.TestKeys.SENDER;
import static org.senderauth.dkim2.TestKeys.bounces;
import static org.senderauth.dkim2.TestKeys.bytes;
import static org.senderauth.dkim2.TestKeys.ourMessage;
import static org.senderauth.dkim2.TestKeys.report;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A flipped bit anywhere must not verify, but for what the draft does not sign: letter case in field names. */
class EveryByteCountsTest {

    private static final int[] FLIPS = {0x01, 0x04, 0x20, 0x80};

    private static void assertEveryByteCounts(byte[] message, int from, int to, Predicate<byte[]> passes) {
        assertThat(passes.test(message)).isTrue();
        for (int i = from; i < to; i++) {
            for (int flip : FLIPS) {
                if (!(flip == 0x20 && isLetterOfFieldName(message, from, i))) {
                    byte[] changed = message.clone();
                    changed[i] ^= (byte) flip;
                    assertThat(passes.test(changed))
                            .as("byte %d flipped by %x", i, flip)
                            .isFalse();
                }
            }
        }
    }

    private static boolean isLetterOfFieldName(byte[] message, int from, int at) {
        int line = at;
        while (line > from && message[line - 1] != '\n') {
            line--;
        }
        for (int i = line; i <= at; i++) {
            if (message[i] == ':' || message[i] == ' ') {
                return false;
            }
        }
        return Character.isLetter(message[at]);
    }

    @Test
    void flippedMessageDoesNotPass() {
        byte[] message = bytes(ourMessage());
        Dkim2Verifier verifier = TestKeys.verifier().build();
        assertEveryByteCounts(
                message,
                0,
                message.length,
                changed -> verifier.verify(changed, SENDER, List.of(TestKeys.RECIPIENT))
                        .isPass());
    }

    @Test
    void flippedReturnedMessageIsNotOurs() {
        String ours = ourMessage();
        String report = report("Content-Type: message/rfc822", ours);
        int from = report.indexOf(ours);
        Dkim2Bounces bounces = bounces().build();
        assertEveryByteCounts(
                bytes(report),
                from,
                from + ours.length(),
                changed ->
                        bounces.verify(changed, "<>", List.of(SENDER)).verdict().isOurs());
    }
}
