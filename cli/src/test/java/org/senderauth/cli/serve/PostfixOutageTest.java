package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.cli.serve.GuidedPostfix.STRANGER;
import static org.senderauth.cli.serve.GuidedPostfix.tagged;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.RealPeer;

/**
 * The service as a process of its own beside a real Postfix, hung, killed, reloaded and stopped while mail flows in,
 * out and back: every mail arrives once, and none is refused for good.
 */
@Timeout(300)
class PostfixOutageTest {

    private static final int MAILS_OF_A_KIND = 25;
    private static final Duration START_TIME = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private GuidedPostfix postfix;
    private RealPeer service;
    private int starts;

    private interface Offer {
        String reply(String subject) throws IOException;
    }

    /** Mails of one kind, one after the other, each offered until it is taken, as a mail server's queue does. */
    private final class Traffic {

        private final String kind;
        private final Offer offer;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger putOff = new AtomicInteger();

        Traffic(String kind, Offer offer) {
            this.kind = kind;
            this.offer = offer;
        }

        void flow() {
            for (int number = 0; number < MAILS_OF_A_KIND; number++) {
                String reply = offer(kind + " " + number + " of " + MAILS_OF_A_KIND);
                while (!reply.startsWith("250")) {
                    assertThat(reply).as(kind).doesNotStartWith("5");
                    putOff.incrementAndGet();
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                    reply = offer(kind + " " + number + " of " + MAILS_OF_A_KIND);
                }
                taken.incrementAndGet();
            }
        }

        private String offer(String subject) {
            try {
                return offer.reply(subject);
            } catch (IOException lost) {
                return "the connection was lost";
            }
        }

        boolean has(int mails) {
            return taken.get() >= mails;
        }
    }

    @BeforeEach
    void startAll() throws Exception {
        postfix = GuidedPostfix.start(folder);
        startService();
    }

    @AfterEach
    void stopAll() {
        clients.shutdownNow();
        if (service != null) {
            service.close();
        }
        if (postfix != null) {
            postfix.close();
        }
    }

    // As "java -jar" does it; the tests' own modules and class path hold all that it needs.
    private void startService() {
        String classes = String.join(
                File.pathSeparator,
                Path.of("target", "classes").toAbsolutePath().toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path"));
        service = RealPeer.start(
                        folder,
                        folder.resolve("service" + starts++ + ".out"),
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                classes,
                                "org.senderauth.cli.SenderauthCommand",
                                "serve",
                                "--config",
                                postfix.config().toString()))
                .awaitTcp(postfix.policyPort(), START_TIME)
                .awaitTcp(postfix.socketmapPort(), START_TIME);
    }

    private void signal(String name) throws Exception {
        long pid = service.process().pid();
        assertThat(new ProcessBuilder("/bin/bash", "-c", "kill -" + name + " " + pid)
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void until(List<Traffic> all, int mails) {
        while (!all.stream().allMatch(traffic -> traffic.has(mails))) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    // Traffic may be faster than the reload.
    private void untilSaid(String line) throws IOException {
        Path log = folder.resolve("service" + (starts - 1) + ".out");
        long end = System.nanoTime() + START_TIME.toNanos();
        while (!Files.readString(log).contains(line) && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        assertThat(Files.readString(log)).contains(line);
    }

    @Test
    void noMailIsLostOrRefusedWhileTheServiceHangsDiesReloadsAndStops() throws Exception {
        String tagged = tagged("alice@example.org", Duration.ZERO);
        List<Traffic> all = List.of(
                new Traffic("inbound", s -> postfix.fromOutside(STRANGER, "bob@example.com", "alice@example.org", s)),
                new Traffic("outbound", s -> postfix.fromOurUser("bob@example.com", s)),
                new Traffic("bounce", s -> postfix.fromOutside(STRANGER, "", tagged, s)));
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<?>> flows = new ArrayList<>();
        for (Traffic traffic : all) {
            flows.add(clients.submit(() -> {
                begin.await();
                traffic.flow();
                return null;
            }));
        }
        begin.countDown();
        until(all, 3);

        signal("STOP");
        assertThat(service.process().waitFor(8, TimeUnit.SECONDS))
                .as("it hangs")
                .isFalse();
        signal("CONT");
        until(all, 8);

        signal("KILL");
        service.process().waitFor();
        startService();
        until(all, 13);

        signal("HUP");
        untilSaid("reload: the new configuration is in force");
        until(all, 16);

        signal("TERM");
        service.process().waitFor();
        startService();
        for (Future<?> flow : flows) {
            flow.get();
        }

        Map<String, Integer> arrived = new TreeMap<>();
        for (int mail = 0; mail < all.size() * MAILS_OF_A_KIND; mail++) {
            arrived.merge(subject(postfix.sink().next()), 1, Integer::sum);
        }
        assertThat(arrived).hasSize(all.size() * MAILS_OF_A_KIND);
        assertThat(arrived.values()).containsOnly(1);
        assertThat(postfix.sink().isEmpty()).isTrue();
        assertThat(all.stream().mapToInt(traffic -> traffic.putOff.get()).sum())
                .as("mails were put off while the service was away")
                .isPositive();
    }

    private static String subject(MailSink.Mail mail) {
        return mail.lines().stream()
                .filter(line -> line.startsWith("Subject: "))
                .findFirst()
                .orElseThrow();
    }
}
