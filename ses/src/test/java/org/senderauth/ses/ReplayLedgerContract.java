package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.senderauth.ses.ReplayLedger.UseCount;

/** What every {@link ReplayLedger} does. Each test gets an empty ledger. */
public abstract class ReplayLedgerContract {

    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final int THREADS = 16;
    private static final int ROUNDS = 250;
    private static final String KEY = "b:9931c8d748042f28e9def967ed283720576cfdcd";
    private static final String OTHER = "p:9931c8d748042f28e9def967ed283720576cfdcd";

    /** For subclasses. */
    protected ReplayLedgerContract() {}

    /** The ledger under test, empty and the same one during a test. */
    protected abstract ReplayLedger ledger();

    /** The time by which the ledger forgets. */
    protected abstract Instant now();

    /** Lets time pass for the ledger. */
    protected abstract void pass(Duration time);

    @Test
    void unknownKeyHasNoUses() throws Exception {
        assertThat(uses(ledger().read(KEY))).isZero();
    }

    @Test
    void incrementGivesOneTwoThree() throws Exception {
        assertThat(uses(increment(KEY))).isEqualTo(1);
        assertThat(uses(increment(KEY))).isEqualTo(2);
        assertThat(uses(increment(KEY))).isEqualTo(3);
    }

    @Test
    void readDoesNotCount() throws Exception {
        increment(KEY).toCompletableFuture().join();
        assertThat(uses(ledger().read(KEY))).isEqualTo(1);
        assertThat(uses(ledger().read(KEY))).isEqualTo(1);
    }

    @Test
    void keysDoNotShareCounts() throws Exception {
        increment(KEY).toCompletableFuture().join();
        assertThat(uses(ledger().read(OTHER))).isZero();
        assertThat(uses(increment(OTHER))).isEqualTo(1);
    }

    @Test
    void longKeysAreDistinguishedToTheirLastCharacter() throws Exception {
        String start = "c:!#$%&'()*+,-./:;<=>?@[]^_`{|}~".repeat(5).substring(0, ReplayLedger.MAX_KEY - 1);
        increment(start + "1").toCompletableFuture().join();
        assertThat(uses(increment(start + "1"))).isEqualTo(2);
        assertThat(uses(ledger().read(start + "2"))).isZero();
    }

    @Test
    void entryExpiresInTime() throws Exception {
        increment(KEY).toCompletableFuture().join();
        pass(LIFETIME.plusSeconds(1));
        assertThat(uses(ledger().read(KEY))).isZero();
        assertThat(uses(increment(KEY))).isEqualTo(1);
    }

    @Test
    void laterUsesDoNotDelayExpiry() throws Exception {
        increment(KEY).toCompletableFuture().join();
        Instant later = now().plus(LIFETIME.multipliedBy(10));
        assertThat(uses(ledger().increment(KEY, later))).isEqualTo(2);
        pass(LIFETIME.plusSeconds(1));
        assertThat(uses(ledger().read(KEY))).isZero();
    }

    @Test
    void sixteenThreadsLoseNoCount() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            Instant dropAfter = now().plus(LIFETIME);
            Callable<List<Long>> worker = () -> {
                List<Long> seen = new ArrayList<>();
                for (int i = 0; i < ROUNDS; i++) {
                    seen.add(uses(ledger().increment(KEY, dropAfter)));
                }
                return seen;
            };
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> future : threads.invokeAll(
                    IntStream.range(0, THREADS).mapToObj(i -> worker).toList())) {
                all.addAll(future.get());
            }
            assertThat(all)
                    .doesNotHaveDuplicates()
                    .hasSize(THREADS * ROUNDS)
                    .allMatch(n -> n >= 1 && n <= THREADS * ROUNDS);
        } finally {
            threads.shutdown();
        }
    }

    private CompletableFuture<UseCount> increment(String key) {
        return ledger().increment(key, now().plus(LIFETIME));
    }

    private static long uses(CompletableFuture<UseCount> stage) throws Exception {
        UseCount tally = stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(tally).isInstanceOf(UseCount.Counted.class);
        return ((UseCount.Counted) tally).uses();
    }
}
