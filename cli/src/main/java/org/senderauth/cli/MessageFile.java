package org.senderauth.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a message from a file or from standard input. */
final class MessageFile {

    /** The maximum size of a message in bytes. */
    static final int MAX_BYTES = 64 << 20;

    private MessageFile() {}

    /** The message with CRLF newlines: one that is stored with LF newlines is converted, any other is left as it is. */
    static byte[] read(String file, InputStream standardInput) throws IOException {
        if (file.equals("-")) {
            return limited(file, standardInput);
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new IOException(file + ": cannot be read");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return limited(file, in);
        }
    }

    private static byte[] limited(String file, InputStream in) throws IOException {
        byte[] message = in.readNBytes(MAX_BYTES + 1);
        if (message.length > MAX_BYTES) {
            throw new IOException(file + ": a message must have at most " + MAX_BYTES + " bytes");
        }
        return withCrLf(message);
    }

    static byte[] withCrLf(byte[] message) {
        ByteArrayOutputStream converted = new ByteArrayOutputStream(message.length + 1024);
        for (int i = 0; i < message.length; i++) {
            if (message[i] == '\n') {
                if (i > 0 && message[i - 1] == '\r') {
                    return message;
                }
                converted.write('\r');
            }
            converted.write(message[i]);
        }
        return converted.toByteArray();
    }
}
