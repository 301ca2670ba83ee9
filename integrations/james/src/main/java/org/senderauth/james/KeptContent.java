package org.senderauth.james;

import java.io.ByteArrayOutputStream;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.MessageExcerpt;
import org.senderauth.policy.ReceivedMessage;

/** The kept content of the current message of a session: its beginning, and an excerpt of a longer one. Not thread-safe. */
final class KeptContent {

    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private final MessageExcerpt excerpt = new MessageExcerpt();

    /** Adds a line of DATA with its newline; undoes dot-stuffing (RFC 5321 section 4.5.2). */
    void addLine(byte[] line) {
        int start = line.length > 0 && line[0] == '.' ? 1 : 0;
        int length = line.length - start;
        beginning.write(line, start, Math.min(length, MessageContent.MAX_OCTETS - beginning.size()));
        excerpt.append(line, start, length);
    }

    ReceivedMessage message() {
        byte[] bytes = beginning.toByteArray();
        return excerpt.isComplete()
                ? ReceivedMessage.whole(bytes)
                : ReceivedMessage.beginning(bytes, MessageContent.of(excerpt));
    }
}
