package org.senderauth.batv;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * The check of a tag against the keys of its domain.
 *
 * @param keyring the keys
 * @param longestLifetime the longest lifetime in days that any signer with these keys uses
 * @param now the time
 */
record TagVerifier(BatvKeyring keyring, int longestLifetime, Instant now) {

    /**
     * Checks a tag.
     *
     * @param tagged the address
     * @param tag its tag
     * @param original the address without the tag, in the spelling of its domain that the tag may cover
     */
    BatvResult check(TaggedAddress tagged, BatvTag.Prvs tag, MailAddress original) {
        List<BatvKeyring.Entry> slot = keyring.slot(tag.keyNumber());
        if (slot.isEmpty()) {
            return BatvResult.unchecked(BatvVerdict.INVALID, BatvReason.NO_SUCH_KEY, tagged);
        }
        BatvKeyring.Entry key = maker(tag, original, slot);
        if (key == null) {
            return BatvResult.unchecked(BatvVerdict.INVALID, BatvReason.WRONG_TAG, tagged);
        }
        int ahead = BatvDays.ahead(tag.day(), now);
        if (!BatvDays.inTime(ahead, longestLifetime)) {
            int nearest = BatvDays.nearest(ahead);
            BatvReason reason = nearest < 0 ? BatvReason.EXPIRED : BatvReason.EXPIRY_TOO_LATE;
            return BatvResult.checked(BatvVerdict.EXPIRED, reason, tagged, nearest);
        }
        return key.isOver(now)
                ? BatvResult.checked(BatvVerdict.EXPIRED, BatvReason.KEY_RETIRED, tagged, ahead)
                : BatvResult.checked(BatvVerdict.VALID, BatvReason.GOOD_TAG, tagged, ahead);
    }

    /** The key that made the tag for one of the spellings of the address; one whose time is over only if no other. */
    private BatvKeyring.@Nullable Entry maker(BatvTag.Prvs tag, MailAddress original, List<BatvKeyring.Entry> slot) {
        BatvKeyring.Entry over = null;
        for (BatvKeyring.Entry key : slot) {
            boolean made = made(tag, key, original) || madeInLowerCase(tag, key, original);
            if (made && !key.isOver(now)) {
                return key;
            }
            over = made ? key : over;
        }
        return over;
    }

    private static boolean madeInLowerCase(BatvTag.Prvs tag, BatvKeyring.Entry key, MailAddress original) {
        MailAddress lowerDomain = original.withLowerCaseDomain();
        MailAddress lower = original.toLowerCase();
        return !lowerDomain.equals(original) && made(tag, key, lowerDomain)
                || !lower.equals(lowerDomain) && made(tag, key, lower);
    }

    // Constant time: one comparison of two words. Which spelling or key fits is no secret.
    private static boolean made(BatvTag.Prvs tag, BatvKeyring.Entry key, MailAddress address) {
        return (key.hash(BatvTag.Prvs.dated(tag.keyNumber(), tag.day()), address) ^ tag.hash()) == 0;
    }
}
