package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.DocumentedPostfix.STRANGER;
import static org.senderauth.server.DocumentedPostfix.tagged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service as a separate process, used by a real Postfix, hung, killed, reloaded and stopped while mail flows in,
 * out and back: every mail arrives once, and none is rejected permanently.
 */
@Timeout(300)
class PostfixOutageTest {

    private static final int MAILS_OF_A_KIND = 25;
    private static final Duration EVENT_TIME = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private DocumentedPostfix postfix;
    private ServiceUnderTest service;
    private List<Traffic> all = List.of();

    private interface Offer {
        String reply(String subject) throws IOException;
    }

    /**
     * Mails of one kind, one after the other, each offered until it is taken, as a mail server's queue does. They wait
     * for leave, so that each trouble meets mails however fast the host is.
     */
    private static final class Traffic {

        private final String kind;
        private final Offer offer;
        private final Semaphore leave = new Semaphore(0);
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger putOff = new AtomicInteger();

        Traffic(String kind, Offer offer) {
            this.kind = kind;
            this.offer = offer;
        }

        void flow() throws InterruptedException {
            for (int number = 0; number < MAILS_OF_A_KIND; number++) {
                leave.acquire();
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
        postfix = DocumentedPostfix.startImpatient(folder).enforce();
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

    private void startService() {
        service = ServiceUnderTest.start(folder, postfix);
    }

    private void send(int mailsOfEachKind) {
        all.forEach(traffic -> traffic.leave.release(mailsOfEachKind));
    }

    private void untilTaken(int mailsOfEachKind) {
        until(() -> all.stream().allMatch(traffic -> traffic.taken.get() >= mailsOfEachKind));
    }

    private void untilOneMoreIsDeferred() {
        int before = putOff();
        until(() -> putOff() > before);
    }

    private int putOff() {
        return all.stream().mapToInt(traffic -> traffic.putOff.get()).sum();
    }

    private void untilPostfixSays(String line) {
        until(() -> {
            try {
                return Files.readString(postfix.log()).contains(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void until(BooleanSupplier event) {
        long end = System.nanoTime() + EVENT_TIME.toNanos();
        while (!event.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Test
    void losesAndRejectsNoMailInAnyOutage() throws Exception {
        String tagged = tagged("alice@example.org", Duration.ZERO);
        all = List.of(
                new Traffic("inbound", s -> postfix.fromOutside(STRANGER, "bob@example.com", "alice@example.org", s)),
                new Traffic("outbound", s -> postfix.fromOurUser("bob@example.com", s)),
                new Traffic("bounce", s -> postfix.fromOutside(STRANGER, "", tagged, s)));
        List<Future<?>> flows = new ArrayList<>();
        for (Traffic traffic : all) {
            flows.add(clients.submit(() -> {
                traffic.flow();
                return null;
            }));
        }
        send(3);
        untilTaken(3);

        service.signal("STOP");
        send(5);
        untilPostfixSays("problem talking to server 127.0.0.1:" + postfix.policyPort());
        service.signal("CONT");
        untilTaken(8);

        service.end("KILL");
        send(5);
        untilOneMoreIsDeferred();
        startService();
        untilTaken(13);

        send(3);
        service.signal("HUP");
        until(() -> service.log().contains("reload: configuration applied"));
        untilTaken(16);

        send(4);
        service.end("TERM");
        send(5);
        untilOneMoreIsDeferred();
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
    }

    private static String subject(MailSink.Mail mail) {
        return mail.lines().stream()
                .filter(line -> line.startsWith("Subject: "))
                .findFirst()
                .orElseThrow();
    }
}
