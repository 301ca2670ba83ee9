package org.senderauth.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Transaction;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;

@Timeout(120)
class HistoryWriterTest {

    private static final HistoryFiles.Limits LIMITS = new HistoryFiles.Limits(Duration.ofDays(16), 64L << 20);
    private static final Transaction TRANSACTION = Transaction.of(
                    IpAddresses.parse("192.0.2.1").orElseThrow(), "mail.example.org", "alice@example.org")
            .to("bob@example.net");

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(Records.START);
    private final List<String> problems = new CopyOnWriteArrayList<>();

    private static final SenderPolicy POLICY = Records.policy();

    private static Decision rejection() {
        return POLICY.decide(TRANSACTION);
    }

    @Test
    void keepsWhatWasDecidedAndPassesItOn() throws IOException {
        AtomicInteger passed = new AtomicInteger();
        PolicyObserver next = new PolicyObserver() {
            @Override
            public void decided(Transaction transaction, Decision decision, Duration time) {
                passed.incrementAndGet();
            }
        };
        MemoryHistory memory = new MemoryHistory(1 << 20);
        try (HistoryWriter writer = HistoryWriter.start(memory, true, clock, clock::nanoTime, problems::add, next)) {
            Decision made = rejection();
            writer.decided(TRANSACTION, made, Duration.ofMillis(7));
            Await.until("the decision", () -> memory.find(made.id()).isPresent());
            HistorySource.Found found = memory.find(made.id()).orElseThrow();
            HistoryRecord decision = found.decision();
            assertThat(decision.json())
                    .isEqualTo("{\"id\":\"" + made.id() + "\",\"time\":\"2026-11-23T12:00:00Z\",\"action\":\"reject\","
                            + "\"reply\":\"550 5.7.23 SPF check failed: 192.0.2.1 is not authorized to send mail for"
                            + " example.org\",\"by\":\"spf\",\"client\":\"192.0.2.1\","
                            + "\"helo\":\"mail.example.org\",\"from\":\"alice@example.org\",\"to\":\"bob@example.net\","
                            + "\"steps\":\"spf-helo:none,spf:fail\",\"ms\":7,"
                            + "\"reason\":\"" + made.reason() + "\"}");
            assertThat(found.trace()).isNotNull();
            assertThat(found.trace().steps().get(1).evidence())
                    .contains(
                            "? TXT example.org: \"v=spf1 -all\"",
                            "fail (-all): 192.0.2.1 is not authorized to send mail for example.org");
            assertThat(HistoryTrace.parse(found.trace().json())).contains(found.trace());
            assertThat(HistoryRecord.parse(decision.json())).contains(decision);
        }
        assertThat(passed).hasValue(1);
        assertThat(problems).isEmpty();
    }

    @Test
    void fullDiskStopsHistoryButNotMail() throws IOException {
        FullDisk disk = new FullDisk(0);
        try (HistoryFiles files = HistoryFiles.open(folder.resolve("h"), LIMITS, clock, problems::add, disk);
                HistoryWriter writer =
                        HistoryWriter.start(files, true, clock, clock::nanoTime, problems::add, PolicyObserver.NONE)) {
            writer.decided(TRANSACTION, rejection(), Duration.ZERO);
            Await.until("the failure", () -> writer.dropped() == 1);
            assertThat(problems)
                    .containsExactly("stopped: No space left on device; mail continues, and decisions are lost until it"
                            + " works again");
            disk.free.set(1 << 20);
            writer.decided(TRANSACTION, rejection(), Duration.ZERO);
            Await.until("the second loss", () -> writer.dropped() == 2);
            clock.advance(Duration.ofSeconds(11));
            writer.decided(TRANSACTION, rejection(), Duration.ZERO);
            Await.until("the report", () -> problems.size() == 2);
            assertThat(problems.get(1)).isEqualTo("works again: 2 decisions were not kept");
            assertThat(Records.ids(writer.source(), 0)).hasSize(1);
        }
    }

    @Test
    void neverWaitsForItsStore() throws IOException {
        MemoryHistory memory = new MemoryHistory(64 << 20);
        int count = 20_000;
        HistoryWriter writer;
        synchronized (memory) {
            writer = HistoryWriter.start(memory, false, clock, clock::nanoTime, problems::add, PolicyObserver.NONE);
            Decision decision = rejection();
            for (int i = 0; i < count; i++) {
                writer.decided(TRANSACTION, decision, Duration.ZERO);
            }
            assertThat(writer.dropped()).isPositive();
        }
        long kept = count - writer.dropped();
        Await.until("the rest", () -> memory.end().offset() == kept);
        writer.close();
    }

    @Test
    void memoryIsBoundedInBytesAndKeepsTheNewest() throws IOException {
        MemoryHistory memory = new MemoryHistory(100_000);
        for (int i = 0; i < 1_000; i++) {
            memory.append(List.of(Records.entry(Records.decision("n" + i, Records.START))));
        }
        List<String> kept = Records.ids(memory, 0);
        assertThat(kept).hasSizeBetween(50, 150).endsWith("n999");
        assertThat(Records.ids(memory, 3)).containsExactly("n997", "n998", "n999");
        assertThat(memory.find("n0")).isEmpty();
        assertThat(memory.find("n999").orElseThrow().trace()).isNotNull();
    }
}
