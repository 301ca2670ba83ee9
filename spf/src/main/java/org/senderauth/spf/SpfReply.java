package org.senderauth.spf;

/**
 * An SMTP reply. Immutable.
 *
 * @param code the reply code
 * @param enhancedCode the enhanced status code (RFC 3463)
 * @param text printable ASCII that fits into one reply line
 */
public record SpfReply(int code, String enhancedCode, String text) {

    /**
     * The reply line, without its line end.
     *
     * @return {@code code enhanced-code text}
     */
    @Override
    public String toString() {
        return code + " " + enhancedCode + " " + text;
    }
}
