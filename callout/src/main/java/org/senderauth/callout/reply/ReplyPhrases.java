package org.senderauth.callout.reply;

import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words of a row: a regular expression that matches whole words, except in scripts without spaces between words, or
 * for a whole text. Immutable apart from what it has found out about itself; thread-safe.
 *
 * <p>Finds what {@link Matcher#find} finds, and tries far fewer positions: only those where a word starts, and only if the
 * first two characters can start a match.
 */
final class ReplyPhrases {

    private static final String WORD_BEFORE = "(?<![\\p{L}\\p{N}])";
    private static final String WORD_AFTER = "(?![\\p{L}\\p{N}])";

    private static final Pattern NO_SPACES =
            Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}\\p{IsThai}]");

    // The characters of ASCII that occur in a text (ReplyText), and their places in a table.
    private static final String TABLE = " abcdefghijklmnopqrstuvwxyz0123456789.@%~";
    private static final byte[] PLACES = places();
    private static final byte CAN_START = 1;
    private static final byte CANNOT_START = 2;

    // A letter and a number that no row contains.
    private static final String OTHERS = "\uA66E\u0663";

    private final Pattern pattern;
    private final boolean wholeText;
    private final boolean anywhere;

    // Indexed by two characters' places in TABLE, of which the second may be missing. Threads may compute the same byte
    // twice, with the same result.
    private final byte[] pairs = new byte[TABLE.length() * (TABLE.length() + 1)];

    // The characters beyond ASCII that can start a match; null for any.
    private final @Nullable String starts;

    // Whether a match within a text counts; given the text and the match.
    private final BiPredicate<String, MatchResult> condition;

    ReplyPhrases(String words) {
        this(words, (text, found) -> true);
    }

    /** Words that count only where a condition holds for the text and a match. */
    ReplyPhrases(String words, BiPredicate<String, MatchResult> condition) {
        this.condition = condition;
        String unaccented = ReplyText.unaccented(words);
        wholeText = words.startsWith("^");
        anywhere = NO_SPACES.matcher(words).find();
        pattern = Pattern.compile(
                wholeText || anywhere ? unaccented : WORD_BEFORE + "(?:" + unaccented + ")" + WORD_AFTER);
        starts = OTHERS.chars().anyMatch(c -> canStart((char) c + "")) ? null : startsOf(unaccented);
    }

    private static byte[] places() {
        byte[] places = new byte['~' + 1];
        for (char c = 0; c < places.length; c++) {
            places[c] = (byte) TABLE.indexOf(c);
        }
        return places;
    }

    private static int place(char c) {
        return c < PLACES.length ? PLACES[c] : -1;
    }

    private String startsOf(String words) {
        StringBuilder found = new StringBuilder();
        words.chars().filter(c -> c > '~' && canStart((char) c + "")).distinct().forEach(c -> found.append((char) c));
        return found.toString();
    }

    // If the end of the text made no difference, no other text with this start matches there.
    private boolean canStart(String start) {
        Matcher matcher = pattern.matcher(start);
        return matcher.lookingAt() || matcher.hitEnd();
    }

    private boolean canStart(String text, int at) {
        char first = text.charAt(at);
        int row = place(first);
        if (row < 0) {
            return first <= '~' || starts == null || starts.indexOf(first) >= 0;
        }
        boolean last = at + 1 == text.length();
        int column = last ? TABLE.length() : place(text.charAt(at + 1));
        if (column < 0) {
            return true;
        }
        int pair = row * (TABLE.length() + 1) + column;
        if (pairs[pair] == 0) {
            boolean can = last ? pattern.matcher(text.substring(at)).lookingAt() : canStart(text.substring(at, at + 2));
            pairs[pair] = can ? CAN_START : CANNOT_START;
        }
        return pairs[pair] == CAN_START;
    }

    /** Tests whether a match in a text counts. */
    boolean counts(String text, MatchResult found) {
        return wholeText || condition.test(text, found);
    }

    /** Tests whether a text contains a match. */
    boolean isIn(SearchedText text) {
        if (wholeText) {
            return pattern.matcher(text).find();
        }
        Search search = new Search(text);
        return search.next();
    }

    /** Tests whether a text contains a match of some kind. */
    boolean isIn(SearchedText text, Predicate<MatchResult> kind) {
        if (wholeText) {
            return pattern.matcher(text).results().anyMatch(kind);
        }
        for (Search search = new Search(text); search.next(); ) {
            if (kind.test(search.found())) {
                return true;
            }
        }
        return false;
    }

    /** Returns a text with other words for each match. */
    SearchedText replacedIn(SearchedText text, Function<MatchResult, String> replacement) {
        if (wholeText) {
            return text.with(
                    pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(replacement.apply(found))));
        }
        Search search = new Search(text);
        if (!search.next()) {
            return text;
        }
        String all = text.toString();
        StringBuilder replaced = new StringBuilder();
        int end = 0;
        do {
            MatchResult found = search.found();
            replaced.append(all, end, found.start()).append(replacement.apply(found));
            end = found.end();
        } while (search.next());
        return text.with(replaced.append(all, end, all.length()).toString());
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }

    /** The matches in a text, from left to right. */
    private final class Search {

        private final SearchedText text;
        private final String characters;
        private final int @Nullable [] positions;
        private final int count;
        private @Nullable Matcher matcher;
        private int next;
        private int from;

        Search(SearchedText text) {
            this.text = text;
            characters = text.toString();
            positions = anywhere ? null : text.starts();
            count = positions == null ? text.positions() : positions.length;
        }

        boolean next() {
            while (next < count) {
                int start = positions == null ? next : positions[next];
                next++;
                if (start >= from && canStart(characters, start) && matchesAt(start)) {
                    return true;
                }
            }
            return false;
        }

        private boolean matchesAt(int start) {
            if (matcher == null) {
                matcher = pattern.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
            }
            boolean matches = matcher.region(start, characters.length()).lookingAt() && counts(characters, matcher);
            if (matches) {
                text.countMatch();
                from = matcher.end();
            }
            return matches;
        }

        MatchResult found() {
            if (matcher == null) {
                throw new IllegalStateException("no match");
            }
            return matcher;
        }
    }
}
