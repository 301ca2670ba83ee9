package org.senderauth.callout.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutReason;
import org.senderauth.testkit.SteppingClock;

class GoodAddressesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private final SteppingClock clock = SteppingClock.at(NOW);

    @Test
    void goodAddressesOutliveAProcessAndNothingElseDoes() throws IOException {
        InMemoryCalloutState before = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock);
        store(before, "s:good one@example.com", CalloutReason.ACCEPTED);
        store(before, "s:bad@example.com", CalloutReason.NO_SUCH_MAILBOX);
        Path file = folder.resolve("addresses");
        before.save(file);
        clock.advance(Duration.ofHours(1));
        InMemoryCalloutState after = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock);
        after.load(file);
        assertThat(admit(after, "s:good one@example.com")).isInstanceOf(Admission.Known.class);
        assertThat(admit(after, "s:bad@example.com")).isInstanceOf(Admission.Granted.class);
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void whatIsForgottenByNowIsNotTakenOver() throws IOException {
        InMemoryCalloutState state = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock);
        store(state, "s:good@example.com", CalloutReason.ACCEPTED);
        state.save(folder.resolve("addresses"));
        clock.advance(Duration.ofDays(7));
        state.load(folder.resolve("addresses"));
        assertThat(admit(state, "s:good@example.com")).isInstanceOf(Admission.Granted.class);
    }

    @Test
    void aDamagedLineCostsItselfOnly() throws IOException {
        Path file = folder.resolve("addresses");
        Map<String, AddressRecord> good = Map.of("k", record(CalloutReason.ACCEPTED));
        GoodAddresses.write(file, good);
        List<String> lines = Files.readAllLines(file);
        Files.write(
                file,
                List.of(
                        lines.get(0),
                        "NONSENSE 1 2 3 4 x",
                        "ACCEPTED 1 2 three 4 x",
                        "ACCEPTED 1 2",
                        "",
                        "NO_SUCH_MAILBOX 1 2 3 4 x",
                        lines.get(1)));
        assertThat(GoodAddresses.read(file, 10)).isEqualTo(good);
        assertThat(GoodAddresses.read(file, 0)).isEmpty();
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("passwd"), "root:x:0:0\n");
        assertThatThrownBy(() -> GoodAddresses.read(file, 10)).isInstanceOf(IOException.class);
    }

    private static void store(InMemoryCalloutState state, String key, CalloutReason reason) {
        Grant grant = ((Admission.Granted) admit(state, key)).grant();
        state.learn(new Lesson(grant, Map.of(key, record(reason)), null, Map.of(), Lesson.Tally.NONE, false, null));
        state.release(grant);
    }

    private static AddressRecord record(CalloutReason reason) {
        return new AddressRecord(
                reason,
                null,
                NOW,
                NOW.plus(Duration.ofHours(24)),
                NOW.plus(Duration.ofDays(7)),
                NOW.plus(Duration.ofDays(7)),
                0);
    }

    private static Admission admit(InMemoryCalloutState state, String key) {
        Question question = new Question(key, null, null, key, key, "client", false, 1, true);
        return state.admit(question).toCompletableFuture().join();
    }
}
