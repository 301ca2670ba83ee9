package org.senderauth.ses;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * What became of a verification. Immutable.
 *
 * <p>Only the owner of the domain should see more than whether the verdict is {@link SesVerdict#VALID}: to outsiders
 * every other verdict but {@link SesVerdict#TRY_LATER} is one and the same refusal.
 *
 * @param verdict the verdict
 * @param signature what the signature says; null unless it is authentic, that is, one of our keys made it
 * @param uses how often the signature was used for this purpose, this time included; 0 where nothing was counted
 * @param detail the reason, one line of printable ASCII for a log; empty if the verdict says it all
 */
public record SesResult(SesVerdict verdict, @Nullable SesSignature signature, long uses, String detail) {

    /**
     * Whether the domain emitted the address, in time and not too often used.
     *
     * @return true for {@link SesVerdict#VALID}
     */
    public boolean isValid() {
        return verdict == SesVerdict.VALID;
    }

    /**
     * The address that was signed.
     *
     * @return the address without its signature, or nothing unless the signature is authentic
     */
    public Optional<MailAddress> original() {
        return Optional.ofNullable(signature).map(SesSignature::address);
    }

    static SesResult refused(SesVerdict verdict, String detail) {
        return new SesResult(verdict, null, 0, detail);
    }
}
