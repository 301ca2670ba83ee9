package org.senderauth.core;

/**
 * A rejection or deferral that a defense suggests and a server may send to an SMTP client. Immutable.
 *
 * @param code the reply code, 400 to 599
 * @param enhancedCode the enhanced status code (RFC 3463), of the same class as the code
 * @param text the text after the codes, one line of printable ASCII
 */
public record SmtpReply(int code, String enhancedCode, String text) {

    /** The maximum length of a text, which keeps the reply line within RFC 5321 section 4.5.3.1.5. */
    public static final int MAX_TEXT = 450;

    /**
     * Creates a reply.
     *
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
     * Creates a reply from untrusted text, such as the explanation of another domain: it is cut to {@value #MAX_TEXT}
     * characters, and what is not printable ASCII becomes {@code ?}.
     *
     * @param code the reply code
     * @param enhancedCode the enhanced status code
     * @param text the text
     * @return the reply
     * @throws IllegalArgumentException if the codes are of different classes or neither 4 nor 5
     */
    public static SmtpReply of(int code, String enhancedCode, String text) {
        String cut = text.substring(0, Math.min(text.length(), MAX_TEXT));
        return new SmtpReply(code, enhancedCode, SafeText.ascii(cut));
    }

    /**
     * Tests whether this is a permanent rejection.
     *
     * @return true for 5yz
     */
    public boolean isPermanent() {
        return code >= 500;
    }

    /**
     * Formats the reply as a line of SMTP, without CR LF.
     *
     * @return code, enhanced code and text
     */
    @Override
    public String toString() {
        return code + " " + enhancedCode + " " + text;
    }
}
