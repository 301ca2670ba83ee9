package org.senderauth.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The series of the process and of its JVM, under the names that Prometheus client libraries give them, so that common
 * dashboards find them.
 */
final class ProcessMetrics {

    private ProcessMetrics() {}

    static void register(PrometheusMeterRegistry registry) {
        double started = (double) ManagementFactory.getRuntimeMXBean().getStartTime() / TimeUnit.SECONDS.toMillis(1);
        gauge(registry, "process.start.time.seconds", "Start time of the process, in Unix time", () -> started);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            FunctionCounter.builder(
                            "process.cpu.seconds",
                            system,
                            bean -> seconds(Duration.ofNanos(Math.max(0, bean.getProcessCpuTime()))))
                    .description("User and system CPU time of the process")
                    .register(registry);
            gauge(registry, "process.open.fds", "Open file descriptors", system::getOpenFileDescriptorCount);
            gauge(registry, "process.max.fds", "Maximum number of file descriptors", system::getMaxFileDescriptorCount);
        }
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory(registry, "heap", memory::getHeapMemoryUsage);
        memory(registry, "nonheap", memory::getNonHeapMemoryUsage);
        gauge(
                registry,
                "jvm.threads.current",
                "Platform threads of the JVM",
                ManagementFactory.getThreadMXBean()::getThreadCount);
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        FunctionCounter.builder(
                        "jvm.gc.collection.seconds",
                        collectors,
                        all -> seconds(Duration.ofMillis(all.stream()
                                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                                .sum())))
                .description("Time spent in garbage collections")
                .register(registry);
        info(
                registry,
                "jvm",
                "The version of the JVM; always 1",
                Runtime.version().toString());
    }

    // Micrometer would take the suffix _info off a gauge's name.
    static void info(PrometheusMeterRegistry registry, String name, String help, String version) {
        Info.builder()
                .name(name)
                .help(help)
                .labelNames("version")
                .register(registry.getPrometheusRegistry())
                .addLabelValues(version);
    }

    private static double seconds(Duration time) {
        return (double) time.toNanos() / TimeUnit.SECONDS.toNanos(1);
    }

    private static void memory(MeterRegistry registry, String area, Supplier<MemoryUsage> usage) {
        Gauge.builder("jvm.memory.used.bytes", () -> usage.get().getUsed())
                .description("Memory in use by area")
                .tag("area", area)
                .register(registry);
        Gauge.builder("jvm.memory.max.bytes", () -> usage.get().getMax())
                .description("Maximum memory by area; -1 if there is no limit")
                .tag("area", area)
                .register(registry);
    }

    private static void gauge(MeterRegistry registry, String name, String help, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).strongReference(true).register(registry);
    }
}
