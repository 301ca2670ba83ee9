package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Java that the guides show compiles. */
class DocumentationExamplesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final String IMPORTS = """
            import org.senderauth.csv.*;
            import org.senderauth.dns.*;
            import org.senderauth.policy.*;
            import org.senderauth.spf.*;
            import org.springframework.context.annotation.*;
            """;

    private static String guide(String name) throws IOException {
        return Files.readString(ROOT.resolve("docs").resolve(name));
    }

    // guide | sample
    @ParameterizedTest
    @CsvSource({
        "library.md, two-modules/src/main/java/Library.java",
        "library.md, on-virtual-threads/src/main/java/VirtualThreads.java"
    })
    void guidesContainTheMarkedPartsOfSamples(String guide, String sample) throws IOException {
        Matcher marked = Pattern.compile("// docs: [a-z ]+\n(.*?)\n *// docs: end", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("checks/src/it").resolve(sample)));
        assertThat(marked.find()).isTrue();
        do {
            assertThat(guide(guide)).contains("```java\n" + marked.group(1).stripIndent() + "\n```\n");
        } while (marked.find());
    }

    // guide | project | its source; its dependencies are those of the guide's pom
    @ParameterizedTest
    @CsvSource({
        "james.md, james-extension, src/main/java/org/example/SenderAuthModule.java",
        "james.md, james-extension, src/main/java/org/example/CheckedChain.java"
    })
    void outsideProjectsAreThoseOfTheGuides(String guide, String project, String source) throws IOException {
        Path folder = ROOT.resolve("checks/src/it").resolve(project);
        assertThat(guide(guide)).contains("```java\n" + Files.readString(folder.resolve(source)) + "```\n");
        Matcher dependencies = Pattern.compile("  <dependencies>.*</dependencies>\n", Pattern.DOTALL)
                .matcher(Files.readString(folder.resolve("pom.xml")));
        assertThat(dependencies.find()).isTrue();
        assertThat(guide(guide).replaceAll("<version>1[.]0[.]0.*</version>", "<version>@project.version@</version>"))
                .contains(dependencies.group());
    }

    // guide | the projects whose POMs have the dependencies of its XML blocks, in the same order
    @ParameterizedTest
    @CsvSource({
        "README.md, checks/src/it/two-modules/pom.xml",
        "docs/library.md, checks/src/it/two-modules/pom.xml checks/src/it/spf-only/pom.xml",
        "docs/subethasmtp.md, examples/pom.xml"
    })
    void guideHasDependenciesOfBuiltProject(String guide, String projects) throws IOException {
        Matcher block =
                Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(ROOT.resolve(guide)));
        for (String project : projects.split(" ")) {
            assertThat(block.find()).isTrue();
            List<String> built = artifacts(Files.readString(ROOT.resolve(project)));
            assertThat(artifacts(block.group(1))).isNotEmpty().isSubsetOf(built);
        }
        assertThat(block.find()).isFalse();
    }

    private static List<String> artifacts(String xml) {
        return Pattern.compile("<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>")
                .matcher(xml)
                .results()
                .map(artifact -> artifact.group(1) + ":" + artifact.group(2))
                .toList();
    }

    @Test
    void springsConfigurationCompilesWithoutSpring(@TempDir Path classes) throws IOException {
        Matcher block = Pattern.compile("```java\n(@Configuration.*?)```", Pattern.DOTALL)
                .matcher(guide("library.md"));
        assertThat(block.find()).isTrue();
        assertThat(block.group(1).lines().count()).isLessThanOrEqualTo(10);
        String annotation = "package org.springframework.context.annotation; public @interface ";
        Map<String, String> sources = Map.of(
                "org/springframework/context/annotation/Bean", annotation + "Bean {}",
                "org/springframework/context/annotation/Configuration", annotation + "Configuration {}",
                "SenderAuthConfiguration", IMPORTS + block.group(1));

        List<JavaFileObject> files = new ArrayList<>();
        sources.forEach((name, source) -> files.add(SourceText.of(name, source)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        List<String> options = List.of("-d", classes.toString(), "-proc:none");
        boolean compiled =
                compiler.getTask(errors, null, null, options, null, files).call();
        assertThat(compiled).as(errors.toString()).isTrue();
    }
}
