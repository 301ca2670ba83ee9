package org.senderauth.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.SecretKeys;

class AccessTest {

    private static final String TOKEN = "a token of the test";
    private static final Access TCP = access(false);
    private static final Access UNIX = access(true);

    private static Access access(boolean isUnix) {
        return new Access(
                new WebSettings(
                        new InetSocketAddress(0),
                        SecretKeys.of(TOKEN.getBytes(StandardCharsets.US_ASCII)),
                        Set.of("senderauth.example.org"),
                        "X-Remote-User"),
                isUnix,
                new SecureRandom());
    }

    private static Access.Fields fields(String... namesAndValues) {
        return name -> {
            List<String> values = new java.util.ArrayList<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                if (namesAndValues[i].equals(name)) {
                    values.add(namesAndValues[i + 1]);
                }
            }
            return values;
        };
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static void rejects(int status, Access access, String... fields) {
        assertThatThrownBy(() -> access.user(fields(fields)))
                .isInstanceOfSatisfying(
                        Access.Rejected.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:9798", "127.0.0.1:9798", "[::1]:9798", "[::1]", "senderauth.example.org"
            })
    void acceptsOurHosts(String host) throws Exception {
        assertThat(TCP.user(fields("Host", host, "Authorization", "Bearer " + TOKEN)))
                .isEqualTo("token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":9798",
                "attacker.example",
                "127.0.0.1.attacker.example:9798",
                "localhost.",
                "[::1",
                "0x7f.1"
            })
    void rejectsOtherHostsEvenWithTheToken(String host) {
        rejects(421, TCP, "Host", host, "Authorization", "Bearer " + TOKEN);
    }

    @Test
    void rejectsTwoHosts() {
        rejects(421, TCP, "Host", "localhost", "Host", "localhost", "Authorization", "Bearer " + TOKEN);
        rejects(421, TCP, "Authorization", "Bearer " + TOKEN);
    }

    @Test
    void loopbackNamesAreNotThoseOfAProxy() {
        rejects(421, UNIX, "Host", "localhost", "Authorization", "Bearer " + TOKEN);
    }

    @Test
    void acceptsTheTokenAsAPassword() throws Exception {
        assertThat(TCP.user(fields("Host", "localhost", "Authorization", basic("anyone", TOKEN))))
                .isEqualTo("token");
        assertThat(TCP.user(fields("Host", "localhost", "Authorization", basic("", TOKEN))))
                .isEqualTo("token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Basic",
                "Basic ",
                "Basic !!!",
                "Bearer a token of the tes",
                "Bearer a token of the test2",
                "Digest a token of the test",
                "a token of the test"
            })
    void rejectsEverythingElse(String authorization) {
        rejects(401, TCP, "Host", "localhost", "Authorization", authorization);
    }

    @Test
    void rejectsARequestWithoutOrWithTwoTokens() {
        rejects(401, TCP, "Host", "localhost");
        rejects(401, TCP, "Host", "localhost", "Authorization", "Bearer " + TOKEN, "Authorization", "Bearer " + TOKEN);
        rejects(401, TCP, "Host", "localhost", "Authorization", basic(TOKEN, ""));
    }

    @Test
    void trustsTheProxysUserOverAUnixSocketOnly() throws Exception {
        String[] proxied = {"Host", "senderauth.example.org", "X-Remote-User", "alice"};
        assertThat(UNIX.user(fields(proxied))).isEqualTo("alice");
        rejects(401, TCP, proxied);
    }

    @Test
    void rejectsAUserThatTheProxyCannotMean() {
        String[] bad = {"", " ", "alice\u202e", "a".repeat(200)};
        for (String user : bad) {
            rejects(401, UNIX, "Host", "senderauth.example.org", "X-Remote-User", user);
        }
        rejects(401, UNIX, "Host", "senderauth.example.org", "X-Remote-User", "alice", "X-Remote-User", "bob");
        rejects(401, UNIX, "Host", "senderauth.example.org");
    }

    @Test
    void withoutATokenNoAuthorizationHelps() {
        Access proxyOnly = new Access(
                new WebSettings(new InetSocketAddress(0), null, Set.of("senderauth.example.org"), "X-Remote-User"),
                true,
                new SecureRandom());
        rejects(401, proxyOnly, "Host", "senderauth.example.org", "Authorization", "Bearer ");
        rejects(401, proxyOnly, "Host", "senderauth.example.org", "Authorization", basic("", ""));
    }

    @Test
    void rejectsPostsOfOtherSites() throws Exception {
        for (Map.Entry<String, String> field : List.of(
                Map.entry("Sec-Fetch-Site", "cross-site"),
                Map.entry("Sec-Fetch-Site", "same-site"),
                Map.entry("Sec-Fetch-Site", "none"),
                Map.entry("Origin", "null"),
                Map.entry("Origin", "https://attacker.example"),
                Map.entry("Origin", "https://localhost.attacker.example:9798"))) {
            assertThatThrownBy(() -> TCP.checkOrigin(fields(field.getKey(), field.getValue())))
                    .isInstanceOfSatisfying(
                            Access.Rejected.class, e -> assertThat(e.status()).isEqualTo(403));
        }
        TCP.checkOrigin(fields("Origin", "http://127.0.0.1:9798", "Sec-Fetch-Site", "same-origin"));
        TCP.checkOrigin(fields());
    }

    @Test
    void givesFormsTheTokenOfTheirUser() throws Exception {
        UNIX.checkForm("alice", UNIX.formToken("alice"));
        for (String sent : new String[] {null, "", UNIX.formToken("bob"), TCP.formToken("alice")}) {
            assertThatThrownBy(() -> UNIX.checkForm("alice", sent))
                    .isInstanceOfSatisfying(
                            Access.Rejected.class, e -> assertThat(e.status()).isEqualTo(403));
        }
    }
}
