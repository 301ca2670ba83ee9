package org.senderauth.spf.flatten;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record whose includes and hosts are replaced by their networks, in as many chained records as its length requires.
 * Immutable.
 */
public final class FlattenedRecords implements FlattenOutcome {

    private final String domain;
    private final String source;
    private final Map<String, String> records;
    private final List<String> kept;
    private final int lookups;
    private final int compared;

    FlattenedRecords(
            String domain, String source, Map<String, String> records, List<String> kept, int lookups, int compared) {
        this.records = Collections.unmodifiableMap(new LinkedHashMap<>(records));
        this.kept = List.copyOf(kept);
        this.domain = domain;
        this.source = source;
        this.lookups = lookups;
        this.compared = compared;
    }

    /** {@return the domain} */
    public String domain() {
        return domain;
    }

    /** {@return the record that was flattened} */
    public String source() {
        return source;
    }

    /** {@return the new records by name, the domain's own first} */
    public Map<String, String> records() {
        return records;
    }

    /** {@return the terms that were kept, since they depend on the sender or the client, or on request} */
    public List<String> kept() {
        return kept;
    }

    /** {@return the DNS lookups of the new record in the worst case (limit 10)} */
    public int lookups() {
        return lookups;
    }

    /** {@return the number of client addresses for which both records gave the same result} */
    public int compared() {
        return compared;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FlattenedRecords that
                && domain.equals(that.domain)
                && source.equals(that.source)
                && records.equals(that.records)
                && kept.equals(that.kept)
                && lookups == that.lookups
                && compared == that.compared;
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, source, records, kept, lookups, compared);
    }

    @Override
    public String toString() {
        return "FlattenedRecords[domain=" + domain + ", source=" + source + ", records=" + records + ", kept=" + kept
                + ", lookups=" + lookups + ", compared=" + compared + "]";
    }
}
