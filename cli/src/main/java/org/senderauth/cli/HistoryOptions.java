package org.senderauth.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.control.ControlClient;
import org.senderauth.server.control.RemoteHistory;
import org.senderauth.server.history.HistoryDirectory;
import org.senderauth.server.history.HistorySource;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that select a history, as a mixin. */
final class HistoryOptions {

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "Control socket of the service (default: " + ControlClient.DEFAULT_SOCKET + ").")
    @Nullable
    Path control;

    @Option(names = "--directory", paramLabel = "DIR", description = "Read the files in this directory instead.")
    @Nullable
    Path directory;

    /** Returns the history: the files, or that of the running service. */
    HistorySource source(CommandLine command) {
        if (directory == null) {
            return new RemoteHistory(client(control));
        }
        if (control != null) {
            throw new ParameterException(command, "--control cannot be combined with --directory");
        }
        if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
            throw new ParameterException(command, directory + ": not a readable directory");
        }
        return new HistoryDirectory(directory);
    }

    static ControlClient client(@Nullable Path control) {
        return new ControlClient(control == null ? Path.of(ControlClient.DEFAULT_SOCKET) : control);
    }
}
