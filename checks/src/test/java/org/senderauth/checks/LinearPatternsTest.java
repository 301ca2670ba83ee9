package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Regular expressions whose time grows with the square of the text, which a hostile sender chooses, or which need a deeper stack
 * for a longer text. Each one of the sources is asked about texts made of what it names, long and twice as long, with a small
 * stack, and the characters that it reads are counted.
 */
class LinearPatternsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LENGTH = 1_000;
    // A pattern may read each character that often, for its alternatives.
    private static final int READINGS = 50;
    private static final long STACK = 256 << 10;
    // Code that the JVM has compiled needs a third of the stack of other code, and must meet its end too.
    private static final int DEPTH = 6 * LENGTH;
    private static final Pattern REPEATED_GROUP = Pattern.compile("[)][*+{]");

    private static final String LITERAL = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final String EXPRESSION = "((?:" + LITERAL + "|[A-Z][A-Z_]+|//[^\n]*+|[\\s+]++)++)";
    private static final Pattern CONSTANT = Pattern.compile("String ([A-Z][A-Z_]*) =\\s*" + EXPRESSION + ";");
    private static final Pattern PATTERN =
            Pattern.compile("(?:Pattern ([A-Z][A-Z_]*) =\\s*)?Pattern\\.compile\\(\\s*" + EXPRESSION + "(?=[,)])");
    private static final Pattern METHOD =
            Pattern.compile("\\.(matches|replaceAll|replaceFirst|split)\\(\\s*" + EXPRESSION + "(?=[,)])");
    private static final Pattern COMPILED = Pattern.compile("\\bPattern\\.compile\\(");
    private static final Pattern PART = Pattern.compile("(?://[^\n]*+\\s*)*+(" + LITERAL + "|[A-Z][A-Z_]+)");

    private static final Pattern UNICODE = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u+([0-9a-fA-F]{4})");

    // What they are made of is not in their source. ReplyCostTest has the phrases of replies; KeyNames has no
    // repetition.
    private static final Set<String> MADE_AT_RUN_TIME = Set.of("KeyNames.java", "ReplyPhrases.java", "ReplyRule.java");

    /** A regular expression of the sources, and whether it is looked for within a text. */
    private record Use(String source, String regex, boolean searched) {}

    private static final class CountedText implements CharSequence {
        private final String text;
        private long readings;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            readings++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }
    }

    @Test
    void hostileTextMakesNoPatternSlowOrDeep() throws Exception {
        List<Use> uses = new ArrayList<>();
        Set<String> unread = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.toString().matches(".*/src/main/java/.*[.]java")
                            && !path.startsWith(ROOT.resolve("benchmarks"))
                            && !path.startsWith(ROOT.resolve("checks")))
                    .sorted()
                    .toList()) {
                String source = Files.readString(file);
                uses.addAll(uses(file.getFileName().toString(), source));
                if (patterns(source) < COMPILED.matcher(source).results().count()) {
                    unread.add(file.getFileName().toString());
                }
            }
        }
        assertThat(unread).isEqualTo(MADE_AT_RUN_TIME);
        assertThat(hostileTexts(uses)).isEmpty();
        assertThat(uses).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Pattern P = Pattern.compile(\"\\\\s*\" + \"\\\\n\"); P.matcher(text).find()",
                "Pattern P = Pattern.compile(\"\\\\s*\\\\n\"); Matcher m = P.matcher(text); while (m.find()) {}",
                "Pattern P = Pattern.compile(\"\\\\s*\\\\n\"); isIn(P, text); pattern.matcher(text).find()",
                "text.replaceAll(\"[a-z]+1\", \"\")",
                "text.matches(\"(.*?)\\\\s*(?:one|two)\")",
                "text.matches(\"[a-z]+(?:\\\\.[a-z]+)+\")"
            })
    void slowAndDeepPatternsAreFound(String source) throws Exception {
        assertThat(hostileTexts(uses("Sample", source))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Pattern P = Pattern.compile(\"\\\\s*\\\\n\"); P.matcher(text).matches()",
                "Pattern P = Pattern.compile(\"\\\\s*\\\\n\"); Matcher m = P.matcher(text); if (m.matches()) {}",
                "text.replaceAll(\"(?<![a-z])[a-z]+1\", \"\")",
                "text.matches(\"[a-z]+(?:\\\\.[a-z]+)++\")"
            })
    void otherPatternsAreNot(String source) throws Exception {
        assertThat(uses("Sample", source)).hasSize(1);
        assertThat(hostileTexts(uses("Sample", source))).isEmpty();
    }

    private static List<String> hostileTexts(List<Use> uses) throws Exception {
        FutureTask<List<String>> found = new FutureTask<>(
                () -> uses.stream().flatMap(use -> hostileText(use).stream()).toList());
        new Thread(null, found, "small stack", STACK).start();
        return found.get();
    }

    private static long patterns(String source) {
        Map<String, String> constants = constants(source);
        return PATTERN.matcher(source)
                .results()
                .filter(pattern -> text(pattern.group(2), constants).isPresent())
                .count();
    }

    private static Map<String, String> constants(String source) {
        Map<String, String> constants = new HashMap<>();
        for (Matcher constant = CONSTANT.matcher(source); constant.find(); ) {
            text(constant.group(2), constants).ifPresent(text -> constants.put(constant.group(1), text));
        }
        return constants;
    }

    private static List<Use> uses(String name, String source) {
        Map<String, String> constants = constants(source);
        List<Use> uses = new ArrayList<>();
        for (Matcher pattern = PATTERN.matcher(source); pattern.find(); ) {
            boolean searched = pattern.group(1) == null
                    ? source.substring(pattern.end(), Math.min(source.length(), pattern.end() + 150))
                            .contains(".find()")
                    : isSearched(pattern.group(1), source);
            text(pattern.group(2), constants).ifPresent(regex -> uses.add(new Use(name, regex, searched)));
        }
        for (Matcher method = METHOD.matcher(source); method.find(); ) {
            boolean searched = !method.group(1).equals("matches");
            text(method.group(2), constants).ifPresent(regex -> uses.add(new Use(name, regex, searched)));
        }
        return uses;
    }

    // A method to which it is given may be the one that searches.
    private static boolean isSearched(String pattern, String source) {
        String matcher = "\\b" + pattern + "\\s*\\.matcher\\(";
        if (Pattern.compile(matcher + "[^;]*?\\.(?:find|results|replaceAll|replaceFirst)\\(|\\b" + pattern
                        + "\\.(?:split|asPredicate)")
                .matcher(source)
                .find()) {
            return true;
        }
        if (Pattern.compile("[(,]\\s*" + pattern + "\\s*[,)]").matcher(source).find()) {
            return source.contains(".find()") || source.contains(".results()");
        }
        return Pattern.compile("Matcher (\\w+)\\s*=\\s*" + matcher)
                .matcher(source)
                .results()
                .anyMatch(found -> Pattern.compile(
                                "\\b" + found.group(1) + "\\.(?:find|results|replace\\w+|append\\w+)\\(")
                        .matcher(source)
                        .find());
    }

    // Empty if it names what only the running program knows, or a constant of another class.
    private static Optional<String> text(String expression, Map<String, String> constants) {
        StringBuilder text = new StringBuilder();
        for (Matcher part = PART.matcher(expression); part.find(); ) {
            String word = part.group(1);
            String value = word.startsWith("\"") ? compiled(word.substring(1, word.length() - 1)) : constants.get(word);
            if (value == null) {
                return Optional.empty();
            }
            text.append(value);
        }
        return Optional.of(text.toString());
    }

    // Unicode escapes, which translateEscapes() leaves to the compiler, and the others.
    private static String compiled(String literal) {
        return UNICODE.matcher(literal)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(escape.group(1) + (char) Integer.parseInt(escape.group(2), 16)))
                .translateEscapes();
    }

    // A text for which twice the length takes more than three times the readings, or that needs a deep stack.
    private static Optional<String> hostileText(Use use) {
        Pattern pattern = Pattern.compile(use.regex());
        Set<String> starts = new TreeSet<>(words(use.regex(), "[A-Za-z0-9:=.@<;/-]+"));
        starts.add("");
        Set<String> units = new TreeSet<>(List.of(" ", "\t", "\n", "a", "0", "a ", "a.", "a@", "a=", "-a", " a"));
        for (String word : words(use.regex(), "[A-Za-z]{2,}")) {
            units.addAll(List.of(word, word + " ", " " + word + "="));
        }
        use.regex().chars().mapToObj(Character::toString).forEach(units::add);
        for (String start : starts) {
            for (String unit : units) {
                for (String end : List.of("", "!", "\1")) {
                    if (isHostile(use, pattern, start, unit, end)) {
                        return Optional.of(use + ": '" + start + "', '" + unit + "' repeated, '" + end + "'");
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isHostile(Use use, Pattern pattern, String start, String unit, String end) {
        try {
            long once = readings(use, pattern, start + unit.repeat(LENGTH / unit.length()) + end);
            long twice = readings(use, pattern, start + unit.repeat(2 * LENGTH / unit.length()) + end);
            if (once > (long) READINGS * LENGTH && twice > 3 * once) {
                return true;
            }
            if (REPEATED_GROUP.matcher(use.regex()).find()) {
                readings(use, pattern, start + unit.repeat(DEPTH / unit.length()) + end);
            }
            return false;
        } catch (StackOverflowError e) {
            return true;
        }
    }

    private static List<String> words(String regex, String of) {
        return Pattern.compile(of)
                .matcher(regex)
                .results()
                .map(word -> word.group())
                .toList();
    }

    private static long readings(Use use, Pattern pattern, String hostile) {
        CountedText text = new CountedText(hostile);
        Matcher matcher = pattern.matcher(text);
        boolean found = use.searched() ? matcher.find() : matcher.matches();
        while (use.searched() && found) {
            found = matcher.find();
        }
        return text.readings;
    }
}
