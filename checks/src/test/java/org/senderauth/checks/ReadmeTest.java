package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README promises only what is there. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theJavaExampleIsTheOneThatTheSampleProjectsCompileAndRun() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(block.find()).isTrue();
        List<String> sample =
                Files.readAllLines(ROOT.resolve("checks/src/it/on-class-path/src/main/java/Example.java"));
        assertThat(block.group(1).lines())
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(sample.stream().map(String::strip)).contains(line.strip()));
        String other =
                Files.readString(ROOT.resolve("checks/src/it/on-module-path/src/main/java/org/example/Example.java"));
        assertThat(other.lines().map(String::strip))
                .containsAll(block.group(1).lines().map(String::strip).toList());
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        try (var files = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages = java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(ROOT.resolve("README.md")),
                            files.filter(file -> file.toString().endsWith(".md")))
                    .toList();
            for (Path page : pages) {
                Matcher link = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)").matcher(Files.readString(page));
                while (link.find()) {
                    assertThat(page.resolveSibling(link.group(1)))
                            .as("%s -> %s", ROOT.relativize(page), link.group(1))
                            .exists();
                }
            }
        }
    }
}
