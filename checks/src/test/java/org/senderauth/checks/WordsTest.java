package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Words that must not come back, in documents, messages, comments and names of tests. */
class WordsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A word or phrase, and what to write in its place. */
    private record Word(Pattern pattern, String instead) {}

    private static final List<Word> WORDS = Stream.of(
                    "behind | after, next to",
                    "beside(?!s) | next to, compared with",
                    "in front of | before",
                    "whoever | anyone who, the client that",
                    "everybody | any client, everyone",
                    "somebody | someone; name the actor",
                    "anybody | anyone",
                    "nobody(?![@.`\"<]) | no one; name the actor",
                    "strangers?(?!@) | other clients",
                    "he | it, they",
                    "his | its, their",
                    "him | it, them",
                    "stands | is, appears",
                    "is none of | is not one of",
                    "house | build, project",
                    "rooms | modules",
                    "doors? | entry point, API",
                    "walls?(?! (clock|time)|$) | boundary",
                    "gates | checks",
                    "lessons? | update",
                    "goodbye | QUIT",
                    "h[au]ngs? up | closes the connection",
                    "dialogues? | SMTP session",
                    "conversations? | SMTP session",
                    "for good | permanently",
                    "of ours | our",
                    "(is|are|was|were|being) told | gets, is passed",
                    "learnt | cached, updated",
                    "forgotten | evicted",
                    "puts? off | defers",
                    "takes? (all |no )?mail | accepts mail",
                    "look-ups? | lookup",
                    "defences? | defense",
                    "roll-outs? | rollout",
                    "normalis(e|es|ed|ing|ation) | normalize",
                    "authoris(e|es|ed|ing|ation) | authorize",
                    "neighbours? | neighbor",
                    "licen[c]e[sd]? | license",
                    "master files? | zone file",
                    "mail address(es)? | email address",
                    "(void|empty) answers? | void lookup",
                    "past its time | expired, stale",
                    "its like | and similar",
                    "in circles | loops",
                    "asks? ahead | prefetches")
            .map(row -> row.split(" \\| "))
            .map(row -> new Word(Pattern.compile("(?<![\\w@-])(?:" + row[0] + ")(?![\\w-])"), row[1]))
            .toList();

    private static final Pattern TEST_METHOD = Pattern.compile("\\bvoid (\\w+)\\(");

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of(
                                    "README.md",
                                    "CONTRIBUTING.md",
                                    "SECURITY.md",
                                    "checks/README.md",
                                    "testkit/README.md",
                                    "fuzz/README.md",
                                    "integrations/README.md",
                                    "benchmarks/README.md",
                                    "packaging/files/senderauth.yaml",
                                    "packaging/files/senderauth.1")
                            .map(ROOT::resolve),
                    docs.filter(file -> file.toString().endsWith(".md")))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void documentUsesPlainWords(Path document) throws IOException {
        assertThat(found(document, Files.readString(document))).isEmpty();
    }

    // What is left in comments, messages and names of tests. A number may only fall.
    // module | at most
    @ParameterizedTest
    @CsvSource({
        "batv, 0",
        "benchmarks, 0",
        "callout, 0",
        "checks, 0",
        "cli, 0",
        "core, 0",
        "csv, 0",
        "dkim2, 0",
        "dns, 0",
        "examples, 0",
        "fuzz, 0",
        "integrations/james, 0",
        "integrations/milter, 0",
        "integrations/postfix, 0",
        "integrations/powerdns, 0",
        "integrations/redis, 0",
        "peers, 0",
        "policy, 0",
        "server, 0",
        "ses, 0",
        "spf, 0",
        "srs, 0",
        "testkit, 0"
    })
    void moduleUsesPlainWords(String module, int most) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path source : sources(ROOT.resolve(module).resolve("src"))) {
            if (!source.endsWith("WordsTest.java")) {
                found.addAll(found(source, text(source)));
            }
        }
        assertThat(found.size())
                .as("%s has %d, at most %d:%n%s", module, found.size(), most, String.join("\n", found))
                .isLessThanOrEqualTo(most);
    }

    @Test
    void everyModuleIsChecked() throws IOException, NoSuchMethodException {
        String table = String.join(
                "\n",
                WordsTest.class
                        .getDeclaredMethod("moduleUsesPlainWords", String.class, int.class)
                        .getAnnotation(CsvSource.class)
                        .value());
        assertThat(Pattern.compile("<module>([^<]+)<")
                        .matcher(Files.readString(ROOT.resolve("pom.xml")))
                        .results()
                        .map(module -> module.group(1))
                        .filter(module -> Files.isDirectory(ROOT.resolve(module).resolve("src")))
                        .map(module -> module + ","))
                .isNotEmpty()
                .allSatisfy(module -> assertThat(table).contains(module));
    }

    @Test
    void findsWordsInCommentsMessagesAndTestNamesOnly() {
        String source = "int behind = 1; // stands\n /* of ours */ String s = \"a \\\" whoever\"; char c = '\"';\n"
                + "String t = \"\"\"\n his \"\"\"; void tellsNobodyTwice() {}";
        assertThat(Text.of(source, true))
                .contains("stands", "of ours", "whoever", "his")
                .doesNotContain("behind");
        assertThat(Text.of(source, false)).contains("stands", "of ours").doesNotContain("whoever", "his");
        assertThat(testNames(source)).isEqualTo("tells nobody twice");
        assertThat(found(ROOT, "it is behind\n nobody@example.org, the wall clock, besides, authorised"))
                .hasSize(2);
    }

    private static List<String> found(Path file, String text) {
        List<String> found = new ArrayList<>();
        int line = 0;
        for (String each : text.lines().toList()) {
            line++;
            for (Word word : WORDS) {
                Matcher matcher = word.pattern().matcher(each.toLowerCase(Locale.ROOT));
                while (matcher.find()) {
                    found.add(ROOT.relativize(file) + ":" + line + ": \"" + matcher.group() + "\": write "
                            + word.instead() + ": " + each.strip());
                }
            }
        }
        return found;
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    /** Strings of tests are data of any kind, so only those of main code count as messages. */
    private static String text(Path file) throws IOException {
        String source = Files.readString(file);
        boolean test = !file.toString().contains("/src/main/");
        return Text.of(source, !test) + (test ? "\n" + testNames(source) : "");
    }

    private static String testNames(String source) {
        return TEST_METHOD
                .matcher(source)
                .results()
                .map(method -> method.group(1)
                        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
                        .toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("\n"));
    }

    /** The comments of a Java source, and its strings; everything else becomes spaces, so that lines keep their numbers. */
    private static final class Text {

        private static final Map<String, String> ENDS =
                Map.of("//", "\n", "/*", "*/", "\"\"\"", "\"\"\"", "\"", "\"", "'", "'");
        private static final List<String> STARTS = List.of("//", "/*", "\"\"\"", "\"", "'");

        static String of(String source, boolean strings) {
            StringBuilder text = new StringBuilder();
            int at = 0;
            while (at < source.length()) {
                String rest = source.substring(at, Math.min(source.length(), at + 3));
                String start =
                        STARTS.stream().filter(rest::startsWith).findFirst().orElse(null);
                if (start == null) {
                    text.append(source.charAt(at) == '\n' ? '\n' : ' ');
                    at++;
                    continue;
                }
                boolean string = start.charAt(0) != '/';
                int end = end(source, at + start.length(), ENDS.get(start), string);
                String part = source.substring(at, end);
                text.append(string && !strings ? part.replaceAll("[^\n]", " ") : part);
                at = end;
            }
            return text.toString();
        }

        private static int end(String source, int from, String mark, boolean escapes) {
            int at = from;
            while (at < source.length() && !source.startsWith(mark, at)) {
                at += escapes && source.charAt(at) == '\\' ? 2 : 1;
            }
            return Math.min(source.length(), at + (mark.equals("\n") ? 0 : mark.length()));
        }
    }
}
