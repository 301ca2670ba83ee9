package org.senderauth.callout.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.core.Ascii;

/**
 * One line of the content of a callout state, for its administrator. Immutable.
 *
 * @param kind the kind of the entry: {@code sender}, {@code recipient}, {@code base} or {@code pattern} (several
 *     addresses), {@code address} (one of these, whose name is unknown), {@code domain}, {@code host}, {@code client}, {@code global}
 * @param name the address, the domain, the mail server or the client's network
 * @param state its state: a reason, {@code catch-all}, {@code open} for a circuit breaker, a number
 * @param until the time until which it is valid; empty if it has no end
 * @param detail more, such as the reply of a mail server; may be empty
 */
public record StateEntry(String kind, String name, String state, Optional<Instant> until, String detail) {

    /** The two circuit breakers of a registrable domain, as the list describes them: mail that passes SPF, other mail. */
    public static final List<String> DOMAIN_BREAKERS = List.of("mail that passes SPF", "mail that does not pass SPF");

    /**
     * The line of an address. Its kind follows from its key, see {@link AddressCacheKeys}.
     *
     * @param key its key; one without a colon is a name of an address that is unknown
     * @param known what is known
     * @param now the time
     * @return the line; empty if nothing is known any more
     */
    public static Optional<StateEntry> ofAddress(String key, AddressEntry known, Instant now) {
        boolean fresh = known.isFresh(now);
        if (!fresh && !known.isServable(now)) {
            return Optional.empty();
        }
        return Optional.of(new StateEntry(
                kind(key),
                name(key),
                Ascii.text(known.reason()) + (fresh ? "" : " (stale)"),
                Optional.of(fresh ? known.freshUntil() : known.staleUntil()),
                reply(known)));
    }

    private static String kind(String key) {
        return switch (key.indexOf(':')) {
            case -1 -> "address";
            case 1 -> key.startsWith("r") ? "recipient" : "sender";
            default -> key.startsWith("b", 1) ? "base" : "pattern";
        };
    }

    /** {@return a key without the mark of its kind} */
    private static String name(String key) {
        return key.substring(key.indexOf(':') + 1);
    }

    /**
     * The same line by another clock.
     *
     * @param offset by how much that clock is ahead
     * @return the line
     */
    public StateEntry shifted(Duration offset) {
        return new StateEntry(kind, name, state, until.map(time -> time.plus(offset)), detail);
    }

    private static String reply(AddressEntry known) {
        return known.reply() == null ? "" : known.reply().toString();
    }

    /**
     * The lines of a domain.
     *
     * @param key its key
     * @param known what is known
     * @param now the time
     * @return the lines of what is known still
     */
    public static List<StateEntry> ofDomain(String key, DomainEntry known, Instant now) {
        List<StateEntry> entries = new ArrayList<>(2);
        DomainEntry current = known.at(now);
        AddressEntry standing = current.standing();
        if (standing != null) {
            entries.add(new StateEntry(
                    "domain",
                    name(key),
                    Ascii.text(standing.reason()),
                    Optional.of(standing.freshUntil()),
                    reply(standing)));
        }
        if (current.catchAll() != TriState.UNKNOWN) {
            String state = current.catchAll() == TriState.YES ? "catch-all" : "no catch-all";
            entries.add(new StateEntry("domain", name(key), state, Optional.of(current.catchAllUntil()), ""));
        }
        return entries;
    }

    /**
     * The lines of what a mail server requires.
     *
     * @param name its address
     * @param known what is known
     * @param now the time
     * @return the lines of what is known still
     */
    public static List<StateEntry> ofHost(String name, HostEntry known, Instant now) {
        List<StateEntry> entries = new ArrayList<>(2);
        if (now.isBefore(known.needsTlsUntil())) {
            entries.add(new StateEntry("host", name, "requires STARTTLS", Optional.of(known.needsTlsUntil()), ""));
        }
        if (now.isBefore(known.refusesNullUntil())) {
            entries.add(
                    new StateEntry("host", name, "rejects the null sender", Optional.of(known.refusesNullUntil()), ""));
        }
        return entries;
    }

    /**
     * The line of a mail server that is not connected to because of a failure.
     *
     * @param name its address
     * @param known what is known
     * @param now the time
     * @return the line; empty if it may be connected to
     */
    public static Optional<StateEntry> ofBackoff(String name, HostEntry known, Instant now) {
        return known.trouble() == null || !known.isBlocked(now)
                ? Optional.empty()
                : Optional.of(new StateEntry(
                        "host",
                        name,
                        "backoff",
                        Optional.of(known.blockedUntil()),
                        Ascii.text(known.trouble()) + ", repeated " + known.repeats() + " times"));
    }

    /**
     * The line of an open circuit breaker.
     *
     * @param kind {@code domain} or {@code host}
     * @param key the key of its rate limit
     * @param what the mail that it is for
     * @param until when it is judged again
     * @return the line
     */
    public static StateEntry ofBreaker(String kind, String key, String what, Instant until) {
        return new StateEntry(kind, name(key), "open", Optional.of(until), "nearly all answers were negative: " + what);
    }

    /**
     * The line of a rate limit.
     *
     * @param kind {@code global}, {@code domain} or {@code host}
     * @param key its key
     * @param used how much of its burst is used
     * @param full when it is full again
     * @param rate the rate
     * @return the line; empty if the limit is not in use
     */
    public static Optional<StateEntry> ofLimit(
            String kind, String key, long used, Instant full, CalloutLimits.Rate rate) {
        return used <= 0
                ? Optional.empty()
                : Optional.of(new StateEntry(
                        kind,
                        name(key),
                        used + " of " + rate.burst(),
                        Optional.of(full),
                        "one more every " + rate.interval().toMillis() + " ms"));
    }

    /**
     * The line of a client with undeliverable senders.
     *
     * @param key its key
     * @param senders their number
     * @param max the number with which it causes no more probes
     * @param until until when they count
     * @return the line
     */
    public static StateEntry ofClient(String key, int senders, int max, Optional<Instant> until) {
        return new StateEntry("client", key, senders + " of " + max, until, senders >= max ? "causes no probes" : "");
    }
}
