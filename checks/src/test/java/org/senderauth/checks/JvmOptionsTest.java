package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Wherever a JVM is started it ends when its memory runs out: else single threads are dead, and the process lives on.
 * The option follows the program at once, so that a reader sees it and this test finds it.
 */
class JvmOptionsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String OPTION = "-XX:+ExitOnOutOfMemoryError";

    // Scripts, guides, tests and the poms of the invoker, in this order.
    private static final Pattern START = Pattern.compile("\"\\$(?:java|JAVA|JAVA_VIRTUAL)\" (?=[-$\"])(?!\\w+=)"
            + "|(?<![\\w.-])(?:/usr/bin/)?java (?=-[a-zA-Z])"
            + "|\"bin\", \"java\"\\)"
            + "|<executable>[^<]*java</executable>");

    // What may be between the program and the option: the ends of words, lines and elements.
    private static final int NEAR = 320;

    // A benchmark that is run at a terminal; the words of a comment; tests, some of which take all memory on purpose.
    private static final Pattern EXEMPT =
            Pattern.compile("^java -(?:jar|cp) benchmarks/target/benchmarks.jar|^java -jar\" |^java -cp \"\\$console:");

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                return Set.of("target", ".git", "node_modules").contains(name)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                boolean text = name.matches(".*\\.(java|sh|md|xml|service)")
                        || name.equals("senderauth")
                        || file.getParent().endsWith(".ci");
                if (text && !name.equals("JvmOptionsTest.java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    @Test
    void eachJvmEndsWhenItsMemoryRunsOut() throws IOException {
        List<String> starts = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (Path file : files()) {
            String text = Files.readString(file);
            for (Matcher start = START.matcher(text); start.find(); ) {
                String rest = text.substring(start.start(), Math.min(text.length(), start.end() + NEAR));
                if (EXEMPT.matcher(rest).find()) {
                    continue;
                }
                String line =
                        ROOT.relativize(file) + ": " + rest.lines().findFirst().orElse("");
                starts.add(line);
                if (!rest.contains(OPTION)) {
                    without.add(line);
                }
            }
        }
        assertThat(starts).as("the places where a JVM is started").hasSizeGreaterThan(10);
        assertThat(without)
                .as("places where a JVM is started without " + OPTION)
                .isEmpty();
    }
}
