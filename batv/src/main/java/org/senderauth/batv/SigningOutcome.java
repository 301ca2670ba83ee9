package org.senderauth.batv;

/** The outcome of signing a sender. */
public enum SigningOutcome {
    /** The address now has a tag. */
    SIGNED("tagged"),
    /** It had a tag before, ours or another's, and is unchanged (draft-levine-smtp-batv-01 section 2.4.1). */
    ALREADY_TAGGED("already tagged"),
    /** It is an SRS or SES address, whose own scheme validates its bounces; unchanged. */
    OTHER_SCHEME("it is an SRS or SES address, which its own scheme validates"),
    /** With a tag it would exceed the limits of RFC 5321 section 4.5.3.1; unchanged. Its bounces must not be rejected. */
    TOO_LONG("too long with a tag"),
    /** There are no keys for its domain; unchanged. */
    NO_KEYS("there are no keys for its domain"),
    /** A recipient is one to whom mail is sent without a tag; unchanged. */
    UNTAGGED_DESTINATION("a recipient is one to whom mail is sent without a tag"),
    /** The keys are unavailable; unchanged. Defer the mail rather than send it with a sender whose bounces fail. */
    KEYS_UNAVAILABLE("keys unavailable");

    private final String text;

    SigningOutcome(String text) {
        this.text = text;
    }

    /** {@return a clause for humans, without a full stop} */
    public String text() {
        return text;
    }
}
