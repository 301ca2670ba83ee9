package org.senderauth.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that the command reads: mailboxes, logs, lists of domains, earlier results. A bad one is an IOException. */
public final class CommandFilesFuzz {

    private CommandFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        LogSummary summary = new LogSummary();
        text.lines().forEach(summary::add);
        try {
            MboxReader mbox = new MboxReader(new ByteArrayInputStream(data));
            while (mbox.next() != null) {
                // reads on
            }
            Path file = Files.createTempFile("fuzz", ".txt");
            try {
                Files.write(file, data);
                read(() -> readDomains(file));
                read(() -> PreviousWatch.read(file));
                if (!text.contains("$INCLUDE") && !text.contains("$GENERATE")) {
                    read(() -> FlattenedFile.read(file, "example.org"));
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Reading {
        void run() throws IOException;
    }

    private static void read(Reading reading) {
        try {
            reading.run();
        } catch (IOException expected) {
            // a report to the user
        }
    }

    private static void readDomains(Path file) throws IOException {
        try (DomainList domains = DomainList.open(file)) {
            while (domains.next() != null) {
                // reads on
            }
        }
    }
}
