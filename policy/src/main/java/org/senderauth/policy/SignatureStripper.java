package org.senderauth.policy;

import java.util.Objects;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvNormalizer;
import org.senderauth.batv.BatvReason;
import org.senderauth.batv.BatvResult;
import org.senderauth.ses.Ses;

/**
 * Strips signatures from recipients at our own domains, so mail to them reaches its mailbox. A domain is our own if it has
 * keys. Signatures that are expired, of an earlier key, of another product or forged are stripped as well: ordinary mail to
 * them is accepted, and a bounce of this host may have been queued for long. {@link SenderPolicy} decides on bounces from
 * outside, by the address as received. Thread-safe.
 *
 * <p>A stripped address proves nothing: neither that the signature is valid nor that the mailbox exists. A mail server must
 * look up the mailbox of the result before it accepts the mail, or it sends backscatter.
 */
@FunctionalInterface
public interface SignatureStripper {

    /** The stripper that recognizes no signatures. */
    SignatureStripper NONE = address -> new StrippedAddress.NotSigned();

    /**
     * Strips the signature from an address. This does not count as a use of the signature.
     *
     * @param address the address without angle brackets, or the text that a client sent instead
     * @return the address without its signature
     */
    StrippedAddress strip(String address);

    /**
     * Returns a stripper for the BATV tags of all formats that {@link BatvNormalizer} recognizes, including several in one
     * address.
     *
     * @param batv the signer; our domains are those with keys
     * @return a stripper for tags at domains with keys
     */
    static SignatureStripper of(Batv batv) {
        Objects.requireNonNull(batv, "batv");
        return address -> {
            BatvResult result = batv.verify(address);
            return switch (result.verdict()) {
                case UNSIGNED, MALFORMED -> new StrippedAddress.NotSigned();
                case UNAVAILABLE -> new StrippedAddress.Unavailable("keys unavailable");
                default ->
                    result.reason() == BatvReason.NO_KEYS
                            ? new StrippedAddress.NotSigned()
                            : new StrippedAddress.Original(
                                    BatvNormalizer.normalize(result.original().orElseThrow())
                                            .toString());
            };
        };
    }

    /**
     * Returns a stripper for SES signatures.
     *
     * @param ses the signer; our domains are those with keys
     * @return a stripper for signatures at domains with keys
     */
    static SignatureStripper of(Ses ses) {
        Objects.requireNonNull(ses, "ses");
        return address -> ses.strip(address)
                .<StrippedAddress>map(original -> new StrippedAddress.Original(original.toString()))
                .orElseGet(StrippedAddress.NotSigned::new);
    }

    /**
     * Returns a stripper that tries this one, then another for addresses that this one finds not signed.
     *
     * @param other the other stripper
     * @return the combined stripper
     */
    default SignatureStripper or(SignatureStripper other) {
        Objects.requireNonNull(other, "other");
        return address -> {
            StrippedAddress stripped = strip(address);
            return stripped instanceof StrippedAddress.NotSigned ? other.strip(address) : stripped;
        };
    }
}
