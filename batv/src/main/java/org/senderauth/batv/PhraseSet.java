package org.senderauth.batv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Phrases that mail software writes, from {@code bounce-texts.txt}, and a search for all of them in one pass: only where a
 * hash of four characters is that of a phrase's beginning are phrases compared. Immutable and thread-safe.
 */
final class PhraseSet {

    /** The characters hashed of a phrase in an alphabet. */
    private static final int LETTERS = 4;

    /** The first characters of the CJK blocks of Unicode, in which two characters are a word. */
    private static final char CJK = '\u2E80';

    private static final int SIGNS = 2;
    private static final int BUCKETS = 1 << 12;

    private final String[] @Nullable [] buckets = new String[BUCKETS][];

    /** The sections of the file; read once. */
    private static final Map<String, PhraseSet> FILE = read("bounce-texts.txt");

    PhraseSet(List<String> phrases) {
        Map<Integer, List<String>> byHash = new HashMap<>();
        for (String phrase : phrases) {
            if (phrase.length() < beginning(phrase, 0)) {
                throw new IllegalArgumentException(
                        "phrase must have at least 4 letters or 2 signs, was '" + phrase + "'");
            }
            byHash.computeIfAbsent(hash(phrase, 0), hash -> new ArrayList<>()).add(phrase);
        }
        byHash.forEach((hash, list) -> buckets[hash] = list.toArray(String[]::new));
    }

    /** {@return the phrases of a section of {@code bounce-texts.txt}} */
    static PhraseSet of(String section) {
        return Objects.requireNonNull(FILE.get(section), section);
    }

    private static Map<String, PhraseSet> read(String file) {
        Map<String, List<String>> sections = new HashMap<>();
        try (InputStream in = Objects.requireNonNull(PhraseSet.class.getResourceAsStream(file), file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<String> section = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("[")) {
                    section = sections.computeIfAbsent(line.substring(1, line.indexOf(']')), name -> new ArrayList<>());
                } else if (!line.isBlank() && line.charAt(0) != '#') {
                    section.add(line.strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the library's own " + file + " is unreadable", e);
        }
        Map<String, PhraseSet> sets = new HashMap<>();
        sections.forEach((name, phrases) -> sets.put(name, new PhraseSet(phrases)));
        return sets;
    }

    /** {@return whether the text contains a phrase} */
    boolean isIn(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isAt(text, i)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether the text begins with a phrase} */
    boolean begins(String text) {
        return !text.isEmpty() && isAt(text, 0);
    }

    private boolean isAt(String text, int at) {
        String[] candidates = at + beginning(text, at) > text.length() ? null : buckets[hash(text, at)];
        if (candidates != null) {
            for (String phrase : candidates) {
                if (text.startsWith(phrase, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int beginning(String text, int at) {
        return text.charAt(at) < CJK ? LETTERS : SIGNS;
    }

    private static int hash(String text, int at) {
        int hash = text.charAt(at) * 31 + text.charAt(at + 1);
        if (text.charAt(at) < CJK) {
            hash = (hash * 31 + text.charAt(at + 2)) * 31 + text.charAt(at + 3);
        }
        return (hash ^ hash >>> 12) & BUCKETS - 1;
    }
}
