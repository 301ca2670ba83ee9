package org.senderauth.srs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Damaged files of aliases. A store on such a file keeps a new alias. */
public final class AliasFileFuzz {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final String ALIAS = "abcdefghijklmnop";
    private static final String ADDRESS = "alice@example.org";

    private AliasFileFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Path file = Files.createTempFile("fuzz", ".aliases");
            try {
                Files.write(file, data);
                try (FileAliasStore store = open(file)) {
                    store.put(ALIAS, ADDRESS, Duration.ofDays(22)).join();
                }
                try (FileAliasStore store = open(file)) {
                    if (!store.get(ALIAS).join().toString().contains(ADDRESS)) {
                        throw new AssertionError("a new alias is lost");
                    }
                }
            } finally {
                Files.delete(file);
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lock"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileAliasStore open(Path file) throws IOException {
        return FileAliasStore.open(file, 1 << 20, CLOCK);
    }
}
