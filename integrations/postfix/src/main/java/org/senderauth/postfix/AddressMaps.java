package org.senderauth.postfix;

import java.util.Objects;
import java.util.function.Function;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvNormalizer;
import org.senderauth.batv.BatvResult;
import org.senderauth.batv.SigningResult;
import org.senderauth.batv.TaggedAddress;
import org.senderauth.core.EnvelopePath;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.StrippedAddress;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesSigningResult;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsForwarding;
import org.senderauth.srs.SrsResult;
import org.senderauth.srs.SrsVerdict;

/**
 * Maps for a {@link SocketmapProtocol}. Canonical maps are looked up again with their own result, so each is
 * idempotent: an address that is signed has no value in a map that signs, and one that is not signed has none in a map
 * that strips signatures. The null sender, an address without domain and an invalid address have no value in any map.
 * Thread-safe.
 */
public final class AddressMaps {

    private AddressMaps() {}

    /**
     * Returns a map that signs senders with BATV.
     *
     * @param batv the signer
     * @return a map from a sender to its tagged form, for senders of domains with keys
     */
    public static Function<String, MapReply> sign(Batv batv) {
        Objects.requireNonNull(batv, "batv");
        return key -> EnvelopePath.parse(key)
                .address()
                .map(batv::trySign)
                .map(AddressMaps::reply)
                .orElse(MapReply.NOT_FOUND);
    }

    private static MapReply reply(SigningResult signed) {
        return switch (signed.outcome()) {
            case SIGNED -> new MapReply.Found(signed.address().toString());
            case KEYS_UNAVAILABLE -> new MapReply.Temp("keys unavailable");
            default -> MapReply.NOT_FOUND;
        };
    }

    /**
     * Returns a map that strips BATV tags of any format and any key at domains with keys, as {@link SignatureStripper}
     * does. A value here proves neither a valid tag nor a mailbox: verify the recipient as well, or mail to forged tags of
     * unknown users is accepted.
     *
     * @param batv the signer with the keys
     * @return a map from a tagged address to the original one
     */
    public static Function<String, MapReply> strip(Batv batv) {
        Objects.requireNonNull(batv, "batv");
        return originals(SignatureStripper.of(batv));
    }

    /**
     * Returns a map that takes a BATV tag of any {@linkplain org.senderauth.batv.TagFormat format} and any owner off, at
     * all domains and without keys, for software that compares addresses: greylists, spam filters, mailing lists. The
     * tag is not verified: never use this map to accept a recipient.
     *
     * @return a map from a tagged address to the original one; an address without a tag has no value
     */
    public static Function<String, MapReply> normalize() {
        return key -> EnvelopePath.parse(key)
                .address()
                .filter(address -> TaggedAddress.parse(address).isPresent())
                .map(address -> found(BatvNormalizer.normalize(address).toString()))
                .orElse(MapReply.NOT_FOUND);
    }

    /**
     * Returns a map that verifies BATV tags, for mail servers with socketmaps but without policy delegation.
     *
     * @param batv the verifier
     * @return a map from an address with a valid tag to the original one; a forged, expired or missing tag has no value
     */
    public static Function<String, MapReply> verify(Batv batv) {
        Objects.requireNonNull(batv, "batv");
        return key -> {
            BatvResult result = batv.verify(key);
            return switch (result.verdict()) {
                case VALID -> found(result.original().orElseThrow().toString());
                case UNAVAILABLE -> new MapReply.Temp("keys unavailable");
                default -> MapReply.NOT_FOUND;
            };
        };
    }

    /**
     * Returns a map that signs senders with SES.
     *
     * @param ses the signer
     * @return a map from a sender to its signed form, for senders of domains with keys
     */
    public static Function<String, MapReply> sesSign(Ses ses) {
        Objects.requireNonNull(ses, "ses");
        return key -> EnvelopePath.parse(key)
                .address()
                .map(ses::trySign)
                .map(AddressMaps::reply)
                .orElse(MapReply.NOT_FOUND);
    }

    private static MapReply reply(SesSigningResult signing) {
        return switch (signing.outcome()) {
            case SIGNED -> found(signing.address().toString());
            case UNAVAILABLE -> new MapReply.Temp("signing temporarily unavailable");
            default -> MapReply.NOT_FOUND;
        };
    }

    /**
     * Returns a map that strips SES signatures of any key at domains with keys, as {@link SignatureStripper} does; see
     * {@link #strip} for what else is required.
     *
     * @param ses the signer with the keys
     * @return a map from a signed address to the original one
     */
    public static Function<String, MapReply> sesStrip(Ses ses) {
        Objects.requireNonNull(ses, "ses");
        return originals(SignatureStripper.of(ses));
    }

    private static Function<String, MapReply> originals(SignatureStripper stripper) {
        return key -> {
            StrippedAddress stripped = stripper.strip(key);
            if (stripped instanceof StrippedAddress.Original original) {
                return found(original.address());
            }
            return stripped instanceof StrippedAddress.Unavailable later
                    ? new MapReply.Temp(later.reason())
                    : MapReply.NOT_FOUND;
        };
    }

    /**
     * Returns a map that rewrites senders with SRS, with the replies of the socketmap {@code forward} of PostSRSd 2. The null sender,
     * senders of local domains and our SRS addresses have no value.
     *
     * @param srs the forwarder
     * @return a map from a sender to its rewritten form
     */
    public static Function<String, MapReply> srsForward(Srs srs) {
        Objects.requireNonNull(srs, "srs");
        return key -> EnvelopePath.parse(key)
                .address()
                .map(srs::forward)
                .map(AddressMaps::reply)
                .orElse(new MapReply.NotFound("No domain."));
    }

    private static MapReply reply(SrsForwarding forwarding) {
        return switch (forwarding.outcome()) {
            case REWRITTEN, ALIAS -> found(forwarding.address().toString());
            case STORE_UNAVAILABLE -> new MapReply.Temp(forwarding.outcome().text());
            default -> new MapReply.NotFound(forwarding.outcome().text());
        };
    }

    /**
     * Returns a map that reverses SRS addresses, with the replies of the socketmap {@code reverse} of PostSRSd 2. An invalid
     * address has no value, so the mail server rejects it as an unknown user. Neither has a foreign one, to which PostSRSd
     * may reply {@code PERM}, an error that keeps the mail in the queue.
     *
     * @param srs the forwarder
     * @return a map from our SRS address to the original sender
     */
    public static Function<String, MapReply> srsReverse(Srs srs) {
        Objects.requireNonNull(srs, "srs");
        return key -> {
            SrsResult result = srs.reverse(key);
            if (result.verdict() == SrsVerdict.UNAVAILABLE) {
                return new MapReply.Temp(result.reason().text());
            }
            return result.original()
                    .map(original -> found(original.toString()))
                    .orElseGet(() -> new MapReply.NotFound(result.reason().text()));
        };
    }

    private static MapReply found(String value) {
        return new MapReply.Found(value);
    }
}
