package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README promises only what is there. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void firstScreenHasAudienceTwoCommandsAndTheirOutput() throws IOException {
        List<String> screen = Files.readAllLines(ROOT.resolve("README.md")).subList(0, 40);
        assertThat(String.join("\n", screen.subList(0, 6)))
                .contains("envelope sender", "Postfix", "Java", "Status", "License");
        assertThat(screen)
                .anyMatch(line -> line.startsWith("./senderauth demo "))
                .anyMatch(line -> line.startsWith("mvn verify "));
        assertThat(screen).contains("=== SPF: the same sender, forged");
    }

    @Test
    void showsWhatTheDemoPrints() throws Exception {
        Matcher sample = Pattern.compile("```\n(===.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(sample.find()).isTrue();
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.senderauth.cli.SenderauthCommand",
                        "demo")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(demo.waitFor()).isZero();
        assertThat(withoutKeys(printed).lines())
                .containsSubsequence(withoutKeys(sample.group(1))
                        .lines()
                        .filter(line -> !line.isEmpty())
                        .toList());
    }

    /** The anchors of a page's headings, as GitHub makes them. */
    private static List<String> anchors(Path page) throws IOException {
        return Pattern.compile("(?m)^#+ (.*)$")
                .matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** Without what each run makes anew: the day and the hash of a BATV tag. */
    private static String withoutKeys(String output) {
        return output.replaceAll("prvs=[0-9a-f]{10}=", "prvs=TAG=");
    }

    @Test
    void tableOfModulesIsTheBom() throws IOException {
        Set<String> listed = Pattern.compile("(?m)^\\| `(senderauth-[a-z0-9]+)` ")
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> published = Pattern.compile("<artifactId>(senderauth-[a-z0-9]+)<")
                .matcher(Files.readString(ROOT.resolve("bom/pom.xml")))
                .results()
                .map(module -> module.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).isEqualTo(published);
    }

    @Test
    void javaExampleIsCompiledAndRunBySampleProjects() throws IOException {
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
    void glossaryNamesClassesThatExist() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(ROOT)) {
            classes = files.filter(file -> file.toString().contains("/src/main/java/"))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        assertThat(Pattern.compile("`([A-Z][a-z]+[A-Za-z0-9]*)`")
                        .matcher(Files.readString(ROOT.resolve("docs/glossary.md")))
                        .results()
                        .map(name -> name.group(1)))
                .hasSizeGreaterThan(30)
                .isSubsetOf(classes);
    }

    // What a newcomer searches for | the class and the guide of its row
    @ParameterizedTest
    @CsvSource({
        "void lookup, LookupCounter, spf.md",
        "a 550 about us, ReplyClassifier, callout.md",
        "expiry window, BatvDays, batv.md",
        "SES TXT, SesZone, ses.md",
        "DUNNO, PolicyAction, postfix.md"
    })
    void searchForTermEndsInTheGlossary(String term, String type, String guide) throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("docs/glossary.md")))
                .filteredOn(line -> line.startsWith("| ") && line.split("\\|")[1].contains(term))
                .singleElement()
                .asString()
                .contains("`" + type + "`", "(" + guide);
    }

    @Test
    void everyLinkRefersToAFile() throws IOException {
        try (var files = Files.walk(ROOT.resolve("docs"))) {
            Stream<Path> entries = Stream.of(
                            "README.md",
                            "CONTRIBUTING.md",
                            "SECURITY.md",
                            "checks/README.md",
                            "testkit/README.md",
                            "integrations/README.md",
                            "benchmarks/README.md")
                    .map(ROOT::resolve);
            List<Path> pages = Stream.concat(
                            entries, files.filter(file -> file.toString().endsWith(".md")))
                    .toList();
            for (Path page : pages) {
                Matcher link =
                        Pattern.compile("\\]\\(([^)#: ]*)(?:#([^)]*))?\\)").matcher(Files.readString(page));
                while (link.find()) {
                    Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                    String what = ROOT.relativize(page) + " -> " + link.group(1);
                    assertThat(target).as(what).exists();
                    if (link.group(2) != null) {
                        assertThat(anchors(target)).as(what).contains(link.group(2));
                    }
                }
            }
        }
    }
}
