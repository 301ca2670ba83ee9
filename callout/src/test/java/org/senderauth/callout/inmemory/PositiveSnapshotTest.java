package org.senderauth.callout.inmemory;

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
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.testkit.ManualClock;

class PositiveSnapshotTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(NOW);

    @Test
    void savesPositiveEntriesOnly() throws IOException {
        InMemoryCalloutState before = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock.monotonic());
        store(before, "s:good one@example.com", CalloutReason.ACCEPTED);
        store(before, "s:bad@example.com", CalloutReason.NO_SUCH_MAILBOX);
        Path file = folder.resolve("addresses");
        before.save(file, clock);
        clock.advance(Duration.ofHours(1));
        InMemoryCalloutState after = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock.monotonic());
        after.load(file, clock);
        assertThat(admit(after, "s:good one@example.com")).isInstanceOf(Admission.Known.class);
        assertThat(admit(after, "s:bad@example.com")).isInstanceOf(Admission.Granted.class);
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void setWallClockChangesNoLifetime() throws IOException {
        InMemoryCalloutState before = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock.monotonic());
        store(before, "s:good@example.com", CalloutReason.ACCEPTED);
        for (int hours : new int[] {30 * 24, -90 * 24, 7}) {
            clock.set(clock.instant().plus(Duration.ofHours(hours)));
            assertThat(admit(before, "s:good@example.com")).isInstanceOf(Admission.Known.class);
        }
        before.save(folder.resolve("addresses"), clock);
        // Another process, whose clock begins with the wall clock as it is now.
        ManualClock later = ManualClock.at(clock.instant().plus(Duration.ofHours(1)));
        InMemoryCalloutState after = InMemoryCalloutState.create(CalloutLimits.DEFAULT, later.monotonic());
        after.load(folder.resolve("addresses"), later);
        assertThat(admit(after, "s:good@example.com")).isInstanceOf(Admission.Known.class);
        later.advance(Duration.ofDays(7));
        assertThat(admit(after, "s:good@example.com")).isInstanceOf(Admission.Granted.class);
    }

    @Test
    void loadsNoExpiredEntry() throws IOException {
        InMemoryCalloutState state = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock.monotonic());
        store(state, "s:good@example.com", CalloutReason.ACCEPTED);
        state.save(folder.resolve("addresses"), clock);
        clock.advance(Duration.ofDays(7));
        state.load(folder.resolve("addresses"), clock);
        assertThat(admit(state, "s:good@example.com")).isInstanceOf(Admission.Granted.class);
    }

    @Test
    void skipsDamagedLine() throws IOException {
        Path file = folder.resolve("addresses");
        Map<String, AddressEntry> good = Map.of("k", record(CalloutReason.ACCEPTED));
        PositiveSnapshot.write(file, good, Duration.ZERO);
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
        assertThat(PositiveSnapshot.read(file, 10, Duration.ZERO)).isEqualTo(good);
        assertThat(PositiveSnapshot.read(file, 0, Duration.ZERO)).isEmpty();
    }

    @Test
    void rejectsOtherFile() throws IOException {
        Path file = Files.writeString(folder.resolve("passwd"), "root:x:0:0\n");
        assertThatThrownBy(() -> PositiveSnapshot.read(file, 10, Duration.ZERO)).isInstanceOf(IOException.class);
    }

    private static void store(InMemoryCalloutState state, String key, CalloutReason reason) {
        ProbePermit grant = ((Admission.Granted) admit(state, key)).grant();
        state.apply(new StateUpdate(
                grant, Map.of(key, record(reason)), null, Map.of(), Map.of(), StateUpdate.Tally.NONE, false, null));
        state.release(grant);
    }

    private static AddressEntry record(CalloutReason reason) {
        return new AddressEntry(
                reason,
                null,
                NOW,
                NOW.plus(Duration.ofHours(24)),
                NOW.plus(Duration.ofDays(7)),
                NOW.plus(Duration.ofDays(7)),
                0);
    }

    private static Admission admit(InMemoryCalloutState state, String key) {
        AdmissionRequest question = new AdmissionRequest(key, null, null, key, key, "client", false, 1, true);
        return state.admit(question).toCompletableFuture().join();
    }
}
