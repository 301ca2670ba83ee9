package org.senderauth.ses;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * What an authentic signature says. Immutable.
 *
 * @param address the address that was signed
 * @param timecode the time unit in which it was signed ({@link SesLayout#timecode(Instant)}); 0 for a fixed signature
 * @param messageId the number that the signer gave to the message
 * @param keyIndex which of the domain's keys made it; 0 is the one that signs now
 * @param expires from when on the signature is no longer accepted; null for a fixed signature
 */
public record SesSignature(
        MailAddress address,
        long timecode,
        long messageId,
        int keyIndex,
        @Nullable Instant expires) {

    /**
     * Whether the signature has no time and so never expires.
     *
     * @return true for a fixed signature
     */
    public boolean isFixed() {
        return expires == null;
    }
}
