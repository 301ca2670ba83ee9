package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every block of configuration in docs/ is executed by a test, which takes it from the guide by {@code block("FIRST
 * WORDS")}, or a sentence for the reader next to it says that it is not, and why. A fenced block is configuration if it has
 * no language, or one of a configuration file.
 */
class ConfigurationBlocksTest {

    /** How many blocks may carry the sentence. The number may only fall. */
    private static final int MOST_NOT_EXECUTED = 6;

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCED = Pattern.compile("(?ms)^( *)```([a-z]*)\n(.*?)^ *```$");
    private static final Set<String> CONFIGURATION = Set.of("", "yaml", "xml", "conf");
    private static final Set<String> OTHER = Set.of("java", "sh", "console", "text", "json", "mermaid");
    private static final Pattern NOTE = Pattern.compile("\\A\\s*Not executed by our tests: [^\n]{20,}");
    private static final Pattern TAKEN = Pattern.compile("\\bblock\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A block of configuration: its guide and line, what it begins with, and what follows it. */
    private record Block(String guide, int line, String language, String text, String after) {

        boolean hasNote() {
            return NOTE.matcher(after).find();
        }

        @Override
        public String toString() {
            return guide + ":" + line + ": " + text.lines().findFirst().orElse("");
        }
    }

    /** What a test takes from guides. */
    private record Taking(Set<String> guides, List<String> starts) {

        boolean takes(Block block) {
            return guides.contains(block.guide()) && starts.stream().anyMatch(block.text()::startsWith);
        }
    }

    @Test
    void everyBlockIsExecutedOrHasReasonWhyNot() throws IOException {
        List<Taking> takings = takings();
        List<Block> noted = new ArrayList<>();
        List<Block> missing = new ArrayList<>();
        int executed = 0;
        for (Block block : blocks()) {
            boolean taken = block.language().equals("xml")
                    ? isXmlOfTest(block)
                    : takings.stream().anyMatch(taking -> taking.takes(block));
            if (taken) {
                executed++;
                assertThat(block.hasNote())
                        .as("%s is executed, so its note is wrong", block)
                        .isFalse();
            } else {
                (block.hasNote() ? noted : missing).add(block);
            }
        }
        System.out.printf("blocks of configuration: %d executed, %d not: %s%n", executed, noted.size(), noted);
        assertThat(missing).as("not executed, and no note").isEmpty();
        assertThat(executed).isGreaterThan(40);
        assertThat(noted).hasSizeLessThanOrEqualTo(MOST_NOT_EXECUTED);
    }

    @Test
    void everyLanguageIsKnown() throws IOException {
        try (Stream<Path> guides = guides()) {
            for (Path guide : guides.toList()) {
                assertThat(FENCED.matcher(Files.readString(guide)).results().map(block -> block.group(2)))
                        .as(guide.toString())
                        .allMatch(language -> CONFIGURATION.contains(language) || OTHER.contains(language));
            }
        }
    }

    /** DocumentationExamplesTest compares dependencies with those of a project that is built. */
    private static boolean isXmlOfTest(Block block) {
        return Set.of("library.md", "subethasmtp.md").contains(block.guide())
                || block.text().contains("<dependencies>");
    }

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        try (Stream<Path> guides = guides()) {
            for (Path guide : guides.toList()) {
                String text = Files.readString(guide);
                Matcher block = FENCED.matcher(text);
                while (block.find()) {
                    if (CONFIGURATION.contains(block.group(2))) {
                        blocks.add(new Block(
                                guide.getFileName().toString(),
                                (int) text.substring(0, block.start()).lines().count() + 1,
                                block.group(2),
                                block.group(3).replaceAll("(?m)^" + block.group(1), ""),
                                text.substring(block.end())));
                    }
                }
            }
        }
        return blocks;
    }

    private static Stream<Path> guides() throws IOException {
        return Files.list(ROOT.resolve("docs"))
                .filter(file -> file.toString().endsWith(".md"))
                .sorted();
    }

    private static List<Taking> takings() throws IOException {
        List<Taking> takings = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.toString().contains("/src/test/java/"))
                    .filter(path -> path.toString().endsWith(".java"))
                    .toList()) {
                String source = Files.readString(file);
                List<String> starts = TAKEN.matcher(source)
                        .results()
                        .map(taken -> taken.group(1).translateEscapes())
                        .toList();
                if (!starts.isEmpty()) {
                    takings.add(new Taking(guidesNamed(source), starts));
                }
            }
        }
        return takings;
    }

    private static Set<String> guidesNamed(String source) {
        return Pattern.compile("\"([a-z0-9-]+\\.md)\"")
                .matcher(source)
                .results()
                .map(named -> named.group(1))
                .collect(Collectors.toSet());
    }
}
