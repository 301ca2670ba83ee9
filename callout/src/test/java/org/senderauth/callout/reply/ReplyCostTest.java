package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reply can cost, counted in the characters that are read for it. */
class ReplyCostTest {

    // Of a doubled text: twice the work, a copy of the text if it contains a match, and the seam.
    private static final double DOUBLED = 2.3;
    private static final int SEAM = 500;

    private static ServerReply reply(int code, String text) {
        return new ServerReply(code, List.of(), text, false, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {450, 550})
    void stepsAreBoundedForEachHostileText(int code) {
        HostileTexts.of(ReplyText.MAX_LENGTH).forEach((name, text) -> {
            AtomicReference<SearchedReply> searched = new AtomicReference<>();
            try {
                searched.set(SearchedReply.of(reply(code, text), ReplyStage.RCPT));
                ReplyClassifier.firstRule(searched.get());
            } catch (ReplyTooLongException e) {
                assertThat(ReplyClassifier.classify(reply(code, text), ReplyStage.RCPT, PostmasterCheck.ACCEPTED)
                                .rule())
                        .as(name)
                        .isEqualTo("too-long");
            }
            if (searched.get() != null) {
                assertThat(searched.get().words().steps())
                        .as(name)
                        .isLessThanOrEqualTo(SearchedText.MAX_STEPS + ReplyText.MAX_LENGTH);
            }
        });
    }

    @Test
    void knownRepliesTakeLessThanHalfOfTheSteps() {
        for (KnownReply known : KnownReply.all()) {
            SearchedReply reply = SearchedReply.of(ServerReply.of(known.lines()), known.stage());
            ReplyClassifier.firstRule(reply);
            assertThat(reply.words().steps()).as("%s", known).isBetween(1, SearchedText.MAX_STEPS / 2);
        }
    }

    @Test
    void formOfTextReadsTwiceAsMuchOfTwiceTheText() throws ReflectiveOperationException {
        List<Pattern> patterns = patterns();
        assertThat(patterns).hasSizeGreaterThan(15);
        for (Pattern pattern : patterns) {
            HostileTexts.of(ReplyText.MAX_LENGTH / 2).forEach((name, text) -> {
                String half = ReplyText.fold(text);
                assertThat(read(pattern, half + half))
                        .as("%s in %s", pattern, name)
                        .isLessThanOrEqualTo((int) (DOUBLED * read(pattern, half)) + 2 * half.length() + SEAM);
            });
        }
    }

    private static List<Pattern> patterns() throws ReflectiveOperationException {
        List<Pattern> patterns = new ArrayList<>();
        for (Class<?> type : List.of(ReplyText.class, EnhancedStatusCode.class)) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getType() == Pattern.class) {
                    field.setAccessible(true);
                    patterns.add((Pattern) field.get(null));
                }
            }
        }
        return patterns;
    }

    private static int read(Pattern pattern, String text) {
        CountedText counted = new CountedText(text);
        pattern.matcher(counted).replaceAll(found -> "");
        return counted.read;
    }

    @Test
    void eachRowReadsTwiceAsMuchOfTwiceTheText() {
        Map<String, String> halves = words(HostileTexts.of(120));
        for (ReplyPhrases phrases : phrases()) {
            halves.forEach((name, half) -> assertThat(steps(phrases, half + half))
                    .as("%s in %s", phrases, name)
                    .isLessThanOrEqualTo((int) (DOUBLED * steps(phrases, half)) + SEAM));
        }
    }

    private static Map<String, String> words(Map<String, String> texts) {
        Map<String, String> words = new LinkedHashMap<>();
        texts.forEach((name, text) -> {
            try {
                words.put(name, ReplyText.of(reply(550, text)).words() + " ");
            } catch (ReplyTooLongException e) {
                assertThat(name).isIn("\uFDFA", "codes");
            }
        });
        return words;
    }

    private static int steps(ReplyPhrases phrases, String text) {
        SearchedText searched = SearchedText.of(text);
        phrases.isIn(searched);
        return searched.steps();
    }

    private static List<ReplyPhrases> phrases() {
        List<ReplyPhrases> rows = ReplyRules.TABLE.stream()
                .flatMap(rule -> Stream.ofNullable(rule.words()))
                .toList();
        assertThat(rows.size()).isGreaterThan(90);
        return rows;
    }

    @Test
    void noRowRepeatsGroupWithoutLimit() {
        // Each repetition of a group needs stack, and threads of probes have little.
        for (ReplyPhrases phrases : phrases()) {
            assertThat(phrases.toString()).doesNotContain(")*", ")+", ",}");
        }
    }

    @Test
    void hostileTextsNeedLittleStack() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Map<String, String> texts = HostileTexts.of(ReplyText.MAX_LENGTH);
        Thread thread = new Thread(
                null,
                () -> texts.values()
                        .forEach(text ->
                                ReplyClassifier.classify(reply(550, text), ReplyStage.RCPT, PostmasterCheck.UNKNOWN)),
                "little stack",
                192 * 1024);
        thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
        thread.start();
        thread.join();
        assertThat(thrown.get()).isNull();
    }

    private static final class CountedText implements CharSequence {

        private final String text;
        private int read;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            read++;
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }
    }
}
