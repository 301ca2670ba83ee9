package org.senderauth.callout.state;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of the content of a callout state, for its administrator. Immutable.
 *
 * @param kind the kind of the entry: {@code sender}, {@code recipient}, {@code base} or {@code pattern} (several
 *     addresses), {@code domain}, {@code host}, {@code client}, {@code global}
 * @param name the address, the domain, the mail server or the client's network
 * @param state its state: a reason, {@code catch-all}, {@code open} for a circuit breaker, a number
 * @param until the time until which it is valid; empty if it has no end
 * @param detail more, such as the reply of a mail server; may be empty
 */
public record StateEntry(String kind, String name, String state, Optional<Instant> until, String detail) {}
