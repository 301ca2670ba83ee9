package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.senderauth.policy.StepResult.Outcome;

class StepExecutorTest {

    private static final Duration DEADLINE = Duration.ofMinutes(4);

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private final StepExecutor messages = new StepExecutor(DEADLINE, PolicyObserver.NONE, nanoTime::get);
    private final CompletableFuture<StepResult> answer = new CompletableFuture<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final StepCheck slow = (transaction, before) -> {
        asked.incrementAndGet();
        return answer;
    };

    private static Transaction to(String recipient) {
        return Transaction.of(InetAddress.getLoopbackAddress(), "mail.example.net", "bob@example.net")
                .to(recipient)
                .ofMessage("4F3A2.1");
    }

    // A full cache must not prefer old messages, which will not be asked about again, to those in transit.
    @Test
    void resultsAreKeptWhileHundredsOfOtherMessagesPass() {
        int messagesAtOnce = 500;
        answer.complete(StepResult.pass("pass", "it is good"));
        for (int i = 0; i < 20 * messagesAtOnce; i++) {
            ask(i, "alice@example.org");
            ask(i, "carol@example.org");
            if (i >= messagesAtOnce) {
                ask(i - messagesAtOnce, "dan@example.org");
            }
        }
        assertThat(asked).hasValue(20 * messagesAtOnce);
    }

    @Test
    void endedMessageIsCheckedAgainAndOthersAreNot() {
        answer.complete(StepResult.pass("pass", "it is good"));
        ask(1, "alice@example.org");
        ask(2, "alice@example.org");
        messages.end(Transaction.of(InetAddress.getLoopbackAddress(), "mail.example.net", "bob@example.net")
                .ofMessage("message.1"));
        ask(2, "carol@example.org");
        assertThat(asked).hasValue(2);
        ask(1, "carol@example.org");
        assertThat(asked).hasValue(3);
    }

    // A step runs with the lock of its message, and may add to the cache: the cache must not need that lock.
    @Test
    void otherRecipientStartsWhileStepRuns() {
        StepCheck waiting = (transaction, before) -> {
            CompletableFuture.runAsync(() -> messages.start(to("carol@example.org")))
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            return answer;
        };
        answer.complete(StepResult.pass("pass", "it is good").withEvidence("line\n"));
        StepExecutor.PolicyRun run = messages.start(to("alice@example.org"));
        assertThat(run.result(Step.SPF, waiting, to("alice@example.org"), List.of())
                        .outcome())
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void smallHeapKeepsThousandMessages() {
        long mebibyte = 1 << 20;
        assertThat(StepExecutor.maxBytes(16 * mebibyte)).isEqualTo(mebibyte);
        assertThat(StepExecutor.maxBytes(64 * mebibyte)).isEqualTo(4 * mebibyte);
        assertThat(StepExecutor.maxBytes(256 * mebibyte)).isEqualTo(4 * mebibyte);
        assertThat(StepExecutor.maxBytes(1024 * mebibyte)).isEqualTo(16 * mebibyte);
        assertThat(StepExecutor.maxBytes(8192 * mebibyte)).isEqualTo(16 * mebibyte);
    }

    private void ask(int message, String recipient) {
        Transaction transaction = Transaction.of(
                        InetAddress.getLoopbackAddress(), "mail.example.net", "bob@example.net")
                .to(recipient)
                .ofMessage("message." + message);
        messages.start(transaction).result(Step.SPF, slow, transaction, List.of());
    }

    private StepResult find(String recipient, Duration thinking) {
        StepExecutor.PolicyRun run = messages.start(to(recipient));
        nanoTime.addAndGet(thinking.toNanos());
        return run.result(Step.SPF, slow, to(recipient), List.of());
    }

    // The limit of time is for a machine on which the test hangs, as it would if a recipient waited for minutes again.
    @Test
    @Timeout(60)
    void waitsForLateResultOnceOnly() {
        assertThat(find("alice@example.org", DEADLINE).result()).isEqualTo("timeout");
        nanoTime.addAndGet(DEADLINE.toNanos());
        assertThat(find("carol@example.org", Duration.ZERO).result()).isEqualTo("timeout");
        assertThat(asked).hasValue(1);
    }

    @Test
    void errorInCheckIsTemporaryFailureOfItsStep() {
        StepExecutor.PolicyRun run = messages.start(to("alice@example.org"));
        StepCheck broken = (transaction, before) -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        assertThat(run.result(Step.SPF, broken, to("alice@example.org"), List.of())
                        .outcome())
                .isEqualTo(Outcome.TEMPERROR);
    }

    @Test
    @Timeout(60)
    void usesLateResultForNextRecipient() {
        assertThat(find("alice@example.org", DEADLINE).outcome()).isEqualTo(Outcome.TEMPERROR);
        nanoTime.addAndGet(DEADLINE.toNanos());
        answer.complete(StepResult.pass("pass", "it is good"));
        assertThat(find("carol@example.org", Duration.ZERO).outcome()).isEqualTo(Outcome.PASS);
        assertThat(asked).hasValue(1);
    }
}
