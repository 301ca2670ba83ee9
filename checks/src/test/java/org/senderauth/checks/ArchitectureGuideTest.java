package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The picture of docs/architecture.md shows what the modules' POMs say. */
class ArchitectureGuideTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ARROW = Pattern.compile("(?m)^ +([a-z0-9 &]+) --> ([a-z0-9 &]+)$");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>senderauth-([a-z0-9]+)</artifactId>"
                    + "((?:(?!</dependency>).)*)</dependency>",
            Pattern.DOTALL);

    @Test
    void pictureShowsTheDependenciesOfThePoms() throws IOException {
        Matcher picture = Pattern.compile("```mermaid\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("docs/architecture.md")));
        assertThat(picture.find()).isTrue();
        Map<String, Set<String>> drawn = new TreeMap<>();
        ARROW.matcher(picture.group(1)).results().forEach(arrow -> {
            for (String from : arrow.group(1).split(" & ")) {
                drawn.computeIfAbsent(from, any -> new TreeSet<>())
                        .addAll(Set.of(arrow.group(2).split(" & ")));
            }
        });
        assertThat(reachable(drawn)).isEqualTo(reachable(poms()));
    }

    private static Map<String, Set<String>> poms() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        Matcher module = Pattern.compile("<module>([^<]+)</module>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        while (module.find()) {
            Path folder = ROOT.resolve(module.group(1));
            String pom = Files.readString(folder.resolve("pom.xml"));
            if (pom.contains("<maven.deploy.skip>true") || module.group(1).equals("bom")) {
                continue;
            }
            Set<String> uses = new TreeSet<>();
            DEPENDENCY
                    .matcher(pom)
                    .results()
                    .filter(found -> !found.group(2).contains("<scope>test"))
                    .forEach(found -> uses.add(found.group(1)));
            if (!uses.isEmpty()) {
                used.put(folder.getFileName().toString(), uses);
            }
        }
        return used;
    }

    private static Map<String, Set<String>> reachable(Map<String, Set<String>> arrows) {
        Map<String, Set<String>> all = new TreeMap<>();
        arrows.forEach((from, to) -> all.put(from, new TreeSet<>(to)));
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Set<String> to : all.values()) {
                for (String middle : Set.copyOf(to)) {
                    grown |= to.addAll(all.getOrDefault(middle, Set.of()));
                }
            }
        }
        return all;
    }
}
