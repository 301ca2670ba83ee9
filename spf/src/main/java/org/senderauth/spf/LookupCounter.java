package org.senderauth.spf;

/** Counts what one evaluation has used of the {@link SpfLimits} of its check. Used by one thread. */
final class LookupCounter {

    private final SpfLimits limits;
    private final int maxQueries;
    private int lookups;
    private int voidLookups;
    private int queries;
    private long bytes;

    LookupCounter(SpfLimits limits, int maxQueries) {
        this.limits = limits;
        this.maxQueries = maxQueries;
    }

    /** Counts a term that causes DNS queries; false if the limit is exceeded. */
    boolean countLookup() {
        if (lookups == limits.lookups()) {
            return false;
        }
        lookups++;
        return true;
    }

    /** Counts a void lookup; false if the limit is exceeded. */
    boolean countVoidLookup() {
        voidLookups++;
        return voidLookups <= limits.voidLookups();
    }

    /** Uncounts a void lookup that turned out not to be void. */
    void uncountVoidLookup() {
        voidLookups--;
    }

    /** Counts DNS queries; false if the limit is exceeded. */
    boolean countQueries(int number) {
        queries += number;
        return queries <= maxQueries;
    }

    /** Counts bytes held; false if the limit is exceeded. */
    boolean countBytes(long number) {
        bytes += number;
        return bytes <= SpfLimits.MAX_BYTES;
    }

    long bytes() {
        return bytes;
    }

    SpfLimits limits() {
        return limits;
    }

    int lookups() {
        return lookups;
    }

    int voidLookups() {
        return voidLookups;
    }

    int queries() {
        return queries;
    }

    int maxQueries() {
        return maxQueries;
    }
}
