package org.senderauth.srs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.SecretKey;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SecretText;

/**
 * Reads a file of secrets as PostSRSd has it: one secret a line, of which the first signs and all verify. Empty lines
 * are skipped; the newline is not part of a secret. The file is a secret by {@link SecretFiles}. Stateless.
 */
public final class SrsKeyFile {

    private SrsKeyFile() {}

    /**
     * Reads the secrets of our own keys.
     *
     * @param file the file
     * @return the keys in the order of the lines, one or more
     * @throws IOException if the file cannot be read or is open to others, has no secret or too many, or one is incomplete
     *     by {@link SecretText} or shorter than {@value SecretKeys#MINIMUM_OCTETS} bytes; the message names file, line and fix, never a secret
     */
    public static List<SecretKey> read(Path file) throws IOException {
        return read(file, SecretKeys.MINIMUM_OCTETS);
    }

    /**
     * Reads the secrets of a predecessor, however short.
     *
     * @param file the file, such as {@code /etc/postsrsd.secret}
     * @return the keys in the order of the lines, one or more
     * @throws IOException if the file cannot be read or is open to others, or has no secret or too many
     */
    public static List<SecretKey> readWeak(Path file) throws IOException {
        return read(file, 1);
    }

    private static List<SecretKey> read(Path file, int minimum) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(SecretFiles.read(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": not a text file; expected one secret a line", e);
        }
        List<SecretKey> keys = new ArrayList<>();
        String[] lines = text.split("\r?\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isEmpty()) {
                continue;
            }
            byte[] octets = lines[i].getBytes(StandardCharsets.UTF_8);
            if (octets.length < minimum) {
                throw new IOException(file + ":" + (i + 1) + ": a secret must have at least " + minimum
                        + " bytes, this has " + octets.length + "; generate one with: senderauth srs keygen FILE");
            }
            try {
                SecretText.body(lines[i]);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
            }
            keys.add(SecretKeys.ofWeak(octets));
        }
        if (keys.isEmpty()) {
            throw new IOException(file + ": no secret in it; generate one with: senderauth srs keygen FILE");
        }
        if (keys.size() > SrsKeyring.MAX_KEYS) {
            throw new IOException(
                    file + ": more than " + SrsKeyring.MAX_KEYS + " secrets; remove those that ended long ago");
        }
        return keys;
    }

    /**
     * Returns the keyring of our own keys in a file.
     *
     * @param file the file
     * @return a builder, to which the keys of a predecessor may be added
     * @throws IOException as {@link #read}
     */
    public static SrsKeyring.Builder keyring(Path file) throws IOException {
        SrsKeyring.Builder keys = SrsKeyring.builder();
        List<SecretKey> own = read(file);
        keys.sign(own.get(0));
        own.subList(1, own.size()).forEach(keys::verify);
        return keys;
    }
}
