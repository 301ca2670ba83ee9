package org.senderauth.callout.outcome;

/**
 * The reply of a mail server that decided.
 *
 * @param code the reply code, 200 to 599
 * @param enhancedCode its enhanced status code (RFC 3463), empty without one
 * @param text its text without the codes, at most {@value #MAX_TEXT} printable ASCII characters
 */
public record TargetReply(int code, String enhancedCode, String text) {

    /** The maximum number of characters of a text. */
    public static final int MAX_TEXT = 200;

    /**
     * {@return the codes and the text on one line}
     */
    @Override
    public String toString() {
        return (code + " " + enhancedCode).strip() + " " + text;
    }
}
