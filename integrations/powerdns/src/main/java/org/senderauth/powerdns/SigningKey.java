package org.senderauth.powerdns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.senderauth.core.SecretFiles;

/**
 * The private DNSSEC key with which PowerDNS signs the zones, in the format of BIND and {@code pdnsutil generate-zone-key}.
 * PowerDNS receives it through the socket. Immutable; the key is in no output.
 */
public final class SigningKey {

    private static final String BEGIN = "Private-key-format: v1.";

    private final String text;

    private SigningKey(String text) {
        this.text = text;
    }

    /**
     * Parses the key in a text; text before it, such as the messages of {@code pdnsutil}, is ignored.
     *
     * @param text the text
     * @return the key
     * @throws IllegalArgumentException if the text contains no private key of that format
     */
    public static SigningKey of(String text) {
        int begin = text.indexOf(BEGIN);
        if (begin < 0 || !text.contains("Algorithm: ")) {
            throw new IllegalArgumentException("not a private DNSSEC key: no 'Private-key-format' and 'Algorithm'");
        }
        return new SigningKey(text.substring(begin));
    }

    /**
     * Reads the key in a file.
     *
     * @param file the file; only its owner may write and only owner and group read it
     * @return the key
     * @throws IOException if it cannot be read, others may read it, or it contains no such key; the message names the file
     */
    public static SigningKey read(Path file) throws IOException {
        try {
            return of(new String(SecretFiles.read(file), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Returns the text for PowerDNS. */
    String text() {
        return text;
    }

    /** {@return a text without the key} */
    @Override
    public String toString() {
        return "SigningKey";
    }
}
