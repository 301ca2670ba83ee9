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

/** Names of test methods: a rule in at most 50 characters, without an article or a relative clause at its start. */
class TestNamesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final int MAX_LENGTH = 50;

    private static final Pattern TEST =
            Pattern.compile("@(?:Test|ParameterizedTest|Property|RepeatedTest)\\b.*?\\bvoid (\\w+)\\(", Pattern.DOTALL);

    private static final Pattern START = Pattern.compile(
            "(?:a|an|the|what|who|whose|whoever|how|when|where|whether|it|its|of|nothing|somebody|nobody|everybody)"
                    + "(?:[A-Z].*)?");

    static Stream<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().matches(".*/src/test/java/.*[.]java"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void modulesHaveGoodTestNames() throws IOException {
        List<String> bad = new ArrayList<>();
        for (Path module : modules()) {
            bad.addAll(bad(module));
        }
        assertThat(bad).isEmpty();
    }

    @Test
    void findsLongNamesAndClauses() {
        assertThat(bad("@Test void rejectsExpiredTag() {} @Property(tries = 9) void parsesAny(@ForAll String s) {}"))
                .isEmpty();
        assertThat(bad("@Test\n void whatIsSignedIsValid() {} @Test void aTagIsValid() {} @Test void " + "x".repeat(51)
                        + "() {}"))
                .hasSize(3);
    }

    private static List<Path> modules() throws IOException {
        return Pattern.compile("<module>([^<]+)<")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(module -> ROOT.resolve(module.group(1)))
                .toList();
    }

    private static List<String> bad(Path module) throws IOException {
        List<String> bad = new ArrayList<>();
        for (Path source : sources(module).toList()) {
            // The samples of this class are bad names.
            for (String name :
                    source.endsWith("TestNamesTest.java") ? List.<String>of() : bad(Files.readString(source))) {
                bad.add(ROOT.relativize(source) + ": " + name);
            }
        }
        return bad;
    }

    private static List<String> bad(String source) {
        List<String> bad = new ArrayList<>();
        Matcher test = TEST.matcher(source);
        while (test.find()) {
            String name = test.group(1);
            if (name.length() > MAX_LENGTH || START.matcher(name).matches()) {
                bad.add(name);
            }
        }
        return bad;
    }
}
