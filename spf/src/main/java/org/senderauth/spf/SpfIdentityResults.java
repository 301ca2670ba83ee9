package org.senderauth.spf;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The results for both identities of a transaction (RFC 7208 sections 2.3 and 2.4). Immutable. */
public final class SpfIdentityResults {

    private final SpfResult helo;
    private final @Nullable SpfResult mailFrom;

    SpfIdentityResults(SpfResult helo, @Nullable SpfResult mailFrom) {
        this.helo = helo;
        this.mailFrom = mailFrom;
    }

    /** {@return the result for the HELO name, which is checked first} */
    public SpfResult helo() {
        return helo;
    }

    /** {@return the result for the sender; empty if it was not checked because the HELO name fails} */
    public Optional<SpfResult> mailFrom() {
        return Optional.ofNullable(mailFrom);
    }

    /** {@return the result that decides on the message: that of the HELO name if it fails, else that of the sender} */
    public SpfResult decisive() {
        return mailFrom == null || helo.verdict() == SpfVerdict.FAIL ? helo : mailFrom;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SpfIdentityResults that
                && helo.equals(that.helo)
                && Objects.equals(mailFrom, that.mailFrom);
    }

    @Override
    public int hashCode() {
        return Objects.hash(helo, mailFrom);
    }

    @Override
    public String toString() {
        return "SpfIdentityResults[helo=" + helo + ", mailFrom=" + mailFrom + "]";
    }
}
