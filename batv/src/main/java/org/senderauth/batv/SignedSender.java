package org.senderauth.batv;

import org.senderauth.core.MailAddress;

/**
 * What became of a sender that was to be tagged.
 *
 * @param address the tagged address if the outcome is {@link SigningOutcome#SIGNED}, else the sender as it was
 * @param outcome whether it was tagged, and if not, why
 */
public record SignedSender(MailAddress address, SigningOutcome outcome) {

    /**
     * Whether the address was changed.
     *
     * @return true if the outcome is {@link SigningOutcome#SIGNED}
     */
    public boolean isSigned() {
        return outcome == SigningOutcome.SIGNED;
    }
}
