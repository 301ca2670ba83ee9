package org.senderauth.spf.zone;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.NetworkSet;

/**
 * The state of one served record. Immutable.
 *
 * @param domain the domain
 * @param source the record whose networks are served
 * @param networks the addresses that pass; null if they were never known
 * @param asOf the time at which they were read; null if they were never known
 * @param problem why the last attempt to read them failed, on one line; null if it did not
 */
public record ServedRecord(
        String domain,
        String source,
        @Nullable NetworkSet networks,
        @Nullable Instant asOf,
        @Nullable String problem) {

    /** {@return whether queries get answers, though perhaps old ones} */
    public boolean isAvailable() {
        return networks != null;
    }

    /** {@return why the last attempt failed; empty if it did not} */
    public Optional<String> failure() {
        return Optional.ofNullable(problem);
    }

    ServedRecord read(NetworkSet found, Instant now) {
        return new ServedRecord(domain, source, found, now, null);
    }

    ServedRecord failed(String reason) {
        return new ServedRecord(domain, source, networks, asOf, reason);
    }
}
