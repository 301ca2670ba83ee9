package org.senderauth.batv;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.AuthResult;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/** The result of verifying one address. Immutable. */
public final class BatvResult {

    /** The method's name in {@code Authentication-Results}: a private one, since none is registered. */
    public static final String METHOD = "x-batv";

    private static final SmtpReply REJECTION = new SmtpReply(550, "5.7.1", BounceFilter.NO_TAG);
    private static final SmtpReply DEFERRAL =
            new SmtpReply(451, "4.3.0", "Bounce check temporarily unavailable, try again later");

    private final BatvVerdict verdict;
    private final BatvReason reason;
    private final Optional<MailAddress> original;
    private final Optional<BatvTag> tag;
    private final OptionalInt daysLeft;

    BatvResult(
            BatvVerdict verdict,
            BatvReason reason,
            Optional<MailAddress> original,
            Optional<BatvTag> tag,
            OptionalInt daysLeft) {
        this.verdict = verdict;
        this.reason = reason;
        this.original = original;
        this.tag = tag;
        this.daysLeft = daysLeft;
    }

    /** {@return the verdict} */
    public BatvVerdict verdict() {
        return verdict;
    }

    /** {@return the reason of the verdict} */
    public BatvReason reason() {
        return reason;
    }

    /**
     * {@return the address without its tag, its case as received, whether the tag is valid or not; empty only if the
     * verdict is {@link BatvVerdict#MALFORMED}}
     */
    public Optional<MailAddress> original() {
        return original;
    }

    /** {@return the tag, if there is one} */
    public Optional<BatvTag> tag() {
        return tag;
    }

    /**
     * {@return days until the tag expires, 0 on its last day; for {@link BatvVerdict#EXPIRED} by its date, negative
     * days since, or the days until then; empty where the tag is not signed with a known key}
     */
    public OptionalInt daysLeft() {
        return daysLeft;
    }

    /** {@return whether the verdict is {@link BatvVerdict#VALID}: then mail is for {@link #original}} */
    public boolean isValid() {
        return verdict == BatvVerdict.VALID;
    }

    /** {@return the format of the tag, if there is one} */
    public Optional<TagFormat> form() {
        return tag.map(BatvTag::form);
    }

    /** {@return the key number of the tag, 0 to 9, if there is a tag of a format that has one} */
    public OptionalInt keyNumber() {
        return tag.isPresent() && tag.get() instanceof BatvTag.Prvs prvs
                ? OptionalInt.of(prvs.keyNumber())
                : OptionalInt.empty();
    }

    /**
     * Returns the reply to a bounce to the address, the same for every reason. The result of a tag alone is no reason to
     * reject other mail; {@link BounceFilter} decides on a whole transaction.
     *
     * @return a permanent rejection of an invalid or expired tag, a deferral where the keys are unavailable; empty for valid,
     *     untagged, foreign and malformed addresses
     */
    public Optional<SmtpReply> smtpReply() {
        return switch (verdict) {
            case INVALID, EXPIRED -> Optional.of(REJECTION);
            case UNAVAILABLE -> Optional.of(DEFERRAL);
            default -> Optional.empty();
        };
    }

    /**
     * Returns the result for an {@code Authentication-Results} field in the terms of RFC 8601. It has no reason, which would
     * help to guess tags.
     *
     * @return {@code x-batv} with {@code pass}, {@code fail}, {@code temperror}, or {@code none} where no tag was verified
     */
    public AuthResult authResult() {
        String result = switch (verdict) {
            case VALID -> "pass";
            case INVALID, EXPIRED -> "fail";
            case UNAVAILABLE -> "temperror";
            default -> "none";
        };
        return AuthResult.builder(METHOD, result).build();
    }

    static BatvResult malformed() {
        return new BatvResult(
                BatvVerdict.MALFORMED,
                BatvReason.NOT_AN_ADDRESS,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
    }

    static BatvResult untagged(MailAddress address) {
        return new BatvResult(
                BatvVerdict.UNSIGNED, BatvReason.NO_TAG, Optional.of(address), Optional.empty(), OptionalInt.empty());
    }

    static BatvResult unchecked(BatvVerdict verdict, BatvReason reason, TaggedAddress tagged) {
        return new BatvResult(
                verdict, reason, Optional.of(tagged.original()), Optional.of(tagged.tag()), OptionalInt.empty());
    }

    static BatvResult checked(BatvVerdict verdict, BatvReason reason, TaggedAddress tagged, int daysLeft) {
        return new BatvResult(
                verdict, reason, Optional.of(tagged.original()), Optional.of(tagged.tag()), OptionalInt.of(daysLeft));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BatvResult that
                && verdict.equals(that.verdict)
                && reason.equals(that.reason)
                && original.equals(that.original)
                && tag.equals(that.tag)
                && daysLeft.equals(that.daysLeft);
    }

    @Override
    public int hashCode() {
        return Objects.hash(verdict, reason, original, tag, daysLeft);
    }

    @Override
    public String toString() {
        return "BatvResult[verdict=" + verdict + ", reason=" + reason + ", original=" + original + ", tag=" + tag
                + ", daysLeft=" + daysLeft + "]";
    }
}
