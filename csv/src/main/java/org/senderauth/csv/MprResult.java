package org.senderauth.csv;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SmtpReply;

/** The result of checking one mail policy. Immutable. */
public final class MprResult {

    /** The method's name in {@code Authentication-Results}: a private one, since none is registered. */
    public static final String METHOD = "x-mpr";

    private final MprOutcome detail;
    private final List<DnsLookup> lookups;

    MprResult(MprOutcome detail, List<DnsLookup> lookups) {
        this.lookups = List.copyOf(lookups);
        this.detail = detail;
    }

    /** {@return the details of the verdict} */
    public MprOutcome detail() {
        return detail;
    }

    /** {@return the DNS queries, in order} */
    public List<DnsLookup> lookups() {
        return lookups;
    }

    /**
     * Returns the reason for the reader.
     *
     * @return one line of printable ASCII
     */
    public String reason() {
        return detail.reason();
    }

    /** {@return the verdict} */
    public MprVerdict verdict() {
        return detail.verdict();
    }

    /** {@return whether the domain's policy shows that the message is not from it: the only verdict that may ever reject} */
    public boolean isFailure() {
        return verdict() == MprVerdict.FAIL;
    }

    /** {@return whether a later check may have another verdict} */
    public boolean isTemporary() {
        return verdict() == MprVerdict.TEMPERROR;
    }

    /**
     * Returns the reply of a server that rejects the message.
     *
     * @return the draft's reply for a failure, else empty
     */
    public Optional<SmtpReply> smtpReply() {
        return isFailure() ? Optional.of(SmtpReply.of(550, "5.7.1", reason())) : Optional.empty();
    }

    /** {@return the result for an {@code Authentication-Results} field, such as {@code x-mpr=pass reason="..."}} */
    public AuthResult authResult() {
        return AuthResult.builder(METHOD, verdict().text()).reason(reason()).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MprResult that && detail.equals(that.detail) && lookups.equals(that.lookups);
    }

    @Override
    public int hashCode() {
        return Objects.hash(detail, lookups);
    }

    @Override
    public String toString() {
        return "MprResult[detail=" + detail + ", lookups=" + lookups + "]";
    }
}
