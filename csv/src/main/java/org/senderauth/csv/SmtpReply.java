package org.senderauth.csv;

/**
 * A reply that a server may give to the client. It is a suggestion: the server's policy decides whether it is given.
 *
 * @param code the reply code (RFC 5321 section 4.2)
 * @param enhancedCode the enhanced status code (RFC 3463)
 * @param text what follows, one line of printable ASCII
 */
public record SmtpReply(int code, String enhancedCode, String text) {

    /** Longest text: a reply line has 512 octets with its codes and its end (RFC 5321 section 4.5.3.1.5). */
    public static final int MAX_TEXT = 490;

    // RFC 7372 has codes for SPF and DKIM only; 5.7.1 is "delivery not authorized, message refused".
    static SmtpReply refusal(String text) {
        return new SmtpReply(550, "5.7.1", text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    }

    /** The reply as one line, without a line end. */
    @Override
    public String toString() {
        return code + " " + enhancedCode + " " + text;
    }
}
