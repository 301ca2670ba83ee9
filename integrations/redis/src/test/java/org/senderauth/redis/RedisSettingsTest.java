package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void acceptsUrisOfServersAndSentinels(String text) {
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
    void rejectsOtherTextWithoutRepeatingIt(String text) {
        assertThat(RedisSettings.isUri(text)).isFalse();
        assertThatThrownBy(() -> RedisSettings.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis-sentinel://HOST:PORT,HOST:PORT#MASTER")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void severalUrisRequireClusterWithoutSentinels() {
        List<String> two = List.of("redis://192.0.2.1", "redis://192.0.2.2");
        assertThat(RedisSettings.builder().uris(two).cluster(true).build().uris())
                .isEqualTo(two);
        incomplete("one URI", RedisSettings.builder().uris(two));
        incomplete("one URI", RedisSettings.builder().cluster(true));
        incomplete(
                "no sentinels", RedisSettings.builder().uris(List.of(SENTINELS)).cluster(true));
    }

    @Test
    void requiresPasswordFileOfUserAndSentinels() {
        incomplete("passwordFile", of("redis://192.0.2.1").user("mail"));
        incomplete("sentinel URIs", of("redis://192.0.2.1").sentinelPasswordFile(FILE));
        assertThat(of(SENTINELS)
                        .user("mail")
                        .passwordFile(FILE)
                        .sentinelPasswordFile(FILE)
                        .build()
                        .sentinelPasswordFile())
                .hasValue(FILE);
    }

    @Test
    void rejectsPrefixThatBreaksAccessRule() {
        assertThat(RedisSettings.isPrefix("Mail_1.mx-2")).isTrue();
        assertThat(RedisSettings.isPrefix("x".repeat(64))).isTrue();
        for (String prefix : List.of("", "a b", "a{b}", "a*", "a:b", "x".repeat(65))) {
            assertThat(RedisSettings.isPrefix(prefix)).as(prefix).isFalse();
            rejected("prefix", () -> of("redis://h").prefix(prefix));
        }
    }

    @Test
    void rejectsDeadlineAndHostsOutOfRange() {
        RedisSettings least = RedisSettings.of("redis://h");
        assertThat(least.deadline()).isEqualTo(RedisSettings.DEFAULT_DEADLINE);
        assertThat(least.prefix()).isEqualTo(RedisSettings.DEFAULT_PREFIX);
        assertThat(least.withHosts(7).withDeadline(Duration.ofMillis(1)))
                .isEqualTo(
                        of("redis://h").hosts(7).deadline(Duration.ofMillis(1)).build());
        assertThat(least.withDeadline(RedisSettings.MAX_DEADLINE).deadline()).isEqualTo(RedisSettings.MAX_DEADLINE);
        rejected("1 ms to 10 s", () -> least.withDeadline(Duration.ZERO));
        rejected("1 ms to 10 s", () -> least.withDeadline(RedisSettings.MAX_DEADLINE.plusMillis(1)));
        rejected("hosts must be >= 1, was 0", () -> least.withHosts(0));
    }

    @Test
    void copyHasAllSettings() {
        RedisSettings all = of(SENTINELS)
                .user("mail")
                .passwordFile(FILE)
                .sentinelPasswordFile(FILE)
                .certificates(FILE)
                .prefix("p")
                .deadline(Duration.ofSeconds(1))
                .hosts(3)
                .build();
        assertThat(all.toBuilder().build()).isEqualTo(all).hasSameHashCodeAs(all);
        assertThat(all.toBuilder().hosts(4).build()).isNotEqualTo(all);
    }

    private static RedisSettings.Builder of(String uri) {
        return RedisSettings.builder().uris(List.of(uri));
    }

    private static void rejected(String message, Runnable misuse) {
        assertThatThrownBy(misuse::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static void incomplete(String message, RedisSettings.Builder builder) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
    }
}
