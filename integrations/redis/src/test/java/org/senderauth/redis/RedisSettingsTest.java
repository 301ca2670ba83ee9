package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What says where Redis is, and what does not. */
class RedisSettingsTest {

    private static final String SENTINELS = "redis-sentinel://s1.example.org:26379,s2.example.org:26379#main";
    private static final Path FILE = Path.of("file");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://192.0.2.10:6379",
                "redis://redis.example.org",
                "rediss://redis_1.example.org:6380/2",
                "redis://[2001:db8::1]:6379",
                "redis-sentinel://192.0.2.1:26379#main",
                "redis-sentinel://s1,s2:26380/3#mail-main",
                "rediss-sentinel://s1:26379,s2:26379,s3:26379#main"
            })
    void aPlaceIsAUri(String text) {
        assertThat(RedisSettings.isUri(text)).isTrue();
        assertThat(RedisSettings.isOfSentinels(text)).isEqualTo(text.contains("sentinel"));
        assertThat(RedisSettings.of(text).uris()).containsExactly(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "redis",
                "redis://",
                "192.0.2.10:6379",
                "http://192.0.2.10:6379",
                "redis://mail:s3cret@192.0.2.10",
                "redis://192.0.2.10:99999",
                "redis://192.0.2.10:port",
                "redis://192.0.2.10/x",
                "redis://192.0.2.10?timeout=1s",
                "redis://192.0.2.10,192.0.2.11",
                "redis://192.0.2.10#main",
                "redis-sentinel://192.0.2.1:26379",
                "redis-sentinel://192.0.2.1:26379#",
                "redis-sentinel://192.0.2.1:99999#main",
                "redis-sentinel://192.0.2.1:26379, 192.0.2.2:26379#main",
                "redis-sentinel://s3cret@192.0.2.1:26379#main"
            })
    void whatIsNoPlaceIsNoUriAndIsNotRepeated(String text) {
        assertThat(RedisSettings.isUri(text)).isFalse();
        assertThatThrownBy(() -> RedisSettings.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis-sentinel://HOST:PORT,HOST:PORT#MASTER")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void severalPlacesAreForAClusterWhichHasNoSentinels() {
        List<String> two = List.of("redis://192.0.2.1", "redis://192.0.2.2");
        assertThat(settings(two, true, null, null, null, "p", 250, 1).uris()).isEqualTo(two);
        rejected("one URI", () -> settings(two, false, null, null, null, "p", 250, 1));
        rejected("one URI", () -> settings(List.of(), true, null, null, null, "p", 250, 1));
        rejected("no sentinels", () -> settings(List.of(SENTINELS), true, null, null, null, "p", 250, 1));
    }

    @Test
    void passwordsAreForThoseWhoAskForThem() {
        List<String> one = List.of("redis://192.0.2.1");
        rejected("password file", () -> settings(one, false, "mail", null, null, "p", 250, 1));
        rejected("sentinels", () -> settings(one, false, null, null, FILE, "p", 250, 1));
        assertThat(settings(List.of(SENTINELS), false, "mail", FILE, FILE, "p", 250, 1)
                        .sentinelPasswordFile())
                .isEqualTo(FILE);
    }

    @Test
    void aPrefixFitsIntoAnAccessRule() {
        assertThat(RedisSettings.isPrefix("Mail_1.mx-2")).isTrue();
        assertThat(RedisSettings.isPrefix("x".repeat(64))).isTrue();
        for (String prefix : List.of("", "a b", "a{b}", "a*", "a:b", "x".repeat(65))) {
            assertThat(RedisSettings.isPrefix(prefix)).as(prefix).isFalse();
            rejected("prefix", () -> settings(List.of("redis://h"), false, null, null, null, prefix, 250, 1));
        }
    }

    @Test
    void deadlinesAndHostsHaveTheirRange() {
        RedisSettings least = RedisSettings.of("redis://h");
        assertThat(least.deadline()).isEqualTo(RedisSettings.DEFAULT_DEADLINE);
        assertThat(least.prefix()).isEqualTo(RedisSettings.DEFAULT_PREFIX);
        assertThat(least.withHosts(7).withDeadline(Duration.ofMillis(1)))
                .isEqualTo(settings(least.uris(), false, null, null, null, "senderauth", 1, 7));
        assertThat(least.withDeadline(RedisSettings.MAX_DEADLINE).deadline()).isEqualTo(RedisSettings.MAX_DEADLINE);
        rejected("1 ms to 10 s", () -> least.withDeadline(Duration.ZERO));
        rejected("1 ms to 10 s", () -> least.withDeadline(RedisSettings.MAX_DEADLINE.plusMillis(1)));
        rejected("at least one host", () -> least.withHosts(0));
    }

    private static void rejected(String message, Runnable misuse) {
        assertThatThrownBy(misuse::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static RedisSettings settings(
            List<String> uris,
            boolean cluster,
            @Nullable String user,
            @Nullable Path password,
            @Nullable Path sentinelPassword,
            String prefix,
            long millis,
            int hosts) {
        return new RedisSettings(
                uris, cluster, user, password, sentinelPassword, null, prefix, Duration.ofMillis(millis), hosts);
    }
}
