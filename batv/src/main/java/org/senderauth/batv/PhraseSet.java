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
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Phrases that mail software writes, from {@code bounce-texts.txt}, and a search for all of them in one pass: only where a
 * hash of four characters is that of a phrase's four rarest are phrases compared. Immutable and thread-safe.
 */
final class PhraseSet {

    /** The characters hashed of a phrase in an alphabet. */
    private static final int LETTERS = 4;

    /** The first characters of the CJK blocks of Unicode, in which two characters are a word. */
    private static final char CJK = '\u2E80';

    private static final int SIGNS = 2;
    private static final int BUCKET_BITS = 12;
    private static final int BUCKETS = 1 << BUCKET_BITS;

    /** A phrase, and where in it the characters are that are hashed. */
    private record Entry(String phrase, int offset) {}

    /** By the hash of the rarest characters. */
    private final Entry[] @Nullable [] anywhere;

    /** By the hash of the first characters. */
    private final Entry[] @Nullable [] first;

    /** The sections of the file; read once. */
    private static final Map<String, PhraseSet> FILE = read("bounce-texts.txt");

    PhraseSet(List<String> phrases) {
        int[] uses = new int[BUCKETS];
        for (String phrase : phrases) {
            if (phrase.length() < letters(phrase)) {
                throw new IllegalArgumentException(
                        "phrase must have at least 4 letters or 2 signs, was '" + phrase + "'");
            }
            for (int at = 0; at + LETTERS <= phrase.length(); at++) {
                uses[hash(phrase, at, LETTERS)]++;
            }
        }
        this.anywhere = buckets(phrases, phrase -> rarest(phrase, uses));
        this.first = buckets(phrases, phrase -> 0);
    }

    // Where several phrases begin alike, as "your message" does in all mail, each is found by what only it contains.
    private static int rarest(String phrase, int[] uses) {
        int rarest = 0;
        for (int at = 1; letters(phrase) == LETTERS && at + LETTERS <= phrase.length(); at++) {
            if (uses[hash(phrase, at, LETTERS)] < uses[hash(phrase, rarest, LETTERS)]) {
                rarest = at;
            }
        }
        return rarest;
    }

    private static Entry[] @Nullable [] buckets(List<String> phrases, ToIntFunction<String> offset) {
        Map<Integer, List<Entry>> byHash = new HashMap<>();
        for (String phrase : phrases) {
            Entry entry = new Entry(phrase, offset.applyAsInt(phrase));
            byHash.computeIfAbsent(hash(phrase, entry.offset(), letters(phrase)), hash -> new ArrayList<>())
                    .add(entry);
        }
        Entry[] @Nullable [] buckets = new Entry[BUCKETS][];
        byHash.forEach((hash, list) -> buckets[hash] = list.toArray(Entry[]::new));
        return buckets;
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
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            hash = next(hash, c);
            if (i >= LETTERS - 1 && isOneAt(anywhere[hash], text, i - LETTERS + 1)
                    || c >= CJK && i + SIGNS <= text.length() && isOneAt(anywhere[hash(text, i, SIGNS)], text, i)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether the text begins with a phrase} */
    boolean begins(String text) {
        int letters = text.isEmpty() ? 1 : letters(text);
        return text.length() >= letters && isOneAt(first[hash(text, 0, letters)], text, 0);
    }

    private static boolean isOneAt(Entry @Nullable [] entries, String text, int at) {
        if (entries != null) {
            for (Entry entry : entries) {
                if (text.startsWith(entry.phrase(), at - entry.offset())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int letters(String text) {
        return text.charAt(0) < CJK ? LETTERS : SIGNS;
    }

    private static int hash(String text, int at, int count) {
        int hash = 0;
        for (int i = at; i < at + count; i++) {
            hash = next(hash, text.charAt(i));
        }
        return hash;
    }

    // Mixed so that letters, which have their upper bits in common, spread. Four characters later, one is shifted out.
    private static int next(int before, char c) {
        return (before << BUCKET_BITS / LETTERS ^ (c * 0x9e5 >>> 3)) & BUCKETS - 1;
    }
}
