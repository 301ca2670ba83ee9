package org.senderauth.csv;

import java.util.Optional;
import org.senderauth.core.SmtpReply;

/**
 * What CSV says of a client: may it use its HELO name, and who vouches for that name. Immutable.
 *
 * @param csa whether the client may use the name
 * @param dna what the trusted services say of the name; {@link DnaResult#NOT_ASKED} unless {@code csa} passed
 * @param rejects whether the verifier was told to refuse clients with this result; false by default
 */
public record CsvResult(CsaResult csa, DnaResult dna, boolean rejects) {

    /**
     * What CSA says.
     *
     * @return the outcome
     */
    public CsaOutcome outcome() {
        return csa.outcome();
    }

    /**
     * Why, for a person.
     *
     * @return one line of printable ASCII
     */
    public String reason() {
        return dna.opinions().isEmpty() ? csa.reason() : csa.reason() + "; " + dna.reason();
    }

    /**
     * What a server may answer to the client, if it refuses it. Whether it should is {@link #rejects}.
     *
     * @return a reply if CSA failed or the services' rating is negative, nothing otherwise
     */
    public Optional<SmtpReply> reply() {
        return csa.reply().or(dna::reply);
    }

    /**
     * The fragment for {@code Authentication-Results}.
     *
     * @return {@link CsaResult#authenticationResults()}
     */
    public String authenticationResults() {
        return csa.authenticationResults();
    }
}
