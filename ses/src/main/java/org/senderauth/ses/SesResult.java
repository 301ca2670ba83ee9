package org.senderauth.ses;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.AuthResult;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/**
 * The result of one verification. Immutable.
 *
 * <p>Only the owner of the domain should see more than whether the verdict is {@link SesVerdict#VALID}: for outsiders
 * every other verdict but {@link SesVerdict#UNAVAILABLE} is the same rejection.
 */
public final class SesResult {

    /** The method's name in {@code Authentication-Results}: a private one, since none is registered. */
    public static final String METHOD = "x-ses";

    private static final SmtpReply INVALID = SmtpReply.of(550, "5.7.1", "Bounce rejected: invalid SES signature");
    private static final SmtpReply UNAVAILABLE =
            SmtpReply.of(451, "4.3.0", "Bounce check temporarily unavailable, try again later");

    private final SesVerdict verdict;
    private final @Nullable SesSignature signature;
    private final long uses;
    private final String reason;

    SesResult(SesVerdict verdict, @Nullable SesSignature signature, long uses, String reason) {
        this.verdict = verdict;
        this.signature = signature;
        this.uses = uses;
        this.reason = reason;
    }

    static SesResult refused(SesVerdict verdict, String reason) {
        return new SesResult(verdict, null, 0, reason);
    }

    /** {@return the verdict} */
    public SesVerdict verdict() {
        return verdict;
    }

    /** {@return true for {@link SesVerdict#VALID}} */
    public boolean isValid() {
        return verdict == SesVerdict.VALID;
    }

    /** {@return one line of printable ASCII for a log, never for an outsider; empty if the verdict says it all} */
    public String reason() {
        return reason;
    }

    /** {@return the contents of the signature; empty unless it is authentic, that is, one of our keys made it} */
    public Optional<SesSignature> signature() {
        return Optional.ofNullable(signature);
    }

    /** {@return how often the signature was used for this purpose, this time included; 0 where nothing was counted} */
    public long uses() {
        return uses;
    }

    /** {@return the address without its signature; empty unless the signature is authentic} */
    public Optional<MailAddress> original() {
        return signature().map(SesSignature::address);
    }

    /**
     * Returns the reply to a bounce, the same for every reason.
     *
     * @return a permanent rejection of an invalid signature, a deferral where uses cannot be counted, empty for valid and
     *     unsigned addresses
     */
    public Optional<SmtpReply> smtpReply() {
        return switch (verdict) {
            case VALID, UNSIGNED -> Optional.empty();
            case UNAVAILABLE -> Optional.of(UNAVAILABLE);
            default -> Optional.of(INVALID);
        };
    }

    /** {@return the result for an {@code Authentication-Results} field, without the reason} */
    public AuthResult authResult() {
        String result = switch (verdict) {
            case VALID -> "pass";
            case UNSIGNED -> "none";
            case UNAVAILABLE -> "temperror";
            default -> "fail";
        };
        return AuthResult.builder(METHOD, result).build();
    }

    /** {@return the verdict, the uses and the reason} */
    @Override
    public String toString() {
        return "SesResult[" + verdict + ", uses=" + uses + ", reason=" + reason + ", signature=" + signature + "]";
    }
}
