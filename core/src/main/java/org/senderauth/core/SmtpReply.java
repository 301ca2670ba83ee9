package org.senderauth.core;

/**
 * A refusal that a server may give to an SMTP client: what a defence suggests and the server's policy decides on. Immutable.
 *
 * @param code the reply code, 400 to 599
 * @param enhancedCode the enhanced status code (RFC 3463), of the same class as the code
 * @param text the text behind the codes, one line of printable ASCII
 */
public record SmtpReply(int code, String enhancedCode, String text) {

    /** Most characters of a text, so that the reply line stays within RFC 5321 section 4.5.3.1.5. */
    public static final int MAX_TEXT = 450;

    /**
     * Makes a reply.
     *
     * @param code the reply code
     * @param enhancedCode the enhanced status code
     * @param text the text
     * @throws IllegalArgumentException if the codes are of different classes or neither 4 nor 5, or if the text is
     *     longer than {@value #MAX_TEXT} or not printable ASCII
     */
    public SmtpReply {
        if (code < 400 || code > 599 || !enhancedCode.matches("[45]\\.\\d{1,3}\\.\\d{1,3}")) {
            throw new IllegalArgumentException("not a refusing reply: " + code + " " + enhancedCode);
        }
        if (enhancedCode.charAt(0) - '0' != code / 100) {
            throw new IllegalArgumentException(code + " and " + enhancedCode + " are of different classes");
        }
        if (text.length() > MAX_TEXT || !text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("a reply's text is at most " + MAX_TEXT + " printable ASCII characters");
        }
    }

    /**
     * Makes a reply of a text that may be too long or hold anything, such as a stranger's explanation: it is cut to
     * {@value #MAX_TEXT} characters, and what is not printable ASCII becomes {@code ?}.
     *
     * @param code the reply code
     * @param enhancedCode the enhanced status code
     * @param text the text
     * @return the reply
     * @throws IllegalArgumentException if the codes are of different classes or neither 4 nor 5
     */
    public static SmtpReply of(int code, String enhancedCode, String text) {
        String cut = text.substring(0, Math.min(text.length(), MAX_TEXT));
        return new SmtpReply(code, enhancedCode, Printable.ascii(cut));
    }

    /**
     * Whether the client should give up.
     *
     * @return true for 5yz
     */
    public boolean isPermanent() {
        return code >= 500;
    }

    /**
     * The reply as a line of SMTP, without its end.
     *
     * @return code, enhanced code and text
     */
    @Override
    public String toString() {
        return code + " " + enhancedCode + " " + text;
    }
}
