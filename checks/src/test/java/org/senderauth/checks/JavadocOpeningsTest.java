package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** First sentences of Javadoc: a noun phrase or a verb in the third person, never a relative clause or a question. */
class JavadocOpeningsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern CLAUSE = Pattern.compile("/[*][*]\\s*(?:\\n\\s*[*]\\s*)?"
            + "((?:What|Whether|How|Who|Whose|Where|When|Which|Nothing|Nobody)\\b[^\\n]*)");

    @Test
    void modulesHaveNone() throws IOException {
        List<String> modules = Pattern.compile("<module>([^<]+)<")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .toList();
        List<String> clauses = new ArrayList<>();
        for (String module : modules) {
            clauses.addAll(clauses(module));
        }
        assertThat(modules).isNotEmpty();
        assertThat(clauses).isEmpty();
    }

    @Test
    void findsClausesAtTheStartOnly() {
        String source = "/** Whether it is. */\n/**\n * What it does.\n */\n/** Tests whether it is.\n * What else. */";
        assertThat(CLAUSE.matcher(source).results()).hasSize(2);
    }

    private static List<String> clauses(String module) throws IOException {
        Path folder = ROOT.resolve(module).resolve("src/main/java");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<String> clauses = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                Matcher clause = CLAUSE.matcher(Files.readString(file));
                while (clause.find()) {
                    clauses.add(ROOT.relativize(file) + ": " + clause.group(1));
                }
            }
        }
        return clauses;
    }
}
