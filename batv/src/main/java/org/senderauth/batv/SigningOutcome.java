package org.senderauth.batv;

/** Whether a sender was tagged, and if not, why. */
public enum SigningOutcome {
    /** The address now carries a tag. */
    SIGNED("tagged"),
    /** It carried a tag before, ours or another's, and is unchanged (draft-levine-smtp-batv-01 section 2.4.1). */
    ALREADY_TAGGED("it carries a tag already"),
    /** It is an SRS or SES address, whose own scheme validates its bounces; unchanged. */
    OTHER_SCHEME("it is an SRS or SES address, which its own scheme validates"),
    /** With a tag it would exceed the limits of RFC 5321 section 4.5.3.1; unchanged. Its bounces must not be refused. */
    TOO_LONG("with a tag it would be longer than mail allows"),
    /** There are no keys for its domain; unchanged. */
    NO_KEYS("there are no keys for its domain"),
    /** A recipient is one to whom mail goes without a tag; unchanged. */
    UNTAGGED_DESTINATION("a recipient is one to whom mail goes without a tag"),
    /** The keys cannot be had at the moment; unchanged. Better ask again later than send mail whose bounces fail. */
    KEYS_UNAVAILABLE("the keys cannot be had at the moment");

    private final String text;

    SigningOutcome(String text) {
        this.text = text;
    }

    /**
     * The outcome in words.
     *
     * @return a clause without a full stop
     */
    public String text() {
        return text;
    }
}
