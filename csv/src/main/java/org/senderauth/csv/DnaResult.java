package org.senderauth.csv;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;

/** The combined reports of the trusted services on a name. Immutable. */
public final class DnaResult {

    /** No service was asked. */
    public static final DnaResult NOT_ASKED = new DnaResult(List.of(), List.of());

    private final List<Opinion> opinions;
    private final List<DnsLookup> lookups;

    DnaResult(List<Opinion> opinions, List<DnsLookup> lookups) {
        this.opinions = List.copyOf(opinions);
        this.lookups = List.copyOf(lookups);
    }

    /** {@return the services' opinions; empty if none has one} */
    public List<Opinion> opinions() {
        return opinions;
    }

    /** {@return the questions to the DNS, in order} */
    public List<DnsLookup> lookups() {
        return lookups;
    }

    /**
     * The report of one service.
     *
     * @param service the service
     * @param report its report
     */
    public record Opinion(DnaService service, DnaReport report) {

        private int value() {
            return service.weight() * report.rating().value();
        }
    }

    /**
     * The mean of the ratings, each with its service's weight, as the nearest rating; halves go towards {@link
     * DnaRating#C}. A service that says C says nothing, and does not water down the others.
     *
     * @return the rating; {@link DnaRating#C} if nothing is known
     */
    public DnaRating rating() {
        long weights = 0;
        long sum = 0;
        for (Opinion opinion : opinions) {
            if (opinion.report().rating() != DnaRating.C) {
                weights += opinion.service().weight();
                sum += opinion.value();
            }
        }
        return weights == 0 ? DnaRating.C : DnaRating.nearest((double) sum / weights);
    }

    /**
     * Tests whether a lookup failed, so a later check may have another result. It counts as "no report".
     *
     * @return true if a lookup failed
     */
    public boolean isIncomplete() {
        return lookups.stream().anyMatch(lookup -> lookup.answer() instanceof DnsAnswer.Unavailable);
    }

    /**
     * Why, for a person.
     *
     * @return one line of printable ASCII
     */
    public String reason() {
        if (opinions.isEmpty()) {
            return isIncomplete() ? "no service could be asked" : "no trusted service has a report";
        }
        return opinions.stream()
                .map(opinion -> DomainNames.text(opinion.service().name()) + " says "
                        + opinion.report().rating().text())
                .collect(Collectors.joining(", "));
    }

    /**
     * Returns the reply of a server that rejects the client for its rating.
     *
     * @return the reply, which names the service that speaks most against the client; nothing if the rating is not
     *     negative
     */
    public Optional<SmtpReply> smtpReply() {
        if (!rating().isNegative()) {
            return Optional.empty();
        }
        return opinions.stream()
                .min(Comparator.comparingInt(Opinion::value))
                .map(opinion -> SmtpReply.of(
                        550,
                        "5.7.1",
                        "Access Denied based on "
                                + DomainNames.text(opinion.service().name()) + " report."));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DnaResult that && opinions.equals(that.opinions) && lookups.equals(that.lookups);
    }

    @Override
    public int hashCode() {
        return Objects.hash(opinions, lookups);
    }

    @Override
    public String toString() {
        return "DnaResult[opinions=" + opinions + ", lookups=" + lookups + "]";
    }
}
