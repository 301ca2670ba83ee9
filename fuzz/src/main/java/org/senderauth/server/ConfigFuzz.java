package org.senderauth.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Configuration files: settings, or a list of problems for a person. */
public final class ConfigFuzz {

    private ConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Path file = Files.createTempFile("fuzz", ".yaml");
            try {
                Files.write(file, data);
                ConfigReader.read(file);
            } catch (IOException | ConfigException expected) {
                // a report to the user
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
