package org.senderauth.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SafeText;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsaRecord.Authorization;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The result of one CSA check: outcome, reason and lookups. Immutable. */
public final class CsaResult {

    /** The method's name in {@code Authentication-Results}: a private one, since none is registered. */
    public static final String METHOD = "x-csa";

    private final CsvQuery query;
    private final @Nullable Name domain;
    private final CsaOutcomeDetail detail;
    private final List<DnsLookup> lookups;

    CsaResult(CsvQuery query, @Nullable Name domain, CsaOutcomeDetail detail, List<DnsLookup> lookups) {
        this.lookups = List.copyOf(lookups);
        this.query = query;
        this.domain = domain;
        this.detail = detail;
    }

    /** {@return the query} */
    public CsvQuery query() {
        return query;
    }

    /** {@return the name that was checked, in lower case and A-labels; empty if there was none} */
    public Optional<Name> domain() {
        return Optional.ofNullable(domain);
    }

    /** {@return the details of the verdict} */
    public CsaOutcomeDetail detail() {
        return detail;
    }

    /** {@return the DNS queries, in order} */
    public List<DnsLookup> lookups() {
        return lookups;
    }

    /** {@return the verdict} */
    public CsaVerdict verdict() {
        return detail.verdict();
    }

    /**
     * Returns the reason for the reader.
     *
     * @return one line of printable ASCII
     */
    public String reason() {
        return detail.reason();
    }

    /**
     * Returns the seconds for which the result of this query may be cached: the minimum TTL of the answers
     * (draft-ietf-marid-csv-csa-02 section 3; rerun on every HELO).
     *
     * @return the time; 0 without an answer of the DNS
     */
    public long ttl() {
        return lookups.stream().mapToLong(DnsLookup::ttl).min().orElse(0);
    }

    /**
     * Returns what the owner of the name should fix: reserved weight bits, and targets that are CNAMEs (RFC 2782 forbids
     * them).
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
                notes.add("target " + name + " is a CNAME");
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
     * Returns the reply of a server that rejects the client for this outcome.
     *
     * @return the reply for the FAIL outcomes, else empty
     */
    public Optional<SmtpReply> smtpReply() {
        if (!verdict().isFailure()) {
            return Optional.empty();
        }
        // draft-ietf-marid-csv-csa-02 section 4 requires 550 with a text; csa-01 had this one for weight 1.
        String summary = verdict() == CsaVerdict.FAIL_NOT_AUTHORIZED
                ? "Domain not authorized"
                : "Client not authorized for its HELO name";
        return Optional.of(SmtpReply.of(550, "5.7.1", summary + ": " + reason()));
    }

    /**
     * Returns this result for an {@code Authentication-Results} field, such as {@code x-csa=fail reason="..."
     * smtp.helo=mail.example.org}, in the terms of RFC 8601: {@code none} where nothing is published or there is no name,
     * {@code neutral} where the name is authorized without proof.
     *
     * @return the result
     */
    public AuthResult authResult() {
        AuthResult.Builder builder = AuthResult.builder(METHOD, word(verdict())).reason(reason());
        String helo = query.helo();
        if (helo != null && !helo.isEmpty()) {
            boolean isAddress = helo.startsWith("[") || IpAddresses.parse(helo).isPresent();
            builder.property(
                    "smtp.helo", domain != null && !isAddress ? DomainNames.text(domain) : SafeText.ascii(helo));
        }
        return builder.build();
    }

    private static String word(CsaVerdict outcome) {
        return switch (outcome) {
            case PASS -> "pass";
            case FAIL_NOT_AUTHORIZED, FAIL_MISMATCH, FAIL_NO_ADDRESS, FAIL_EXPLICIT -> "fail";
            case AUTHORIZED_UNAUTHENTICATED -> "neutral";
            case TEMPERROR_SRV, TEMPERROR_ADDR -> "temperror";
            case UNKNOWN, NOT_APPLICABLE -> "none";
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CsaResult that
                && query.equals(that.query)
                && Objects.equals(domain, that.domain)
                && detail.equals(that.detail)
                && lookups.equals(that.lookups);
    }

    @Override
    public int hashCode() {
        return Objects.hash(query, domain, detail, lookups);
    }

    @Override
    public String toString() {
        return "CsaResult[query=" + query + ", domain=" + domain + ", detail=" + detail + ", lookups=" + lookups + "]";
    }
}
