package org.senderauth.callout.probe;

/**
 * The reply of a mail server that decided.
 *
 * @param code the reply code, 200 to 599
 * @param enhancedCode its enhanced status code (RFC 3463), empty if it gave none
 * @param text its text without the codes, at most {@value #MAX_TEXT} printable ASCII characters
 */
public record TargetReply(int code, String enhancedCode, String text) {

    /** Most characters that are kept of a text. */
    public static final int MAX_TEXT = 200;

    /**
     * The reply as the mail server wrote it, on one line.
     *
     * @return the codes and the text
     */
    @Override
    public String toString() {
        return (code + " " + enhancedCode).strip() + " " + text;
    }
}
