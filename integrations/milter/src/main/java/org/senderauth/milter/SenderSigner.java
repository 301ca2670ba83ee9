package org.senderauth.milter;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.senderauth.batv.Batv;
import org.senderauth.batv.SigningResult;
import org.senderauth.core.MailAddress;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesSigningResult;

/** Signs the envelope senders of outbound mail. Thread-safe. */
@FunctionalInterface
public interface SenderSigner {

    /** Signs nothing. */
    SenderSigner NONE = (sender, recipients) -> new Unchanged();

    /** The result of signing a sender. */
    sealed interface Result {}

    /**
     * It is signed.
     *
     * @param address the signed address
     */
    record Signed(String address) implements Result {}

    /** It cannot or must not be signed. */
    record Unchanged() implements Result {}

    /** It cannot be signed now. Better deferred than sent unsigned: its bounces would be rejected. */
    record Unavailable() implements Result {}

    /**
     * Signs a sender.
     *
     * @param sender the sender
     * @param recipients all recipients of the message
     * @return the result
     */
    Result sign(MailAddress sender, List<MailAddress> recipients);

    /**
     * This signer, but for messages with a recipient to whom mail goes unsigned: some mailing lists compare senders.
     *
     * @param unsigned whether mail for a recipient goes unsigned; thread-safe
     * @return the changed signer
     */
    default SenderSigner except(Predicate<MailAddress> unsigned) {
        return (sender, recipients) ->
                recipients.stream().anyMatch(unsigned) ? new Unchanged() : sign(sender, recipients);
    }

    /**
     * Signs with BATV.
     *
     * @param batv the signer; a recipient among its untagged destinations leaves the sender unchanged
     * @return the signer
     */
    static SenderSigner of(Batv batv) {
        Objects.requireNonNull(batv, "batv");
        return (sender, recipients) -> {
            SigningResult signed = batv.trySign(sender, recipients);
            return switch (signed.outcome()) {
                case SIGNED -> new Signed(signed.address().toString());
                case KEYS_UNAVAILABLE -> new Unavailable();
                default -> new Unchanged();
            };
        };
    }

    /**
     * Signs with SES.
     *
     * @param ses the signer
     * @return the signer
     */
    static SenderSigner of(Ses ses) {
        Objects.requireNonNull(ses, "ses");
        return (sender, recipients) -> {
            SesSigningResult signing = ses.trySign(sender);
            return switch (signing.outcome()) {
                case SIGNED -> new Signed(signing.address().toString());
                case UNAVAILABLE -> new Unavailable();
                default -> new Unchanged();
            };
        };
    }
}
