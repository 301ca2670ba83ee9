package org.senderauth.callout.probe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reply of an SMTP server (RFC 5321 section 4.2), made harmless: its text is printable ASCII in lines of at most
 * {@value ReplyReader#USEFUL_LINE_LENGTH} characters. Immutable.
 *
 * @param code the three digits of its last line
 * @param enhanced its enhanced status code (RFC 3463), or null if it has none whose class fits the code
 * @param lines the texts of its lines, without code and separator, the enhanced code left in place; at least one
 * @param mixedCodes whether its lines had different codes, which RFC 5321 section 4.2.1 forbids
 */
record ServerReply(int code, @Nullable EnhancedCode enhanced, List<String> lines, boolean mixedCodes) {

    /**
     * Makes a reply; the lines are copied.
     *
     * @param code the three digits
     * @param enhanced the enhanced status code, or null
     * @param lines the texts of the lines
     * @param mixedCodes whether the lines had different codes
     */
    public ServerReply {
        lines = List.copyOf(lines);
    }

    /**
     * Whether the command was done: 2yz.
     *
     * @return true if so
     */
    public boolean isPositive() {
        return code / 100 == 2;
    }

    /**
     * Whether the refusal may pass: 4yz.
     *
     * @return true if so
     */
    public boolean isTransient() {
        return code / 100 == 4;
    }

    /**
     * Whether the refusal lasts: 5yz.
     *
     * @return true if so
     */
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /**
     * Whether the server closes the channel, which it may say at any time (RFC 5321 section 3.8).
     *
     * @return true for 421
     */
    public boolean isClosing() {
        return code == 421;
    }

    /**
     * All text of the reply.
     *
     * @return the lines, joined by spaces
     */
    public String text() {
        return String.join(" ", lines);
    }

    /**
     * The reply in one line, for people.
     *
     * @return the code and the text
     */
    @Override
    public String toString() {
        return (code + " " + text()).stripTrailing();
    }
}
