package org.senderauth.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.inmemory.InMemoryCalloutState;

/**
 * Carries the addresses that are known to be good over a restart, so that their owners' servers need not be asked again.
 * Without it the service works as well; so trouble with the file is logged and no more.
 */
final class CalloutSnapshotFile {

    private final @Nullable Path file;
    private final InMemoryCalloutState state;
    private final InstantSource clock;
    private final LogQueue log;
    private boolean loaded;

    /**
     * Does nothing yet.
     *
     * @param file where they are kept; null for nowhere
     * @param clock dates what is in the file
     */
    CalloutSnapshotFile(@Nullable Path file, InMemoryCalloutState state, InstantSource clock, LogQueue log) {
        this.file = file;
        this.state = state;
        this.clock = clock;
        this.log = log;
    }

    void load() {
        if (file == null) {
            return;
        }
        try {
            if (Files.exists(file)) {
                state.load(file, clock);
            }
            loaded = true;
        } catch (IOException e) {
            log.line("callouts: " + ErrorText.of(e) + "; what was remembered is lost, and the file is left alone");
        }
    }

    /** Writes them, but never over a file that could not be read. */
    void save() {
        if (file == null || !loaded) {
            return;
        }
        try {
            state.save(file, clock);
        } catch (IOException e) {
            log.line("callouts: what is remembered cannot be kept: " + ErrorText.of(e));
        }
    }
}
