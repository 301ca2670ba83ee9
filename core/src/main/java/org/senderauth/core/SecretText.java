package org.senderauth.core;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * Generated secrets as text that contains a checksum, so a truncated or changed copy is detected when it is read:
 * {@code sa1.BODY.CHECK}, where {@code CHECK} is the CRC-32 of {@code sa1.BODY} in eight hexadecimal digits. It detects
 * accidents; it does not protect against an attacker who can write the file.
 *
 * <p>Text without the prefix {@code sa1.} is accepted unchanged: other programs write secrets without a checksum. No
 * method prints a secret or puts it into an exception. Stateless.
 */
public final class SecretText {

    private static final String PREFIX = "sa1.";

    private SecretText() {}

    /**
     * Generates a secret of 56 printable characters from 256 random bits. All of them are the key, including the checksum:
     * Exim, batv-tools and PostSRSd use the text of a file as it is, and Exim at most 64 bytes.
     *
     * @param random the source of its bits
     * @return the secret
     */
    public static String generate(SecureRandom random) {
        byte[] bits = SecretKeys.generate(random).getEncoded();
        return of(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /**
     * Adds prefix and checksum.
     *
     * @param body the secret, printable characters without a space
     * @return the text
     */
    public static String of(String body) {
        String checked = PREFIX + Objects.requireNonNull(body, "body");
        return checked + '.' + checksum(checked);
    }

    /**
     * Verifies the checksum and removes it with the prefix.
     *
     * @param text a text by {@link #of}, or any other text
     * @return the body; another text unchanged
     * @throws IllegalArgumentException if the text, without leading and trailing white space, has the prefix, but is incomplete or changed
     */
    public static String body(String text) {
        if (!text.strip().startsWith(PREFIX)) {
            return text;
        }
        if (isIntact(text)) {
            return text.substring(PREFIX.length(), text.lastIndexOf('.'));
        }
        throw new IllegalArgumentException(
                isIntact(text.strip())
                        ? "spaces or newlines were added to the key; remove them"
                        : "the key is incomplete or changed, its checksum is wrong; copy it again from where it is intact");
    }

    private static boolean isIntact(String text) {
        int dot = text.lastIndexOf('.');
        return dot >= PREFIX.length()
                && text.startsWith(PREFIX)
                && checksum(text.substring(0, dot)).equals(text.substring(dot + 1));
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
