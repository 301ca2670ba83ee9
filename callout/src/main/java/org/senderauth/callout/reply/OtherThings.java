package org.senderauth.callout.reply;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The words in {@code other-things.txt} for all that a reply may call unknown, invalid or closed besides a mailbox: "user
 * rejected, reason unknown", "invalid certificate of the user". Where one is between a mailbox and its adjective, or follows
 * both, it is not the mailbox that is meant.
 */
final class OtherThings {

    private static final List<String> WORDS = words();

    private static final Set<String> EXACT = WORDS.stream()
            .filter(word -> !word.endsWith("-") && !word.startsWith("*"))
            .collect(Collectors.toUnmodifiableSet());

    private static final List<String> STARTS = WORDS.stream()
            .filter(word -> word.endsWith("-"))
            .map(word -> word.substring(0, word.length() - 1))
            .toList();

    // Within texts that have no spaces between words.
    private static final List<String> PARTS = WORDS.stream()
            .filter(word -> word.startsWith("*"))
            .map(word -> word.substring(1))
            .toList();

    private OtherThings() {}

    private static List<String> words() {
        try (InputStream file = OtherThings.class.getResourceAsStream("other-things.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .map(ReplyText::unaccented)
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tests whether the words between a mailbox and its adjective, which are the groups of a match, name something else. */
    static boolean areBetween(MatchResult found) {
        return IntStream.rangeClosed(1, found.groupCount())
                .mapToObj(found::group)
                .filter(Objects::nonNull)
                .anyMatch(gap -> Arrays.stream(gap.split(" ")).anyMatch(OtherThings::isOne)
                        || PARTS.stream().anyMatch(gap::contains));
    }

    /** Tests whether the word after a match names something else. */
    static boolean follow(String text, MatchResult found) {
        String rest = text.substring(found.end()).stripLeading();
        int end = rest.indexOf(' ');
        return isOne(end < 0 ? rest : rest.substring(0, end)) || PARTS.stream().anyMatch(rest::startsWith);
    }

    private static boolean isOne(String word) {
        return EXACT.contains(word) || STARTS.stream().anyMatch(word::startsWith);
    }
}
