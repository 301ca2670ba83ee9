package org.senderauth.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Counts, times and gauges. Labels are fixed words, never an address or a domain, so their number is
 * bounded. Thread-safe.
 */
final class MetricRegistry {

    private record Key(Metric metric, List<String> labels) {}

    private final MeterRegistry registry;

    // Looking a meter up in the registry costs more than all else that a decision is counted with.
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    /**
     * Meters of a registry.
     *
     * @param registry holds them
     */
    MetricRegistry(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A counter that is present, with the value 0, before its first event: an alert on its increase then works. */
    void present(Metric metric, String... labels) {
        count(metric, 0, labels);
    }

    void count(Metric metric, String... labels) {
        count(metric, 1, labels);
    }

    void count(Metric metric, int amount, String... labels) {
        meter(
                        counters,
                        new Key(metric, List.of(labels)),
                        key -> Counter.builder(metric.id())
                                .description(metric.help())
                                .tags(labels)
                                .register(registry))
                .increment(amount);
    }

    /** The counters of a metric that have some labels, by another label. */
    Map<String, Long> counts(Metric metric, String label, String... labels) {
        Map<String, Long> counts = new TreeMap<>();
        for (Counter counter : registry.find(metric.id()).tags(labels).counters()) {
            String value = counter.getId().getTag(label);
            if (value != null) {
                counts.merge(value, (long) counter.count(), Long::sum);
            }
        }
        return counts;
    }

    void time(Metric metric, Duration time, String... labels) {
        timer(metric, labels).record(time);
    }

    /** A timer that is present before its first event. */
    Timer timer(Metric metric, String... labels) {
        return meter(
                timers,
                new Key(metric, List.of(labels)),
                key -> Timer.builder(metric.id())
                        .description(metric.help())
                        .tags(labels)
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(1))
                        .maximumExpectedValue(Duration.ofSeconds(60))
                        .register(registry));
    }

    // computeIfAbsent locks even if the key is present, and all decisions count with the same keys.
    private static <M> M meter(Map<Key, M> meters, Key key, Function<Key, M> create) {
        M present = meters.get(key);
        return present != null ? present : meters.computeIfAbsent(key, create);
    }

    /** A count that something else keeps, which the registry refers to only weakly. */
    <T> void counter(Metric metric, T keeper, ToDoubleFunction<T> count) {
        FunctionCounter.builder(metric.id(), keeper, count)
                .description(metric.help())
                .register(registry);
    }

    void gauge(Metric metric, Supplier<Number> value, String... labels) {
        Gauge.builder(metric.id(), value)
                .description(metric.help())
                .tags(labels)
                .register(registry);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
