package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java that a guide shows: each block must stand, line by line, in a test that is compiled and run. */
final class GuideExamples {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private GuideExamples() {}

    /**
     * Fails if a block of the guide is not in the test's source.
     *
     * @param guide the file's name in docs/
     * @param blocks how many blocks the guide has
     */
    static void assertShown(String guide, Class<?> test, int blocks) throws IOException {
        List<String> source = strip(Files.readString(
                ROOT.resolve("checks/src/test/java/" + test.getName().replace('.', '/') + ".java")));
        List<String> shown = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve("docs").resolve(guide)));
        while (block.find()) {
            shown.add(block.group(1));
        }
        assertThat(shown).hasSize(blocks).allSatisfy(text -> assertThat(source).containsSubsequence(strip(text)));
    }

    private static List<String> strip(String text) {
        return text.lines().map(String::strip).toList();
    }
}
