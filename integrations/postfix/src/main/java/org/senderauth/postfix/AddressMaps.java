package org.senderauth.postfix;

import java.util.function.Function;
import org.senderauth.batv.Batv;
import org.senderauth.batv.SignedSender;
import org.senderauth.core.MailAddress;
import org.senderauth.policy.Unsigned;
import org.senderauth.policy.Unsigner;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesSigning;

/**
 * Maps for a {@link SocketmapProtocol}. Canonical maps are looked up again with their own result, so each is
 * idempotent: an address that is signed has no value in a map that signs, and one that is not signed has none in a map
 * that takes signatures away. The null sender, an address without domain and what is no address have no value anywhere.
 * Thread-safe.
 */
public final class AddressMaps {

    private AddressMaps() {}

    /**
     * Tags senders with BATV.
     *
     * @param batv the signer
     * @return a map from a sender to its tagged form, for senders of domains with keys
     */
    public static Function<String, MapReply> sign(Batv batv) {
        return key -> MailAddress.split(key)
                .map(batv::signing)
                .map(AddressMaps::reply)
                .orElse(MapReply.NOT_FOUND);
    }

    private static MapReply reply(SignedSender signed) {
        return switch (signed.outcome()) {
            case SIGNED -> new MapReply.Found(signed.address().toString());
            case KEYS_UNAVAILABLE -> new MapReply.TryLater("the keys cannot be had now");
            default -> MapReply.NOT_FOUND;
        };
    }

    /**
     * Takes BATV tags away that are ours, expired ones too, as {@link Unsigner} does.
     *
     * @param batv the verifier
     * @return a map from a tagged address to the original one; a forged tag has no value
     */
    public static Function<String, MapReply> unsign(Batv batv) {
        return originals(Unsigner.of(batv));
    }

    /**
     * Signs senders with SES.
     *
     * @param ses the signer
     * @return a map from a sender to its signed form, for senders of domains with keys
     */
    public static Function<String, MapReply> sesSign(Ses ses) {
        return key ->
                MailAddress.split(key).map(ses::attempt).map(AddressMaps::reply).orElse(MapReply.NOT_FOUND);
    }

    private static MapReply reply(SesSigning signing) {
        return switch (signing.outcome()) {
            case SIGNED -> found(signing.address().toString());
            case TRY_LATER -> new MapReply.TryLater("the signature cannot be made now");
            default -> MapReply.NOT_FOUND;
        };
    }

    /**
     * Takes SES signatures away that are ours, expired ones too, as {@link Unsigner} does.
     *
     * @param ses the verifier
     * @return a map from a signed address to the original one; a forged signature has no value
     */
    public static Function<String, MapReply> sesUnsign(Ses ses) {
        return originals(Unsigner.of(ses));
    }

    private static Function<String, MapReply> originals(Unsigner unsigner) {
        return key -> {
            Unsigned unsigned = unsigner.unsign(key);
            if (unsigned instanceof Unsigned.Original original) {
                return found(original.address());
            }
            return unsigned instanceof Unsigned.TryLater later
                    ? new MapReply.TryLater(later.reason())
                    : MapReply.NOT_FOUND;
        };
    }

    private static MapReply found(String value) {
        return new MapReply.Found(value);
    }
}
