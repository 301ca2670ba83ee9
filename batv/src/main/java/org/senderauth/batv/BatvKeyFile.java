package org.senderauth.batv;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;

/**
 * Reads the keys of a host's domains from a text file. The file is a secret by {@link SecretFiles}, as are the files
 * that it names.
 *
 * <pre>{@code
 * # a comment
 * [example.org example.net]                       # these domains share the keys below
 * sign   1 2026b.key                              # the bytes of that file, next to this one
 * verify 0 2026a.key until 2026-12-01             # until 00:00 UTC; or an instant: 2026-12-01T06:00:00Z
 * verify 2 hex:736563726574 short                 # "short" allows less than 16 bytes
 *
 * [*]                                             # every other domain
 * derive                                          # the keys are masters, from which each domain's are derived
 * sign   0 master.key
 * }</pre>
 *
 * <p>A file that {@code senderauth batv keygen} wrote, which is one key without any space or newline, is read too: that key
 * is number 0 and signs for every domain.
 */
public final class BatvKeyFile {

    private static final String ALL_OTHERS = "*";

    private static final Pattern LINE_WITH_KEY =
            Pattern.compile("(?m)^[ \\t]*(?:sign|verify)[ \\t]+[0-9][ \\t]+[^\\s]");

    private final Path file;
    private final Map<String, BatvKeyring> keyrings = new HashMap<>();
    private @Nullable BatvKeys others;
    private @Nullable Section section;
    private int number;

    private BatvKeyFile(Path file) {
        this.file = file;
    }

    /** The lines after one header line. */
    private static final class Section {

        private final List<String> domains;
        private final int line;
        private final BatvKeyring.Builder keys = BatvKeyring.builder();
        private boolean derive;

        Section(List<String> domains, int line) {
            this.domains = domains;
            this.line = line;
        }
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return the keys
     * @throws IOException if it or a file it names cannot be read or is open to others, or a line is wrong; the message
     *     names file, line and remedy, and never a key
     */
    public static BatvKeys read(Path file) throws IOException {
        return new BatvKeyFile(file).parse();
    }

    /**
     * Reads a file whose bytes are one key. A file for {@link #read} is rejected: its text as a key would be one that an
     * attacker can guess.
     *
     * @param file the file
     * @return its bytes, nothing trimmed
     * @throws IOException as {@link SecretFiles#readKey}, or if the file is a list of keys
     */
    public static byte[] readKey(Path file) throws IOException {
        byte[] octets = SecretFiles.readKey(file);
        if (LINE_WITH_KEY
                .matcher(new String(octets, StandardCharsets.ISO_8859_1))
                .find()) {
            throw new IOException(
                    file + ": this is a list of keys and not a key; name it under \"keys\", not \"key-file\"");
        }
        return octets;
    }

    private BatvKeys parse() throws IOException {
        byte[] content = SecretFiles.readKey(file);
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": this is no text; a raw key is named in a line such as: sign 0 raw.key", e);
        }
        if (isBareKey(text)) {
            return BatvKeys.of(BatvKeyring.of(SecretKeys.of(content)));
        }
        for (String line : text.split("\n", -1)) {
            number++;
            String words = line.replaceFirst("(^|\\s)#.*", "").strip();
            if (!words.isEmpty()) {
                line(words);
            }
        }
        end();
        if (keyrings.isEmpty() && others == null) {
            throw new IOException(file + ": there are no keys; begin with [example.org] and a line: sign 0 FILE");
        }
        return others == null ? BatvKeys.perDomain(keyrings) : BatvKeys.perDomain(keyrings, others);
    }

    // No line of a file with domains is one word of this length, except its header.
    private static boolean isBareKey(String text) {
        return text.length() >= SecretKeys.MINIMUM_OCTETS
                && !text.startsWith("[")
                && !text.startsWith("#")
                && text.chars().noneMatch(Character::isWhitespace);
    }

    private void line(String content) throws IOException {
        if (content.startsWith("[")) {
            end();
            header(content);
            return;
        }
        Section current = section;
        if (current == null) {
            throw wrong("the keys of which domain? put [example.org] or [*] before this line");
        }
        String[] words = content.split("\\s+");
        if (words[0].equals("derive") && words.length == 1) {
            current.derive = true;
        } else if (words.length >= 3 && (words[0].equals("sign") || words[0].equals("verify"))) {
            key(current, words);
        } else {
            throw wrong("a line is one of: [DOMAIN ...], derive, sign NUMBER FILE, verify NUMBER FILE [until DATE]");
        }
    }

    private void header(String content) throws IOException {
        String inside = content.endsWith("]")
                ? content.substring(1, content.length() - 1).strip()
                : "";
        if (inside.isEmpty()) {
            throw wrong("name the domains in brackets: [example.org example.net], or [*]");
        }
        List<String> domains = new ArrayList<>();
        for (String word : inside.toLowerCase(Locale.ROOT).split("[\\s,]+")) {
            domains.add(domain(word));
        }
        for (String domain : domains) {
            if (domain.equals(ALL_OTHERS) ? others != null || domains.size() > 1 : keyrings.containsKey(domain)) {
                throw wrong(domain + " has keys already; a domain is in one pair of brackets only, and [*] is alone");
            }
        }
        section = new Section(domains, number);
    }

    private String domain(String word) throws IOException {
        try {
            return word.equals(ALL_OTHERS) ? word : MailDomain.require(word, "a domain");
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    // sign NUMBER KEY [short] ; verify NUMBER KEY [until DATE] [short]
    private void key(Section current, String[] words) throws IOException {
        boolean signs = words[0].equals("sign");
        Instant until = null;
        boolean allowShort = false;
        for (int i = 3; i < words.length; i++) {
            if (words[i].equals("short")) {
                allowShort = true;
            } else if (words[i].equals("until") && !signs && i + 1 < words.length) {
                until = instant(words[++i]);
            } else {
                throw wrong("after the key only \"short\" and, for verify, \"until DATE\" are allowed");
            }
        }
        if (!words[1].matches("[0-9]")) {
            throw wrong("the number of a key is one digit, 0 to 9");
        }
        int slot = words[1].charAt(0) - '0';
        SecretKey key = secret(words[2], allowShort);
        try {
            if (signs) {
                current.keys.sign(slot, key);
            } else if (until == null) {
                current.keys.verify(slot, key);
            } else {
                current.keys.retired(slot, key, until);
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw wrong(e.getMessage());
        }
    }

    private Instant instant(String word) throws IOException {
        try {
            return word.indexOf('T') < 0
                    ? LocalDate.parse(word).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(word);
        } catch (DateTimeParseException e) {
            throw wrong("'" + word + "' is no date such as 2026-12-01 or 2026-12-01T06:00:00Z");
        }
    }

    // The word may be a key in the wrong place, so no message repeats it.
    private SecretKey secret(String word, boolean allowShort) throws IOException {
        byte[] octets;
        if (word.startsWith("hex:")) {
            try {
                octets = HexFormat.of().parseHex(word.substring("hex:".length()));
            } catch (IllegalArgumentException e) {
                throw wrong("hex: must be followed by pairs of hexadecimal digits");
            }
        } else {
            octets = file(word);
        }
        if (octets.length == 0 || !allowShort && octets.length < SecretKeys.MINIMUM_OCTETS) {
            throw wrong("a key has at least " + SecretKeys.MINIMUM_OCTETS + " octets and this has " + octets.length
                    + "; for peers with a shorter one add: short");
        }
        return SecretKeys.ofWeak(octets);
    }

    private byte[] file(String word) throws IOException {
        Path key;
        try {
            key = file.resolveSibling(word);
        } catch (InvalidPathException e) {
            throw wrong("a key is the name of a file, or hex: and its digits");
        }
        try {
            return readKey(key);
        } catch (IOException e) {
            throw wrong("the key file cannot be used: " + e.getMessage());
        }
    }

    private void end() throws IOException {
        Section done = section;
        if (done == null) {
            return;
        }
        BatvKeyring keys;
        try {
            keys = done.keys.build();
        } catch (IllegalStateException e) {
            throw new IOException(file + ":" + done.line + ": " + e.getMessage() + ": sign NUMBER FILE");
        }
        for (String domain : done.domains) {
            if (domain.equals(ALL_OTHERS)) {
                others = done.derive ? BatvKeys.derivedFrom(keys) : BatvKeys.of(keys);
            } else {
                keyrings.put(domain, done.derive ? keys.derive(domain) : keys);
            }
        }
    }

    private IOException wrong(@Nullable String problem) {
        return new IOException(file + ":" + number + ": " + problem);
    }
}
