package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The version is defined in the first pom; one script sets it wherever it is repeated. */
class SetVersionTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String NEW = "9.8.7-rc6";

    @TempDir
    Path copy;

    @Test
    void setsEveryRepetition() throws Exception {
        String old = version(ROOT);
        List<Path> files = files();
        assertThat(files).hasSizeGreaterThan(40);
        for (Path file : files) {
            Path target = copy.resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(ROOT.resolve(file), target);
        }
        Files.createDirectories(copy.resolve("packaging"));
        Path script = copy.resolve("packaging/set-version.sh");
        Files.copy(ROOT.resolve("packaging/set-version.sh"), script);
        run("git", "init", "-q");
        run("git", "add", ".");
        assertThat(run("sh", script.toString(), NEW)).isEqualTo(old + " -> " + NEW + "\n");
        assertThat(version(copy)).isEqualTo(NEW);
        Pattern repetition =
                Pattern.compile("senderauth[^\\n]*" + Pattern.quote(old) + "|<version>" + Pattern.quote(old) + "<");
        List<String> missed = new ArrayList<>();
        for (Path file : files) {
            // The guide of the release names the version of its example.
            if (!file.endsWith("docs/releasing.md")
                    && repetition.matcher(Files.readString(copy.resolve(file))).find()) {
                missed.add(file.toString());
            }
        }
        assertThat(missed).isEmpty();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(Files::isRegularFile)
                    .map(ROOT::relativize)
                    .filter(file -> !file.toString().matches("(.*/)?(target|\\.git)/.*"))
                    .filter(file -> file.endsWith("pom.xml")
                            || file.toString().matches("README\\.md|docs/[a-z-]+\\.md|examples/compose/.*"))
                    .toList();
        }
    }

    private static String version(Path root) throws IOException {
        Matcher version =
                Pattern.compile("(?m)^  <version>(.*)</version>$").matcher(Files.readString(root.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
