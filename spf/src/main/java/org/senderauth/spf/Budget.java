package org.senderauth.spf;

/** What one check has spent of its {@link SpfLimits}. Used by one thread. */
final class Budget {

    private final SpfLimits limits;
    private int lookups;
    private int voidLookups;

    Budget(SpfLimits limits) {
        this.limits = limits;
    }

    /** Counts a term that asks the DNS; false if it is one too many. */
    boolean countLookup() {
        if (lookups == limits.lookups()) {
            return false;
        }
        lookups++;
        return true;
    }

    /** Counts a question that was answered with nothing; false if it is one too many. */
    boolean countVoidLookup() {
        voidLookups++;
        return voidLookups <= limits.voidLookups();
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
}
