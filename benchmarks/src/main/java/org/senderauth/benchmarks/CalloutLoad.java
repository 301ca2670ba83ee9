package org.senderauth.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.ProbeTimeouts;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeListener;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.ZoneDnsClient;

/**
 * Many sessions at once with one slow server: {@code CalloutLoad PORT SESSIONS}. One line tells the answers, the
 * time, the CPU time of this JVM, the peak of its heap and of its resident memory.
 */
public final class CalloutLoad {

    private static final HostLimiter OPEN = new HostLimiter() {
        @Override
        public Leave enter(String name, InetAddress address) {
            return new Entered(false, false);
        }

        @Override
        public void leave(InetAddress address) {}
    };

    private CalloutLoad() {}

    /**
     * Runs the load.
     *
     * @param args the port on loopback, and the number of sessions
     * @throws Exception if this machine gives no figures
     */
    public static void main(String[] args) throws Exception {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        int dialogues = Integer.parseInt(args[1]);
        SmtpProber prober = SmtpProber.of(
                ZoneDnsClient.builder().build(),
                ProbeSettings.builder("load.example.net")
                        .timeouts(ProbeTimeouts.of(Duration.ofSeconds(60), Duration.ofSeconds(120)))
                        .build());
        ExecutorService threads = threads();
        AtomicInteger right = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(dialogues);
        long begun = System.nanoTime();
        for (int i = 0; i < dialogues; i++) {
            ProbeRequest request = new ProbeRequest(
                    MailAddress.of("user" + i + "@example.org"), null, ProbeReport.TriState.NO, List.of(target), OPEN);
            threads.execute(() -> prober.probe(request, new ProbeListener() {
                @Override
                public void verdict(ProbeReport report) {
                    if (report.reason() == CalloutReason.NO_SUCH_MAILBOX) {
                        right.incrementAndGet();
                    }
                }

                @Override
                public void finished(ProbeReport report) {
                    over.countDown();
                }
            }));
        }
        over.await();
        double seconds = (System.nanoTime() - begun) / 1e9;
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        System.out.printf(
                "JDK %d, %s threads: %d of %d answered right, %.1f s, CPU %.1f s, heap peak %d MiB of %d, resident peak %d MiB%n",
                Runtime.version().feature(),
                threads.getClass().getSimpleName().equals("ThreadPoolExecutor") ? "platform" : "virtual",
                right.get(),
                dialogues,
                seconds,
                cpu.toMillis() / 1e3,
                heapPeak() >> 20,
                Runtime.getRuntime().maxMemory() >> 20,
                residentPeak() >> 10);
        System.exit(right.get() == dialogues ? 0 : 1);
    }

    // Virtual threads from JDK 21 on, looked up by name since this is compiled for 17.
    private static ExecutorService threads() throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                ? (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null)
                : Executors.newCachedThreadPool();
    }

    private static long heapPeak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }

    // Linux: the high-water mark of resident memory, in KiB.
    private static long residentPeak() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
