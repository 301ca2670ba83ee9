package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.SecretFiles;

class WebReaderTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeToken() throws IOException {
        SecretFiles.create(folder.resolve("web.token"), "a token of the test\n".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(folder.resolve("short.token"), "short".getBytes(StandardCharsets.US_ASCII));
        Files.writeString(folder.resolve("open.token"), "a token of the test");
    }

    private Path file(String listen, String rest) throws IOException {
        Path file = folder.resolve("senderauth.yaml");
        Files.writeString(
                file, "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:0, " + listen + "}\n" + rest);
        return file;
    }

    private List<String> problems(String listen, String rest) throws IOException {
        Path file = file(listen, rest);
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
        assertThat(thrown).as("the file is taken").isNotNull();
        return thrown.problems().stream()
                .map(problem -> problem.replace(file + ":", "").replace(folder + "/", ""))
                .toList();
    }

    @Test
    void readsTheToken() throws Exception {
        ServeConfig config = ConfigReader.read(file("web: 127.0.0.1:9798", "web: {token-file: web.token}\n"));
        assertThat(config.web()).isNotNull();
        assertThat(config.web().address()).isEqualTo(new InetSocketAddress("127.0.0.1", 9798));
        assertThat(new String(config.web().token().getEncoded(), StandardCharsets.US_ASCII))
                .isEqualTo("a token of the test");
    }

    @Test
    void readsAProxysUser() throws Exception {
        ServeConfig config = ConfigReader.read(file(
                "web: \"unix:" + folder.resolve("web") + "\"",
                "web: {user-header: X-Remote-User, hosts: [senderauth.example.org]}\n"));
        assertThat(config.web().token()).isNull();
        assertThat(config.web().userHeader()).isEqualTo("X-Remote-User");
        assertThat(config.web().hosts()).containsExactly("senderauth.example.org");
    }

    @Test
    void requiresNothingWithoutPages() throws Exception {
        assertThat(ConfigReader.read(file("http: 127.0.0.1:0", "")).web()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:9798", "0.0.0.0:9798", "'[::]:9798'", "9798", "unix:web"})
    void rejectsAddressesThatOthersReach(String address) throws Exception {
        assertThat(problems("web: " + address, "web: {token-file: web.token}\n"))
                .anyMatch(problem -> problem.startsWith("2: web: must be a loopback address such as 127.0.0.1:9798"));
    }

    @Test
    void rejectsWhatIsUnsafe() throws Exception {
        assertThat(problems("web: 127.0.0.1:9798", "web: {}\n"))
                .containsExactly("3: web: missing \"token-file\"; any local user could read the pages");
        assertThat(problems("web: 127.0.0.1:9798", ""))
                .hasSize(1)
                .allMatch(problem ->
                        problem.endsWith("web: missing \"token-file\"; any local user could read the pages"));
        assertThat(problems("web: 127.0.0.1:9798", "web: {token-file: short.token}\n"))
                .containsExactly("3: short.token: a token must have at least 16 characters; generate one with: openssl"
                        + " rand -hex 24");
        assertThat(problems("web: 127.0.0.1:9798", "web: {token-file: open.token}\n"))
                .hasSize(1)
                .allMatch(problem -> problem.contains("others may read or write this secret"));
        assertThat(problems("web: 127.0.0.1:9798", "web: {user-header: X-Remote-User}\n"))
                .hasSize(1)
                .allMatch(problem -> problem.contains("a proxy is trusted over a UNIX socket only"));
        assertThat(problems("web: \"unix:" + folder.resolve("web") + "\"", "web: {user-header: X-Remote-User}\n"))
                .containsExactly("3: web: missing \"hosts\", the names by which browsers reach the proxy");
        assertThat(problems("http: 127.0.0.1:0", "web: {token-file: web.token}\n"))
                .containsExactly("3: the pages are not served; add \"web: 127.0.0.1:9798\" under \"listen:\"");
        assertThat(problems("web: 127.0.0.1:9798, http: 127.0.0.1:9798", "web: {token-file: web.token}\n"))
                .containsExactly("2: duplicate listen address; each service needs its own");
    }
}
