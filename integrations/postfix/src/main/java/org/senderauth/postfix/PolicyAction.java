package org.senderauth.postfix;

import org.senderauth.core.HeaderField;

/**
 * An action for Postfix, as access(5) defines it. There is no {@code OK}: it would skip the restrictions that follow.
 *
 * @param text the action on one line of printable characters
 */
public record PolicyAction(String text) {

    private static final String PREPEND = "PREPEND ";

    /**
     * The maximum length in characters: that of the longest header field and the word before it. Postfix reads lines of 2048
     * octets (line_length_limit).
     */
    public static final int MAX_LENGTH = PREPEND.length() + HeaderField.MAX_LINE;

    /** The action that leaves the decision to the restrictions that follow. */
    public static final PolicyAction DUNNO = new PolicyAction("DUNNO");

    /**
     * Creates an action.
     *
     * @throws IllegalArgumentException if the text is empty, too long, or contains control characters
     */
    public PolicyAction {
        if (text.isBlank() || text.length() > MAX_LENGTH || text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new IllegalArgumentException(
                    "text must be one line of 1 to " + MAX_LENGTH + " characters, was " + text.length());
        }
    }

    /**
     * Returns the action that rejects permanently.
     *
     * @param code the reply code, 5xx
     * @param enhancedCode the enhanced status code, such as {@code 5.7.23}
     * @param reason the text after the codes
     * @return the action
     */
    public static PolicyAction reject(int code, String enhancedCode, String reason) {
        return new PolicyAction(code + " " + enhancedCode + " " + reason);
    }

    /**
     * Returns the action that defers, unless a restriction that follows rejects permanently.
     *
     * @param enhancedCode the enhanced status code, such as {@code 4.4.3}
     * @param reason the text after the code
     * @return the action
     */
    public static PolicyAction defer(String enhancedCode, String reason) {
        return new PolicyAction("DEFER_IF_PERMIT " + enhancedCode + " " + reason);
    }

    /**
     * Returns the action that defers whatever the restrictions that follow would say.
     *
     * @param code the reply code, 4xx
     * @param enhancedCode the enhanced status code, such as {@code 4.7.1}
     * @param reason the text after the codes
     * @return the action
     */
    public static PolicyAction deferAtOnce(int code, String enhancedCode, String reason) {
        return new PolicyAction(code + " " + enhancedCode + " " + reason);
    }

    /**
     * Returns the action that prepends a header field and leaves the decision to the restrictions that follow.
     *
     * @param header the header field on one line of at most {@value HeaderField#MAX_LINE} characters, {@code Name: value}
     * @return the action
     * @throws IllegalArgumentException if the field is longer, or contains control characters
     */
    public static PolicyAction prepend(String header) {
        return new PolicyAction(PREPEND + header);
    }
}
