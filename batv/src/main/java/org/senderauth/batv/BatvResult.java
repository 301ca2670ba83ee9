package org.senderauth.batv;

import java.util.Optional;
import java.util.OptionalInt;
import org.senderauth.core.MailAddress;

/**
 * What the check of one address found.
 *
 * @param verdict the verdict
 * @param reason why it came out so
 * @param original the address without its tag, its case as received, whether the tag is good or not; nothing only if
 *     the verdict is {@link BatvVerdict#MALFORMED}
 * @param tag the tag, if there is one
 * @param daysLeft days until the tag expires, 0 on its last day; for {@link BatvVerdict#EXPIRED} by its date, negative
 *     days since, or the days that it is too far ahead; absent where no key made the tag
 */
public record BatvResult(
        BatvVerdict verdict,
        BatvReason reason,
        Optional<MailAddress> original,
        Optional<BatvTag> tag,
        OptionalInt daysLeft) {

    /**
     * Whether the tag is good: then mail to it belongs to {@link #original}.
     *
     * @return true if the verdict is {@link BatvVerdict#VALID}
     */
    public boolean isValid() {
        return verdict == BatvVerdict.VALID;
    }

    /**
     * The form of the tag.
     *
     * @return the form, if there is a tag
     */
    public Optional<BatvForm> form() {
        return tag.map(BatvTag::form);
    }

    /**
     * The key number that the tag names.
     *
     * @return 0 to 9, if there is a tag of a form that has one
     */
    public OptionalInt keyNumber() {
        return tag.isPresent() && tag.get() instanceof BatvTag.Prvs prvs
                ? OptionalInt.of(prvs.keyNumber())
                : OptionalInt.empty();
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
}
