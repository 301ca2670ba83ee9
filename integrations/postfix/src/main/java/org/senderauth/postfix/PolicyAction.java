package org.senderauth.postfix;

/**
 * What Postfix shall do, in the words of access(5). There is no {@code OK}: it would skip the restrictions that follow.
 *
 * @param text the action on one line of printable characters
 */
public record PolicyAction(String text) {

    /** No opinion: the restrictions that follow decide. */
    public static final PolicyAction DUNNO = new PolicyAction("DUNNO");

    /** Most characters of an action; Postfix folds longer replies badly, and a reply line has 512 octets. */
    public static final int MAX_LENGTH = 1000;

    /**
     * Makes an action.
     *
     * @param text the action
     * @throws IllegalArgumentException if it is empty, too long, or holds control characters
     */
    public PolicyAction {
        if (text.isBlank() || text.length() > MAX_LENGTH || text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new IllegalArgumentException("an action is one line of 1 to " + MAX_LENGTH + " characters");
        }
    }

    /**
     * Refuses for good.
     *
     * @param code the reply code, 5xx
     * @param enhancedCode the enhanced status code, such as {@code 5.7.23}
     * @param reason the text behind them
     * @return the action
     */
    public static PolicyAction refuse(int code, String enhancedCode, String reason) {
        return new PolicyAction(code + " " + enhancedCode + " " + reason);
    }

    /**
     * Defers, unless a restriction that follows refuses for good.
     *
     * @param enhancedCode the enhanced status code, such as {@code 4.4.3}
     * @param reason the text behind it
     * @return the action
     */
    public static PolicyAction defer(String enhancedCode, String reason) {
        return new PolicyAction("DEFER_IF_PERMIT " + enhancedCode + " " + reason);
    }

    /**
     * Puts a header on top of the message and has no further opinion.
     *
     * @param header the header on one line, {@code Name: value}
     * @return the action
     */
    public static PolicyAction prepend(String header) {
        return new PolicyAction("PREPEND " + header);
    }
}
