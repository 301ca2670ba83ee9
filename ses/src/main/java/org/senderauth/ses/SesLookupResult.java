package org.senderauth.ses;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** The result of one public validation lookup. Immutable. */
public final class SesLookupResult {

    private final Verdict verdict;
    private final Optional<Name> queried;
    private final String reason;

    SesLookupResult(Verdict verdict, Optional<Name> queried, String reason) {
        this.verdict = verdict;
        this.queried = queried;
        this.reason = reason;
    }

    /** {@return the verdict} */
    public Verdict verdict() {
        return verdict;
    }

    /** {@return the name whose A record was queried; empty if the domain offers no lookup} */
    public Optional<Name> queried() {
        return queried;
    }

    /** {@return one line for a log} */
    public String reason() {
        return reason;
    }

    /** A verdict of the domain about its sender. */
    public enum Verdict {
        /** The domain confirms the address. */
        PASS,
        /** The domain does not confirm the address. */
        FAIL,
        /** The address is not signed, or the domain offers no lookup in its SPF record. */
        NONE,
        /** The DNS is unavailable; try again later. */
        TEMPERROR
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SesLookupResult that
                && verdict.equals(that.verdict)
                && queried.equals(that.queried)
                && reason.equals(that.reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(verdict, queried, reason);
    }

    @Override
    public String toString() {
        return "SesLookupResult[verdict=" + verdict + ", queried=" + queried + ", reason=" + reason + "]";
    }
}
