package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The configurations of the packages and of the compose example are valid, reject nothing, and fit together. */
class ShippedConfigurationsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path COMPOSE = ROOT.resolve("examples/compose");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packaging/files/senderauth.yaml",
                "packaging/image/senderauth.yaml",
                "examples/compose/senderauth.yaml"
            })
    void passesTheCheckAndOnlyMonitors(String file) throws Exception {
        Process check = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.senderauth.cli.SenderauthCommand",
                        "serve",
                        "--check",
                        "--config",
                        ROOT.resolve(file).toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(output).isZero();
        Map<?, ?> steps = (Map<?, ?>) yaml(ROOT.resolve(file)).get("steps");
        assertThat(steps.values()).isNotEmpty().allMatch(step -> "monitor".equals(((Map<?, ?>) step).get("mode")));
    }

    @Test
    void composeExampleFitsTogether() throws IOException {
        Map<?, ?> services = (Map<?, ?>) yaml(COMPOSE.resolve("compose.yaml")).get("services");
        Map<?, ?> senderauth = (Map<?, ?>) services.get("senderauth");
        Map<?, ?> listen = (Map<?, ?>) yaml(COMPOSE.resolve("senderauth.yaml")).get("listen");
        String policy = listen.get("policy").toString();
        String port = policy.substring(policy.lastIndexOf(':') + 1);
        assertThat(Files.readString(COMPOSE.resolve("postfix/main.cf")))
                .contains("check_policy_service { inet:senderauth:" + port + ",");
        assertThat(((Map<?, ?>) senderauth.get("healthcheck")).get("test"))
                .asString()
                .contains("http://" + listen.get("http") + "/health/live");
        assertThat(senderauth.containsKey("ports"))
                .as("the policy port is published")
                .isFalse();
        assertThat(senderauth.get("read_only")).isEqualTo(true);
        assertThat((List<?>) senderauth.get("volumes"))
                .allSatisfy(
                        volume -> assertThat(COMPOSE.resolve(volume.toString().split(":")[0]))
                                .satisfiesAnyOf(
                                        path -> assertThat(path).exists(),
                                        path -> assertThat(path).hasFileName("state")));
        assertThat(COMPOSE.resolve(((Map<?, ?>) services.get("postfix")).get("build") + "/Dockerfile"))
                .exists();
    }

    private static Map<?, ?> yaml(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        }
    }
}
