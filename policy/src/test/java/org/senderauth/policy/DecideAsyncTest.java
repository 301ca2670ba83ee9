package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfVerifier;
import org.xbill.DNS.Type;

class DecideAsyncTest {

    private static final DnsClient ZONE = ZoneDnsClient.builder()
            .text("example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n")
            .build();

    // More than the shared threads that do not wait.
    private static final int LEVELS = Runtime.getRuntime().availableProcessors() + 2;

    private final List<CompletableFuture<DnsAnswer>> stalled = new ArrayList<>();

    private static SenderPolicyBuilder over(DnsClient dns) {
        return SenderPolicy.builder("mx.example.org")
                .executor(Runnable::run)
                .deadline(Duration.ofDays(1))
                .spf(SpfVerifier.builder().dns(dns).build(), SpfStrictness.FAIL_ONLY);
    }

    private DnsClient stalling() {
        return (name, type) -> {
            CompletableFuture<DnsAnswer> answer = new CompletableFuture<>();
            stalled.add(answer);
            return answer;
        };
    }

    private static Transaction from(String client) throws UnknownHostException {
        return Transaction.of(InetAddress.getByName(client), "[192.0.2.9]", "bob@example.net")
                .to("alice@example.org");
    }

    @Test
    void decidesAsTheWaitingCallDoes() throws Exception {
        SenderPolicy policy = over(ZONE).build();
        for (String client : List.of("192.0.2.1", "192.0.2.2")) {
            for (Stage stage : List.of(Stage.HELO, Stage.MAIL, Stage.RCPT, Stage.RCPT_VALIDATED)) {
                assertThat(policy.decideAsync(from(client), stage).join())
                        .usingRecursiveComparison()
                        .ignoringFields("id")
                        .isEqualTo(policy.decide(from(client), stage));
            }
        }
        assertThat(policy.decideAsync(from("192.0.2.1").authenticatedAs("bob"))
                        .join()
                        .reason())
                .startsWith("exempt: ");
    }

    @Test
    @Timeout(60)
    void returnsBeforeTheDnsAnswers() throws Exception {
        CompletableFuture<DnsAnswer> answer = new CompletableFuture<>();
        SenderPolicy policy = over((name, type) -> answer).build();
        CompletableFuture<Decision> decision = policy.decideAsync(from("192.0.2.2"));
        assertThat(decision).isNotDone();
        answer.complete(ZONE.query(DomainNames.of("example.net"), Type.TXT)
                .toCompletableFuture()
                .join());
        assertThat(decision.join().action()).isEqualTo(Decision.Action.REJECT);
    }

    @Test
    void defersWhileTheLimitIsInProgress() throws Exception {
        SenderPolicy policy = over(stalling()).maxPending(2).build();
        policy.decideAsync(from("192.0.2.1"));
        CompletableFuture<Decision> second = policy.decideAsync(from("192.0.2.2"));
        Decision third = policy.decideAsync(from("192.0.2.3")).join();
        assertThat(third.smtpReply())
                .hasToString("Optional[451 4.3.2 Too many sender checks in progress, try again later]");
        assertThat(policy.decideAsync(from("192.0.2.3"), Stage.MAIL).join().action())
                .isEqualTo(Decision.Action.CONTINUE);
        stalled.forEach(answer -> answer.completeExceptionally(new IllegalStateException("test")));
        assertThat(second).isDone();
        assertThat(policy.decideAsync(from("192.0.2.3"))).isNotDone();
    }

    @Test
    @Timeout(60)
    void lateStepIsTemporaryFailure() throws Exception {
        SenderPolicy policy = over(stalling())
                .deadline(Duration.ofMillis(1))
                .onTempfail(Step.SPF, TempfailAction.DEFER)
                .build();
        assertThat(policy.decideAsync(from("192.0.2.1"))
                        .join()
                        .smtpReply()
                        .orElseThrow()
                        .enhancedCode())
                .isEqualTo("4.4.3");
    }

    @Test
    void executorThatRejectsIsDeferral() throws Exception {
        SenderPolicy policy = over(ZONE)
                .executor(task -> {
                    throw new RejectedExecutionException("test");
                })
                .build();
        assertThat(policy.decideAsync(from("192.0.2.1")).join().action()).isEqualTo(Decision.Action.DEFER);
    }

    @Test
    @Timeout(60)
    void stepsRunOnExecutor() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        DnsClient dns = (name, type) -> {
            threads.add(Thread.currentThread());
            return ZONE.query(name, type);
        };
        // Each task has ended before the caller continues.
        SenderPolicy policy = over(dns)
                .executor(task ->
                        CompletableFuture.runAsync(task, DecisionThreads.SHARED).join())
                .build();
        assertThat(policy.decideAsync(from("192.0.2.2")).join().action()).isEqualTo(Decision.Action.REJECT);
        assertThat(threads).isNotEmpty().doesNotContain(Thread.currentThread());
    }

    @Test
    @Timeout(60)
    void policiesWithoutExecutorShareThreads() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        DnsClient dns = (name, type) -> {
            threads.add(Thread.currentThread());
            return ZONE.query(name, type);
        };
        int most = 2 * LEVELS;
        for (int i = 0; i < 10 * most; i++) {
            SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                    .spf(SpfVerifier.builder().dns(dns).build(), SpfStrictness.FAIL_ONLY)
                    .build();
            assertThat(policy.decideAsync(from("192.0.2.2")).join().action()).isEqualTo(Decision.Action.REJECT);
        }
        assertThat(threads)
                .hasSizeBetween(1, most)
                .allMatch(Thread::isDaemon)
                .allMatch(thread -> thread.getName().startsWith("senderauth-decision-"));
    }

    @Test
    @Timeout(60)
    void continuationMayWaitForAnotherDecision() throws Exception {
        SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                .spf(SpfVerifier.builder().dns(ZONE).build(), SpfStrictness.FAIL_ONLY)
                .build();
        assertThat(nested(policy, from("192.0.2.2"), LEVELS)).isEqualTo(LEVELS);
    }

    private static int nested(SenderPolicy policy, Transaction transaction, int levels) {
        return levels == 0
                ? 0
                : policy.decideAsync(transaction)
                        .thenApply(decision -> 1 + nested(policy, transaction, levels - 1))
                        .join();
    }

    @Test
    void observerIsCalledOncePerDecision() throws Exception {
        List<Decision> seen = new ArrayList<>();
        SenderPolicy policy = over(ZONE)
                .observer(new PolicyObserver() {
                    @Override
                    public void decided(Transaction transaction, Decision decision, Duration time) {
                        seen.add(decision);
                    }
                })
                .build();
        Decision decision = policy.decideAsync(from("192.0.2.2")).join();
        assertThat(seen).containsExactly(decision);
    }

    @Test
    void refusesWhatItCannotDo() throws Exception {
        SenderPolicy policy = over(ZONE).build();
        Transaction transaction = from("192.0.2.1");
        assertThatIllegalArgumentException().isThrownBy(() -> policy.decideAsync(transaction, Stage.END_OF_MESSAGE));
        assertThatIllegalArgumentException().isThrownBy(() -> over(ZONE).maxPending(0));
    }
}
