package org.senderauth.ses;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.SecretKey;
import org.senderauth.core.MailDomain;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SecretText;

/**
 * Reads a keyring from a file of secrets, one key a line, each domain's newest first:
 *
 * <pre>{@code
 * # domain      algorithm    layout   secret          what else
 * example.org   hmac-sha1    80/2/10  sa1.5f3a...c2.0c4e91aa   (hexadecimal, with a checksum by SecretText)
 * example.org   hmac-sha1    80/2/10  5f3a...c2       (hexadecimal, at least 16 bytes)
 * example.org   hmac-sha1    80/2/10  0b11...7e       retired 2026-11-01T00:00:00Z
 * example.net   hmac-sha256  80/2/10  master:99aa...  (the domain's key is derived from it)
 * example.com   hmac-sha1    80/2/10  weak:shhh!      (a pysrs secret, however short, as it is)
 * }</pre>
 *
 * <p>The layout is {@code hashBits/fractionBits/expirationDays}. No error shows a secret.
 */
public final class SesKeyFile {

    private static final String MASTER = "master:";
    private static final String WEAK = "weak:";
    private static final String RETIRED = "retired";

    private SesKeyFile() {}

    /**
     * Reads a file.
     *
     * @param file the file; others than its owner and group must not be able to read it
     * @return the keyring
     * @throws IOException if it cannot be read, is open to others, or a line is wrong; the message names file and line
     */
    public static SesKeyring read(Path file) throws IOException {
        String text = new String(SecretFiles.read(file), StandardCharsets.UTF_8);
        SesKeyring.Builder keyring = SesKeyring.builder();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String content = line.strip();
            if (content.isEmpty() || content.startsWith("#")) {
                continue;
            }
            try {
                add(keyring, content.split("\\s+"));
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new IOException(file + " line " + number + ": " + e.getMessage(), e);
            }
        }
        try {
            return keyring.build();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The line of a new key.
     *
     * @param domain the domain
     * @param secret the secret; it must give its octets
     * @param algorithm the MAC
     * @param layout the layout
     * @param master whether the domain's key is to be derived from the secret
     * @return the line, without a line break; it holds the secret
     */
    public static String line(
            String domain, SecretKey secret, SesAlgorithm algorithm, SesLayout layout, boolean master) {
        return MailDomain.require(domain, "domain")
                + ' '
                + name(algorithm)
                + ' '
                + layout.hashBits()
                + '/'
                + layout.fractionBits()
                + '/'
                + layout.expirationDays()
                + ' '
                + (master ? MASTER : "")
                + SecretText.of(HexFormat.of().formatHex(secret.getEncoded()));
    }

    private static void add(SesKeyring.Builder keyring, String[] words) {
        boolean retired = words.length == 6 && words[4].equals(RETIRED);
        if (words.length != 4 && !retired) {
            throw new IllegalArgumentException(
                    "a key has a domain, an algorithm, a layout, a secret, and perhaps 'retired INSTANT'");
        }
        SesAlgorithm algorithm = algorithm(words[1]);
        SesLayout layout = layout(words[2]);
        SecretKey secret = words[3].startsWith(MASTER)
                ? SesKeyring.derived(hex(words[3].substring(MASTER.length())), words[0])
                : words[3].startsWith(WEAK)
                        ? SecretKeys.ofWeak(words[3].substring(WEAK.length()).getBytes(StandardCharsets.UTF_8))
                        : hex(words[3]);
        SesKey key = SesKey.of(secret, algorithm, layout);
        keyring.add(words[0], retired ? key.retired(Instant.parse(words[5])) : key);
    }

    private static SecretKey hex(String text) {
        String body = SecretText.body(text);
        byte[] octets;
        try {
            octets = HexFormat.of().parseHex(body);
        } catch (IllegalArgumentException e) {
            // Its message would show the secret.
            throw new IllegalArgumentException("the secret is not hexadecimal");
        }
        return SecretKeys.of(octets);
    }

    /**
     * The algorithm that a key file means.
     *
     * @param text {@code hmac-sha1} or {@code hmac-sha256}
     * @return the algorithm
     * @throws IllegalArgumentException if it is neither
     */
    public static SesAlgorithm algorithm(String text) {
        for (SesAlgorithm algorithm : SesAlgorithm.values()) {
            if (name(algorithm).equals(text)) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException("the algorithm is hmac-sha1 or hmac-sha256");
    }

    /**
     * The layout that a key file means.
     *
     * @param text {@code hashBits/fractionBits/expirationDays}
     * @return the layout
     * @throws IllegalArgumentException if it is none
     */
    public static SesLayout layout(String text) {
        if (!text.matches("[0-9]{1,4}/[0-9]{1,4}/[0-9]{1,4}")) {
            throw new IllegalArgumentException("a layout is hashBits/fractionBits/expirationDays, such as 80/2/10");
        }
        String[] numbers = text.split("/");
        return new SesLayout(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]));
    }

    private static String name(SesAlgorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
