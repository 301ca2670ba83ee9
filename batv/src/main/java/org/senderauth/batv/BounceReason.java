package org.senderauth.batv;

/** Why the bounce filter decided as it did. */
public enum BounceReason {
    /** The tag is good: the bounce answers mail that we sent. */
    ANSWERS_OUR_MAIL("the tag is good"),
    /** The sender is an ordinary one, and the recipient carries no tag. */
    ORDINARY_MAIL("ordinary mail to an address without a tag"),
    /** The sender is an ordinary one, and the recipient carries a tag, good or not. */
    ORDINARY_MAIL_TO_TAG("ordinary mail to a tagged address"),
    /** The tag is ours, but its time is over. */
    EXPIRED_TAG("the tag has expired"),
    /** The tag is none of ours. */
    FORGED_TAG("the tag is not ours"),
    /** A tag of another product, none of which are made here. */
    FOREIGN_TAG("the tag is that of another product"),
    /** A tag of another product, which is accepted while this domain moves away from it. */
    MIGRATION("the tag is that of a product this domain moves away from"),
    /** All mail of this recipient leaves with a tag, and this bounce has none. */
    NO_TAG("a bounce without a tag to an address whose mail is all tagged"),
    /** There is no tag, and the content tells what it is. */
    NO_TAG_CONTENT("a message without a tag, judged by its content"),
    /** This recipient's mail is not all tagged yet, or its domain is none of ours. */
    NOT_OPTED_IN("the recipient's bounces are not judged"),
    /** The recipient can never have been tagged as a sender: too long, or under another scheme. */
    CANNOT_BE_TAGGED("mail of the recipient is never tagged"),
    /** The client is one whose bounces are taken without a tag. */
    EXEMPT_PEER("the client is exempt"),
    /** A bounce has one recipient (RFC 5321 section 4.5.5) and this has more. */
    SEVERAL_RECIPIENTS("a bounce with several recipients"),
    /** The keys cannot be had at the moment. */
    KEYS_UNAVAILABLE("the keys cannot be had at the moment"),
    /** The client has sent too many refused bounces of late. */
    TOO_MANY_FAILURES("the client has sent too many refused bounces");

    private final String text;

    BounceReason(String text) {
        this.text = text;
    }

    /**
     * The reason in words.
     *
     * @return a clause without a full stop
     */
    public String text() {
        return text;
    }
}
