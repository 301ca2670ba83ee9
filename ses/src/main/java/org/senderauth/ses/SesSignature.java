package org.senderauth.ses;

import java.time.Instant;
import java.util.Optional;
import org.senderauth.core.MailAddress;

/**
 * The contents of an authentic signature. Immutable.
 *
 * @param address the address that was signed
 * @param timecode the time unit in which it was signed ({@link SesLayout#timecode(Instant)}); 0 for a fixed signature
 * @param serialNumber the number that the signer gave to the message
 * @param keyIndex the index of the domain's key that made it; 0 is the key that signs now
 * @param expires when the signature expires; empty for a fixed signature
 */
public record SesSignature(
        MailAddress address, long timecode, long serialNumber, int keyIndex, Optional<Instant> expires) {

    /** {@return true for a signature without a time, which never expires} */
    public boolean isFixed() {
        return expires.isEmpty();
    }
}
