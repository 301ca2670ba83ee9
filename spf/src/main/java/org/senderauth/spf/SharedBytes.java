package org.senderauth.spf;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of answers and records that all checks of a verifier may hold together, in addition to the free part of
 * each. Checks with large answers can exhaust it; usual checks do not need it. Thread-safe.
 */
final class SharedBytes {

    // The part of the greatest heap that may be held.
    private static final int HEAP_PART = 8;

    private final AtomicLong left;

    SharedBytes() {
        this(Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    SharedBytes(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** Reserves bytes; returns false, without reserving any, if too few are free. */
    boolean take(long bytes) {
        long before = left.getAndUpdate(now -> now < bytes ? now : now - bytes);
        return before >= bytes;
    }

    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }

    long left() {
        return left.get();
    }
}
