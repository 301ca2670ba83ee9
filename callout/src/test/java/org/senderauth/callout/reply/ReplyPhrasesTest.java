package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of a row are found where a search for their regular expression finds them. */
class ReplyPhrasesTest {

    private static final List<ReplyPhrases> ROWS = ReplyRules.TABLE.stream()
            .flatMap(rule -> Stream.ofNullable(rule.words()))
            .toList();

    private static final List<Pattern> PATTERNS =
            ROWS.stream().map(row -> Pattern.compile(row.toString())).toList();

    private static void findsTheSame(String words) {
        for (int i = 0; i < ROWS.size(); i++) {
            SearchedText text = SearchedText.of(words);
            String marked = marked(ROWS.get(i), PATTERNS.get(i), words);
            assertThat(ROWS.get(i).isIn(text))
                    .as("%s in %s", ROWS.get(i), words)
                    .isEqualTo(!marked.equals(words));
            assertThat(ROWS.get(i).replacedIn(text, found -> "<" + found.group() + ">"))
                    .as("%s in %s", ROWS.get(i), words)
                    .hasToString(marked);
        }
    }

    // A match that does not count hides none that starts within it.
    private static String marked(ReplyPhrases row, Pattern pattern, String words) {
        StringBuilder marked = new StringBuilder();
        Matcher matcher = pattern.matcher(words);
        int copied = 0;
        for (int from = 0; from <= words.length() && matcher.find(from); ) {
            boolean counts = row.counts(words, matcher);
            if (counts) {
                marked.append(words, copied, matcher.start())
                        .append("<")
                        .append(matcher.group())
                        .append(">");
                copied = matcher.end();
            }
            from = counts ? Math.max(matcher.end(), matcher.start() + 1) : matcher.start() + 1;
        }
        return marked.append(words, copied, words.length()).toString();
    }

    @Test
    void findsInEachKnownReplyWhatRegularExpressionFinds() {
        KnownReply.all().stream()
                .map(known -> ReplyText.of(ServerReply.of(known.lines())).words())
                .distinct()
                .forEach(ReplyPhrasesTest::findsTheSame);
    }

    @Provide
    Arbitrary<String> shuffledWords() {
        return Arbitraries.of(HostileTexts.words())
                .list()
                .ofMaxSize(12)
                .map(words -> words.stream().collect(Collectors.joining(" ")));
    }

    @Property(tries = 200)
    void findsInShuffledWordsWhatRegularExpressionFinds(@ForAll("shuffledWords") String text) {
        findsTheSame(ReplyText.of(ServerReply.of(List.of("550 " + text))).words());
        findsTheSame(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "user ; no user here ; no <user> here",
                "user ; user ; <user>",
                "user ; users auser user2 2user ; users auser user2 2user",
                "user ; user @user .user ~user ; <user> @<user> .<user> ~<user>",
                "ab|a ; ab a b abc ; <ab> <a> b abc",
                "' b' ; . b ; '.< b>'",
                "ü ; u ü ux ; <u> ü ux",
                "użytkownik ; uzytkownik ; <uzytkownik>",
                "κ\\p{L}* ; καλα ακαλα ; <καλα> ακαλα",
                "\\p{L}+x ; 我x ax \uD801\uDC00x x ; <我x> <ax> <\uD801\uDC00x> x",
                "x ; \uD801\uDC00x 𝟙x ²x ٣x Ⅷx ; \uD801\uDC00x 𝟙x ²x ٣x Ⅷx",
                "用户 ; 该用户不用户 ; 该<用户>不<用户>",
                "用户 ; 用户用户不用户 ; <用户><用户>不<用户>",
                "用户|a ; 该a用户 ; 该<a><用户>",
                "A ; A a ; <A> a",
                "a. ; a\u0001 ab a ; <a\u0001> <ab> a",
                "a b|a$ ; a b a ; <a b> <a>",
                "a|ab ; ab c a ; <ab> c <a>",
                "a ; b\u007Fa a\u007F ; b\u007F<a> <a>\u007F",
                "^a ; a a ; <a> a",
                "^ ; a a ; <>a a",
            })
    void findsWholeWords(String words, String text, String found) {
        ReplyPhrases phrases = new ReplyPhrases(words);
        // Twice: what starts a match is found out once.
        for (int i = 0; i < 2; i++) {
            assertThat(phrases.isIn(SearchedText.of(text))).isEqualTo(found.contains("<"));
            assertThat(phrases.replacedIn(SearchedText.of(text), match -> "<" + match.group() + ">"))
                    .hasToString(found);
        }
    }

    // The steps of a search: 8, a quarter of the positions, the characters read where the first two can start a match
    // (and
    // one before them), and 16 for a match.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "user ; box ubox mail us. ; 13",
                "user ; u ; 8",
                "user ; us ; 10",
                "user ; user ; 28",
                "user ; the user ; 29",
                "user ; é u用 ; 11",
                "κ ; б в г κ ; 27",
                "κ ; б в г ; 8",
                "κλ ; λ ; 8",
                "用户 ; mail 地址 地址 地址 ; 14",
                "用户 ; 用户 ; 26",
            })
    void readsOnlyWhereMatchCanStart(String words, String text, int steps) {
        ReplyPhrases phrases = new ReplyPhrases(words);
        phrases.isIn(SearchedText.of(text));
        SearchedText searched = SearchedText.of(text);
        int before = searched.steps();
        phrases.isIn(searched);
        assertThat(searched.steps() - before).isEqualTo(steps);
    }

    @Test
    void replacementIsTakenAsItIs() {
        SearchedText text = SearchedText.of("a b");
        assertThat(new ReplyPhrases("b").replacedIn(text, match -> "$1\\")).hasToString("a $1\\");
        assertThat(new ReplyPhrases("^a").replacedIn(text, match -> "$1\\")).hasToString("$1\\ b");
    }

    @Test
    void isShownAsItsRegularExpression() {
        assertThat(new ReplyPhrases("é")).hasToString("(?<![\\p{L}\\p{N}])(?:e)(?![\\p{L}\\p{N}])");
        assertThat(new ReplyPhrases("^a")).hasToString("^a");
    }

    @Test
    void textWithoutMatchStaysTheSame() {
        SearchedText text = SearchedText.of("a b");
        assertThat(new ReplyPhrases("c").replacedIn(text, match -> "")).isSameAs(text);
    }
}
