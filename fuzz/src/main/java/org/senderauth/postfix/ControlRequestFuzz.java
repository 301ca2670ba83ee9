package org.senderauth.postfix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.senderauth.server.control.ControlProtocol;
import org.senderauth.server.control.HistoryRequests;
import org.senderauth.server.history.HistoryDirectory;

/** Requests on the control socket, with the filters of the history, each answered. */
public final class ControlRequestFuzz {

    private static final ControlProtocol PROTOCOL = new ControlProtocol(new HistoryRequests(
            new HistoryDirectory(emptyDirectory()), InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"))));

    private ControlRequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        RequestFuzz.readAll(PROTOCOL, data);
    }

    private static Path emptyDirectory() {
        try {
            Path directory = Files.createTempDirectory("fuzz");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
