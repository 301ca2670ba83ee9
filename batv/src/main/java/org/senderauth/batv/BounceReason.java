package org.senderauth.batv;

/** The reason of a decision of the bounce filter. */
public enum BounceReason {
    /** The tag is valid: the bounce is for a message we sent. */
    VALID_TAG("valid tag"),
    /** The sender is an ordinary one, and the recipient has no tag. */
    ORDINARY_MAIL("ordinary mail to an address without a tag"),
    /** The sender is an ordinary one, and the recipient has a tag, valid or not. */
    NOT_A_BOUNCE("ordinary mail to a tagged address"),
    /** The tag is ours, but has expired. */
    EXPIRED_TAG("tag expired"),
    /** The tag is not signed with any known key. */
    FORGED_TAG("tag not signed with any known key"),
    /** A tag of another product, which we do not generate. */
    FOREIGN_TAG("tag from another product"),
    /** A tag of another product, which is accepted while this domain migrates from it. */
    MIGRATION_FORMAT("tag from a product this domain migrates from"),
    /** All mail of this recipient is sent with a tag, and this bounce has none. */
    NO_TAG("bounce without a tag to an address whose mail is tagged"),
    /** There is no tag, and the content decided. */
    NO_TAG_CONTENT("message without a tag, filtered by its content"),
    /** There is no tag, and the bounce returns a message that was never at our hosts. */
    NEVER_OURS("bounce without a tag that returns a message never sent by our hosts"),
    /** This recipient's mail is not all tagged yet, or its domain has no keys here. */
    NOT_OPTED_IN("bounces to this recipient are not filtered"),
    /** The recipient can never have been tagged as a sender: too long, or under another scheme. */
    CANNOT_BE_TAGGED("mail of this recipient is never tagged"),
    /** The recipient is postmaster or abuse, which accept mail from any host (RFC 5321 section 4.5.1). */
    ROLE_MAILBOX("postmaster and abuse accept bounces without a tag"),
    /** The client is one whose bounces are accepted without a tag. */
    EXEMPT_PEER("exempt client"),
    /** A bounce has one recipient (RFC 5321 section 4.5.5) and this has more. */
    SEVERAL_RECIPIENTS("bounce with several recipients"),
    /** The keys are unavailable. */
    KEYS_UNAVAILABLE("keys unavailable"),
    /** The client has recently sent too many rejected bounces. */
    TOO_MANY_FAILURES("client has sent too many rejected bounces");

    private final String text;

    BounceReason(String text) {
        this.text = text;
    }

    /** {@return a clause for humans, without a full stop} */
    public String text() {
        return text;
    }
}
