package org.senderauth.ses;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Ascii;
import org.senderauth.core.LocalPartScheme;
import org.senderauth.core.MailAddress;
import org.senderauth.ses.SesSigningResult.Outcome;

/** Signs senders, or reports the reason why not. Thread-safe. */
final class SesSigner {

    /** The maximum size of a local part that fits into a DNS label (RFC 1035 section 2.3.4). */
    private static final int MAX_LABEL_OCTETS = 63;

    /** One serial number in 38 is skipped; that 20 in a row are has a probability below 2^-100. */
    private static final int MAX_TRIES = 20;

    /** The maximum size of the serial numbers of {@link SerialNumbers#ofRandomStart}; counted ones are smaller. */
    private static final int MAX_SERIAL_BITS = 41;

    private final SesKeyring keyring;
    private final SerialNumbers serialNumbers;
    private final InstantSource clock;
    private final boolean publicLookup;
    private final int most;

    SesSigner(SesKeyring keyring, SerialNumbers serialNumbers, InstantSource clock, boolean publicLookup) {
        this.keyring = keyring;
        this.serialNumbers = serialNumbers;
        this.clock = clock;
        this.publicLookup = publicLookup;
        this.most = publicLookup ? MAX_LABEL_OCTETS : MailAddress.MAX_LOCAL_PART_OCTETS;
    }

    SesSigningResult trySign(MailAddress sender) {
        String domain = SesKeyring.canonical(sender.domain());
        List<SesKey> keys = keyring.keys(domain);
        SesSigningResult unsignable = unsignable(sender, keys);
        if (unsignable != null) {
            return unsignable;
        }
        SesKey key = keys.get(0);
        long timecode = key.layout().timecode(Math.floorDiv(clock.millis(), 1000L));
        if (timecode <= 0) {
            return new SesSigningResult(Outcome.UNAVAILABLE, sender, "the clock is not set: it shows 1970");
        }
        String signed;
        try {
            signed = signed(key, timecode, Ascii.toLowerCase(sender.localPart()), domain);
        } catch (IOException e) {
            return new SesSigningResult(Outcome.UNAVAILABLE, sender, "no serial number: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return new SesSigningResult(Outcome.TOO_LONG, sender, String.valueOf(e.getMessage()));
        }
        MailAddress address = sender.withLocalPart(signed);
        if (address.localPartOctets() > most) {
            return new SesSigningResult(
                    Outcome.TOO_LONG, sender, "the signed local part would have more than " + most + " octets");
        }
        return new SesSigningResult(Outcome.SIGNED, address, "");
    }

    /** Returns the outcome of signing, without a serial number; too long if any of {@link #MAX_SERIAL_BITS} makes it so. */
    Outcome canSign(MailAddress sender) {
        List<SesKey> keys = keyring.keys(SesKeyring.canonical(sender.domain()));
        SesSigningResult unsignable = unsignable(sender, keys);
        if (unsignable != null) {
            return unsignable.outcome();
        }
        SesLayout layout = keys.get(0).layout();
        int bits = MAX_SERIAL_BITS + layout.fieldBits() + layout.hashBits();
        int length = (int) (bits / Base38.BITS_PER_DIGIT) + 1;
        if (length > SesSyntax.MAX_DIGITS) {
            return Outcome.TOO_LONG;
        }
        // The longest spelling is the one of a signature that begins with a hyphen.
        String digits = "-".repeat(length);
        String localPart = Ascii.toLowerCase(sender.localPart());
        String signed = publicLookup ? HostNameForm.write(digits, localPart) : Base38.TAG + digits + '=' + localPart;
        return sender.withLocalPart(signed).localPartOctets() > most ? Outcome.TOO_LONG : Outcome.SIGNED;
    }

    private static @Nullable SesSigningResult unsignable(MailAddress sender, List<SesKey> keys) {
        if (keys.isEmpty()) {
            return new SesSigningResult(Outcome.FOREIGN, sender, "no key for this domain");
        }
        if (isSigned(sender.localPart())) {
            return new SesSigningResult(Outcome.ALREADY_SIGNED, sender, "signed already");
        }
        if (sender.isQuoted()) {
            // The grammar has a dot-atom after the signature: a quoted string cannot follow it.
            return new SesSigningResult(Outcome.UNSIGNABLE, sender, "a quoted local part cannot be signed");
        }
        return null;
    }

    private String signed(SesKey key, long timecode, String localPart, String domain) throws IOException {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            String signed = SesCodec.signFolded(key, timecode, serialNumbers.next(timecode), localPart, domain);
            if (!publicLookup) {
                return signed;
            }
            int end = signed.length() - localPart.length() - 1;
            // Some SPF verifiers never query a label that ends in a hyphen.
            if (signed.charAt(end - 1) != '-') {
                return HostNameForm.write(signed, end, localPart);
            }
        }
        throw new IOException("every one of " + MAX_TRIES + " gave a signature that ends in a hyphen");
    }

    static boolean isSigned(String localPart) {
        int tag = Base38.TAG.length();
        return LocalPartScheme.of(localPart)
                // "ses=joe" has no signature: an ordinary local part, which can be signed.
                .filter(scheme -> scheme != LocalPartScheme.SES || localPart.indexOf('=', tag) > tag)
                .isPresent();
    }
}
