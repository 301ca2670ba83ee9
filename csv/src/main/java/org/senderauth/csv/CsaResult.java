package org.senderauth.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsaRecord.Authorization;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * The result of one CSA check: what was found, why, and what was looked up. Immutable.
 *
 * @param query what was asked
 * @param domain the name that was checked, in lower case and A-labels; null if there was none
 * @param finding what was found
 * @param lookups the questions to the DNS, in order
 */
public record CsaResult(CsvQuery query, @Nullable Name domain, CsaFinding finding, List<DnsLookup> lookups) {

    /** The method's name in {@code Authentication-Results}: a private one, since none is registered. */
    public static final String METHOD = "x-csa";

    /**
     * Makes a result; the list is copied.
     *
     * @param query what was asked
     * @param domain the name that was checked; null if there was none
     * @param finding what was found
     * @param lookups the questions to the DNS, in order
     */
    public CsaResult {
        lookups = List.copyOf(lookups);
    }

    /**
     * The outcome.
     *
     * @return the finding's outcome
     */
    public CsaOutcome outcome() {
        return finding.outcome();
    }

    /**
     * Why, for a person.
     *
     * @return one line of printable ASCII
     */
    public String reason() {
        return finding.reason();
    }

    /**
     * Seconds for which the same query has the same result: the least TTL of the answers
     * (draft-ietf-marid-csv-csa-02 section 3; rerun on every HELO).
     *
     * @return the time; 0 if the DNS was not asked or gave no answer
     */
    public long ttl() {
        return lookups.stream().mapToLong(DnsLookup::ttl).min().orElse(0);
    }

    /**
     * What the name's owner should mend, seen on the way: reserved weight bits, and targets that are aliases
     * (RFC 2782 forbids them).
     *
     * @return one line of printable ASCII for each, in the order of the lookups
     */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (DnsLookup lookup : lookups) {
            if (!(lookup.answer() instanceof DnsAnswer.Records answer)) {
                continue;
            }
            String name = DomainNames.text(lookup.name());
            if (lookup.type() != Type.SRV && !answer.aliases().isEmpty()) {
                notes.add("target " + name + " is an alias");
            }
            for (CsaRecord record : CsaRecord.in(answer)) {
                if (record.isUnderstood() && record.authorization() == Authorization.RESERVED) {
                    notes.add("weight " + record.weight() + " at " + name + " sets a reserved bit");
                }
            }
        }
        return List.copyOf(notes);
    }

    /**
     * What a server may answer to the client, if it refuses it for this outcome.
     *
     * @return a reply for the FAIL outcomes, nothing for the others
     */
    public Optional<SmtpReply> reply() {
        if (!outcome().isFailure()) {
            return Optional.empty();
        }
        // draft-ietf-marid-csv-csa-02 section 4 wants 550 with a text; csa-01 had this one for weight 1.
        String summary = outcome() == CsaOutcome.FAIL_NOT_AUTHORIZED
                ? "Domain not authorized"
                : "Client not authorized for its HELO name";
        return Optional.of(SmtpReply.of(550, "5.7.1", summary + ": " + reason()));
    }

    /**
     * This result as one {@code resinfo} of an {@code Authentication-Results} header (RFC 8601 section 2.2), such as
     * {@code x-csa=fail reason="..." smtp.helo=mail.example.org}. It has the standard's words: {@code none} where
     * nothing is known or nothing can be asked, {@code neutral} where the name is authorized without a proof.
     *
     * @return one line of printable ASCII, without the separating semicolon
     */
    public String authenticationResults() {
        return AuthenticationResults.resinfo(this);
    }
}
