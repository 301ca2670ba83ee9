package org.senderauth.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretText;

/** New keys in new files, for the keygen commands. Stateless. */
final class KeyFiles {

    private KeyFiles() {}

    /** A key of 56 printable characters, generated from 256 random bits, with a checksum. */
    static String printableKey() {
        return SecretText.generate(new SecureRandom());
    }

    /** Writes a file that only its owner may read; an existing one stays, and the message says what to do then. */
    static void create(Path file, String text, String ifItExists) throws IOException {
        try {
            SecretFiles.create(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + ": exists already; " + ifItExists, e);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such folder", e);
        }
    }
}
