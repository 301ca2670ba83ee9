package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.state.InMemoryCalloutState;

/**
 * Carries the addresses that are known to be good over a restart, so that their owners' servers need not be asked again.
 * Without it the service works as well; so trouble with the file is logged and no more.
 */
final class RememberedCallouts {

    private final @Nullable Path file;
    private final InMemoryCalloutState state;
    private final PrintWriter log;
    private boolean loaded;

    /**
     * Does nothing yet.
     *
     * @param file where they are kept; null for nowhere
     */
    RememberedCallouts(@Nullable Path file, InMemoryCalloutState state, PrintWriter log) {
        this.file = file;
        this.state = state;
        this.log = log;
    }

    void load() {
        if (file == null) {
            return;
        }
        try {
            if (Files.exists(file)) {
                state.load(file);
            }
            loaded = true;
        } catch (IOException e) {
            log.println("callouts: " + Reasons.of(e) + "; what was remembered is lost, and the file is left alone");
        }
    }

    /** Writes them, but never over a file that could not be read. */
    void save() {
        if (file == null || !loaded) {
            return;
        }
        try {
            state.save(file);
        } catch (IOException e) {
            log.println("callouts: what is remembered cannot be kept: " + Reasons.of(e));
        }
    }
}
