package org.senderauth.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.zone.ServedRecord;
import org.senderauth.spf.zone.SpfZone;

/**
 * Reads the records of the served SPF zone again at intervals, on a thread of its own. While a record cannot be read it is
 * tried again soon, and its last networks are served. Thread-safe.
 */
final class SpfZoneRefresher implements AutoCloseable {

    /** The time between two attempts while a record cannot be read. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final LogQueue log;
    private final MetricRegistry meters;
    private final LongSupplier nanoTime;
    private final ScheduledThreadPoolExecutor thread;

    // By domain: those of the current zone only.
    private final Map<String, Seen> seen = new HashMap<>();
    private volatile @Nullable SpfZone zone;
    private volatile Duration refresh = RETRY;
    private volatile int generation;

    /**
     * Creates a refresher without a zone.
     *
     * @param nanoTime measures the age of what was read
     */
    SpfZoneRefresher(LogQueue log, MetricRegistry meters, LongSupplier nanoTime) {
        this.log = log;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "senderauth-spf-zone");
            made.setDaemon(true);
            return made;
        });
        for (State state : State.values()) {
            meters.gauge(Metric.SPF_ZONE_RECORDS, () -> count(state), "state", MetricRegistry.word(state));
        }
        meters.gauge(Metric.SPF_ZONE_AGE, this::age);
        List.of("success", "failure").forEach(result -> meters.present(Metric.SPF_ZONE_REFRESHES, "result", result));
    }

    /** The state that was logged last, and when the networks were read. */
    private record Seen(ServedRecord record, @Nullable Long readAt) {}

    private enum State {
        CURRENT,
        STALE,
        UNAVAILABLE;

        static State of(ServedRecord record) {
            return !record.isAvailable() ? UNAVAILABLE : record.problem() == null ? CURRENT : STALE;
        }
    }

    /**
     * Refreshes a zone from now on, instead of the one before.
     *
     * @param wanted the zone; null for none
     * @param interval the time between two attempts
     */
    synchronized void serve(@Nullable SpfZone wanted, Duration interval) {
        zone = wanted;
        refresh = interval;
        generation++;
        int mine = generation;
        if (wanted != null && !thread.isShutdown()) {
            thread.execute(() -> run(wanted, mine));
        }
    }

    /** The state of each served record; empty if there is no zone. */
    List<ServedRecord> records() {
        SpfZone served = zone;
        return served == null ? List.of() : served.records();
    }

    /** Tests whether every query gets an answer. */
    boolean isAvailable() {
        return records().stream().allMatch(ServedRecord::isAvailable);
    }

    private void run(SpfZone served, int mine) {
        boolean good = false;
        try {
            List<ServedRecord> records = served.refresh();
            report(records);
            good = records.stream().allMatch(record -> record.problem() == null);
        } catch (RuntimeException e) {
            log.line("spf-zone: refresh failed: " + ErrorText.of(e));
        } finally {
            next(served, mine, good || refresh.compareTo(RETRY) < 0 ? refresh : RETRY);
        }
    }

    private synchronized void next(SpfZone served, int mine, Duration wait) {
        if (mine == generation && !thread.isShutdown()) {
            thread.schedule(() -> run(served, mine), wait.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void report(List<ServedRecord> records) {
        seen.keySet().retainAll(records.stream().map(ServedRecord::domain).collect(Collectors.toSet()));
        for (ServedRecord record : records) {
            boolean read = record.problem() == null;
            meters.count(Metric.SPF_ZONE_REFRESHES, "result", read ? "success" : "failure");
            Seen before = seen.get(record.domain());
            Long readAt = read ? Long.valueOf(nanoTime.getAsLong()) : before == null ? null : before.readAt();
            seen.put(record.domain(), new Seen(record, readAt));
            log(record, before == null ? null : before.record());
        }
    }

    private void log(ServedRecord record, @Nullable ServedRecord before) {
        String line = "spf-zone: " + record.domain() + ": ";
        if (record.problem() != null) {
            if (before == null || !record.problem().equals(before.problem())) {
                log.line(line
                        + LogText.safe(record.problem())
                        + (record.isAvailable()
                                ? "; serving the networks of " + record.asOf()
                                : "; answering SERVFAIL"));
            }
        } else if (record.networks() != null
                && (before == null
                        || before.problem() != null
                        || !Objects.equals(record.networks(), before.networks()))) {
            log.line(line + "serving " + record.networks().networks().size() + " networks");
        }
    }

    private int count(State state) {
        return (int)
                records().stream().filter(record -> State.of(record) == state).count();
    }

    private synchronized double age() {
        long now = nanoTime.getAsLong();
        return seen.values().stream()
                .map(Seen::readAt)
                .filter(Objects::nonNull)
                .mapToDouble(readAt -> TimeUnit.NANOSECONDS.toSeconds(now - readAt))
                .max()
                .orElse(0);
    }

    @Override
    public synchronized void close() {
        thread.shutdownNow();
    }
}
