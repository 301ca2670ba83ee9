package org.senderauth.callout.state;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of what a state of callouts contains, for its administrator. Immutable.
 *
 * @param kind what it is about: {@code sender}, {@code recipient}, {@code base} or {@code pattern} (several addresses),
 *     {@code domain}, {@code host}, {@code client}, {@code global}
 * @param name the address, the domain, the mail server or the client's network
 * @param state what is known or done: a reason, {@code catch-all}, {@code open} for a circuit breaker, a number
 * @param until until when that is so; empty if it has no end
 * @param detail more, such as the reply of a mail server; may be empty
 */
public record StateEntry(String kind, String name, String state, Optional<Instant> until, String detail) {}
