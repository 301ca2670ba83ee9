package org.senderauth.spf;

/**
 * The state that all evaluations of one check share: its arguments, the answers so far, and its deadline. An evaluation
 * that must not wait is begun again when an answer has come; it then finds the same answers as before. Thread-safe.
 */
final class CheckContext {

    /** The bytes that each check may always hold: several times what a usual one needs. */
    static final int FREE_BYTES = 32 << 10;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final CheckHostArguments sender;
    private final RecordCache records;
    private final CheckSettings settings;
    private final SharedBytes bytes;
    private final CheckDnsCache answers;
    private final int maxQueries;
    private final boolean blocking;
    private final MacroExpander macros;
    private final long endNanos;
    private volatile boolean timedOut;
    private int reserved;
    private boolean closed;

    CheckContext(
            CheckHostArguments sender,
            RecordCache records,
            SharedBytes bytes,
            CheckSettings settings,
            int maxQueries,
            boolean blocking) {
        this.sender = sender;
        this.records = records;
        this.settings = settings;
        this.bytes = bytes;
        this.maxQueries = maxQueries;
        this.answers = new CheckDnsCache(settings.dns(), settings.limits().queryTime());
        this.blocking = blocking;
        this.endNanos =
                settings.nanoTime().getAsLong() + settings.limits().time().toNanos();
        this.macros = new MacroExpander(sender, settings.clock());
    }

    CheckHostArguments sender() {
        return sender;
    }

    RecordCache records() {
        return records;
    }

    SpfLimits limits() {
        return settings.limits();
    }

    /** The maximum number of DNS queries: that of a check, or what is left of its transaction. */
    int maxQueries() {
        return maxQueries;
    }

    CheckDnsCache answers() {
        return answers;
    }

    MacroExpander macros() {
        return macros;
    }

    /** Tests whether an evaluation's thread waits for answers. */
    boolean blocking() {
        return blocking;
    }

    /** The remaining time; negative after the deadline. */
    long remainingMillis() {
        return timedOut ? -1 : Math.floorDiv(endNanos - settings.nanoTime().getAsLong(), NANOS_PER_MILLI);
    }

    /** Tests whether the check may hold so many bytes altogether; more than its free part comes from the share of all checks. */
    boolean hold(long total) {
        return total <= FREE_BYTES || reserve(total - FREE_BYTES);
    }

    private synchronized boolean reserve(long wanted) {
        // No more than SpfLimits.MAX_BYTES: the counter of the evaluation has seen to that.
        int more = (int) (wanted - reserved);
        if (more <= 0) {
            return true;
        }
        if (closed || !bytes.take(more)) {
            return false;
        }
        reserved += more;
        return true;
    }

    /** The check is over: its bytes are free for others. */
    void close() {
        // A blocking check has one thread, and most reserve nothing: no lock then.
        if (!blocking || reserved != 0) {
            giveBack();
        }
    }

    private synchronized void giveBack() {
        closed = true;
        bytes.giveBack(reserved);
        reserved = 0;
    }

    /** Ends the time of the check. */
    void timeOut() {
        timedOut = true;
    }

    /** Tests whether later queries are sent while an evaluation waits. */
    boolean prefetches() {
        return settings.prefetch();
    }
}
