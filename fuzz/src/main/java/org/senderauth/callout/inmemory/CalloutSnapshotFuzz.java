package org.senderauth.callout.inmemory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.core.MonotonicClock;

/** Damaged files of remembered callout results. What was loaded is saved as a file that is loaded again. */
public final class CalloutSnapshotFuzz {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private CalloutSnapshotFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Path file = Files.createTempFile("fuzz", ".callouts");
            try {
                Files.write(file, data);
                InMemoryCalloutState state = state();
                try {
                    state.load(file, CLOCK);
                } catch (IOException expected) {
                    return; // a report to the user
                }
                state.save(file, CLOCK);
                state().load(file, CLOCK);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InMemoryCalloutState state() {
        return InMemoryCalloutState.create(CalloutLimits.DEFAULT, MonotonicClock.system());
    }
}
