package org.senderauth.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file in which the service reports the verdict of its last reload: a number that grows with each, {@code success} or
 * {@code failure}, and the problems, one a line. Thread-safe.
 */
public final class ReloadStatus {

    private static final String SUCCESS = "success";
    private static final int MAX_PROBLEMS = 50;

    private final @Nullable Path file;
    private long number;

    /** Creates the status of a service; without a file nothing is written. */
    ReloadStatus(@Nullable Path file) {
        this.file = file;
    }

    /**
     * The verdict of one reload.
     *
     * @param number which one; 0 is the start
     * @param good whether the new configuration is in use
     * @param problems what is wrong with it
     */
    public record Verdict(long number, boolean good, List<String> problems) {

        /** Creates a verdict; the list is copied. */
        public Verdict {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Writes the verdict of the start or of a reload.
     *
     * @param problems what is wrong with the configuration; empty if it is in use
     * @throws IOException if it cannot be written; the file is as it was
     */
    synchronized void write(List<String> problems) throws IOException {
        if (file == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add(number++ + " " + (problems.isEmpty() ? SUCCESS : "failure"));
        problems.stream().limit(MAX_PROBLEMS).map(LogText::safe).forEach(lines::add);
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(whole, lines, StandardCharsets.UTF_8);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(whole);
            throw e;
        }
    }

    /**
     * Reads the last verdict.
     *
     * @param file the file of a running service
     * @return the verdict
     * @throws IOException if there is none, or the file is not one of a service
     */
    public static Verdict read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        String[] first = lines.isEmpty() ? new String[0] : lines.get(0).split(" ");
        if (first.length != 2 || !first[0].matches("[0-9]{1,18}")) {
            throw new IOException(file + ": not a status file of senderauth");
        }
        return new Verdict(Long.parseLong(first[0]), first[1].equals(SUCCESS), lines.subList(1, lines.size()));
    }
}
