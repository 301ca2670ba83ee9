package org.senderauth.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files of UTF-8 text that the administrator writes. */
final class TextFile {

    private TextFile() {}

    /**
     * Reads a file.
     *
     * @param maxBytes the size above which it is rejected
     * @return its text
     * @throws IOException if it cannot be read, is too large or is not UTF-8; the message names it, and the line
     */
    static String read(Path file, int maxBytes) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a directory; name a file");
        }
        if (!Files.exists(file)) {
            throw new IOException(file + ": no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": not a regular file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(maxBytes + 1);
        }
        if (bytes.length > maxBytes) {
            throw new IOException(file + ": larger than " + maxBytes + " bytes");
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(rest, text, true);
        if (result.isError()) {
            throw new IOException(file + ":" + line(bytes, rest.position()) + ": not valid UTF-8; save it as UTF-8");
        }
        return text.flip().toString();
    }

    private static int line(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
