package org.senderauth.cli.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Counts, times and gauges by name. Labels are words of ours, never an address or a domain, so that their number is
 * bounded. Thread-safe.
 */
final class Meters {

    private record Key(String name, List<String> labels) {}

    private final MeterRegistry registry;

    // Looking a meter up in the registry costs more than all else that a decision is counted with.
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    /**
     * Meters of a registry.
     *
     * @param registry holds them
     */
    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(String name, String... labels) {
        count(name, 1, labels);
    }

    void count(String name, int amount, String... labels) {
        counters.computeIfAbsent(
                        new Key(name, List.of(labels)),
                        key -> Counter.builder(name).tags(labels).register(registry))
                .increment(amount);
    }

    void time(String name, Duration time, String... labels) {
        timers.computeIfAbsent(
                        new Key(name, List.of(labels)),
                        key -> Timer.builder(name)
                                .tags(labels)
                                .publishPercentileHistogram()
                                .minimumExpectedValue(Duration.ofMillis(1))
                                .maximumExpectedValue(Duration.ofSeconds(60))
                                .register(registry))
                .record(time);
    }

    void gauge(String name, Supplier<Number> value, String... labels) {
        Gauge.builder(name, value).tags(labels).register(registry);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
