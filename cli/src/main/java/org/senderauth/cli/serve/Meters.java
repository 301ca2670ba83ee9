package org.senderauth.cli.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Counts, times and gauges by name. Labels are words of ours, never an address or a domain, so that their number is
 * bounded.
 *
 * @param registry holds them
 */
record Meters(MeterRegistry registry) {

    void count(String name, String... labels) {
        count(name, 1, labels);
    }

    void count(String name, int amount, String... labels) {
        Counter.builder(name).tags(labels).register(registry).increment(amount);
    }

    void time(String name, Duration time, String... labels) {
        Timer.builder(name)
                .tags(labels)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(60))
                .register(registry)
                .record(time);
    }

    void gauge(String name, Supplier<Number> value, String... labels) {
        Gauge.builder(name, value).tags(labels).register(registry);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
