package org.senderauth.postfix;

/**
 * An action for Postfix, as access(5) defines it. There is no {@code OK}: it would skip the restrictions that follow.
 *
 * @param text the action on one line of printable characters
 */
public record PolicyAction(String text) {

    /** The action that leaves the decision to the restrictions that follow. */
    public static final PolicyAction DUNNO = new PolicyAction("DUNNO");

    /** The maximum length in characters; Postfix folds longer replies badly, and a reply line has 512 octets. */
    public static final int MAX_LENGTH = 1000;

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
     * @param header the header field on one line, {@code Name: value}
     * @return the action
     */
    public static PolicyAction prepend(String header) {
        return new PolicyAction("PREPEND " + header);
    }
}
