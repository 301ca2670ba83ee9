package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of the step {@code callforward}. */
class CallforwardSettingsTest {

    @TempDir
    Path folder;

    private Path file(String settings) throws Exception {
        return Files.writeString(folder.resolve("senderauth.yaml"), """
                hostname: mx.example.org
                listen: {policy: inet:127.0.0.1:0}
                steps:
                  callforward: %s
                """.formatted(settings));
    }

    private List<String> problems(String settings) throws Exception {
        Path file = file(settings);
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
        return thrown.problems().stream()
                .map(problem -> problem.replace(file + ":", ""))
                .toList();
    }

    @Test
    void readsEverySetting() throws Exception {
        CallforwardSettings settings = ConfigReader.read(file("{reject-code: 450, expose-reply-text: true, hosts:"
                        + " {Example.org: [192.0.2.1, \"192.0.2.2:2525\"], example.com: \"[2001:db8::1]\"}}"))
                .steps()
                .callforward();
        assertThat(settings)
                .isEqualTo(new CallforwardSettings(
                        Map.of(
                                "example.org",
                                List.of(
                                        new InetSocketAddress("192.0.2.1", 25),
                                        new InetSocketAddress("192.0.2.2", 2525)),
                                "example.com",
                                List.of(new InetSocketAddress("2001:db8::1", 25))),
                        true,
                        true));
    }

    @Test
    void namesEachProblem() throws Exception {
        assertThat(problems("{}"))
                .containsExactly(
                        "4: step callforward requires hosts; add \"hosts: {DOMAIN: [IP]}\" under \"callforward:\"");
        assertThat(problems("{hosts: {a..b: 192.0.2.1}}"))
                .contains("4: hosts: must be a domain name such as example.org, was \"a..b\"");
        assertThat(problems("{hosts: {example.org: inside.example.org}}"))
                .contains("4: example.org: must be an IP address, or one with a port such as 192.0.2.1:2525, was"
                        + " \"inside.example.org\"");
        assertThat(problems("{hosts: {example.org: 192.0.2.1, Example.org: 192.0.2.2}}"))
                .containsExactly("4: duplicate setting \"Example.org\"; remove one");
    }
}
