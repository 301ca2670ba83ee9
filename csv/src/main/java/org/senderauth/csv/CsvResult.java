package org.senderauth.csv;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SmtpReply;

/** The result of a CSV check. Immutable. */
public final class CsvResult {

    private final CsaResult csa;
    private final DnaResult dna;
    private final boolean rejects;

    CsvResult(CsaResult csa, DnaResult dna, boolean rejects) {
        this.csa = csa;
        this.dna = dna;
        this.rejects = rejects;
    }

    /** {@return the result of CSA: whether the client is authorized to use the HELO name} */
    public CsaResult csa() {
        return csa;
    }

    /**
     * {@return the reports of the trusted services on the name; {@link DnaResult#NOT_ASKED} unless {@code csa}
     * passed}
     */
    public DnaResult dna() {
        return dna;
    }

    /** {@return whether the settings of the verifier reject clients with this result; false by default} */
    public boolean rejects() {
        return rejects;
    }

    /** {@return the verdict of CSA} */
    public CsaVerdict verdict() {
        return csa.verdict();
    }

    /**
     * Returns the reason for the reader.
     *
     * @return one line of printable ASCII
     */
    public String reason() {
        return dna.opinions().isEmpty() ? csa.reason() : csa.reason() + "; " + dna.reason();
    }

    /**
     * Returns the reply of a server that rejects the client; {@link #rejects} is true if it should.
     *
     * @return the reply if CSA failed or the rating of the services is negative, else empty
     */
    public Optional<SmtpReply> smtpReply() {
        return csa.smtpReply().or(dna::smtpReply);
    }

    /** {@return the result of CSA for an {@code Authentication-Results} field} */
    public AuthResult authResult() {
        return csa.authResult();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CsvResult that
                && csa.equals(that.csa)
                && dna.equals(that.dna)
                && rejects == that.rejects;
    }

    @Override
    public int hashCode() {
        return Objects.hash(csa, dna, rejects);
    }

    @Override
    public String toString() {
        return "CsvResult[csa=" + csa + ", dna=" + dna + ", rejects=" + rejects + "]";
    }
}
