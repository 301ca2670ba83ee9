package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts of all releases must find the same keys: names are fixed to the letter. */
class KeyNamesTest {

    private static final KeyNames SINGLE = new KeyNames("p", false);
    private static final KeyNames CLUSTER = new KeyNames("p", true);

    // The first two octets of the SHA-256, modulo 1024.
    @ParameterizedTest
    @CsvSource({"d.test, 0292", "198.51.100.1, 0360", "example.org, 03ab"})
    void bucketIsMadeOfTheFirstBitsOfAHash(String owner, String bucket) {
        assertThat(KeyNames.bucket(owner)).isEqualTo(bucket);
    }

    @Test
    void namesAreFixed() {
        assertThat(SINGLE.in("0292", "b", "d.test")).isEqualTo("p:{0292}:b:9pJFDwHFnZXludJoazCr1g");
        assertThat(SINGLE.reset("0292")).isEqualTo("p:{0292}:reset");
        assertThat(SINGLE.overall()).isEqualTo("p:overall");
        assertThat(KeyNames.member("d.test")).isEqualTo("9pJFDwHFnZXl");
    }

    @Test
    void eachClusterBucketHasItsOwnStart() {
        Set<String> starts = CLUSTER.starts().collect(Collectors.toSet());
        assertThat(starts).hasSize(KeyNames.BUCKETS);
        Set<String> buckets = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            buckets.add(KeyNames.bucket("d" + i + ".test"));
        }
        assertThat(buckets).hasSize(KeyNames.BUCKETS);
        assertThat(buckets).allSatisfy(bucket -> assertThat(starts).contains(CLUSTER.start(bucket)));
        assertThat(SINGLE.starts()).containsExactly("p:start").contains(SINGLE.start("0292"));
    }

    @ParameterizedTest
    @CsvSource({
        "p:{0292}:b:x, p:{0292}:check",
        "{0292}, p:{0292}:check",
        "p:overall, p:check",
        "p:start, p:check",
        "p:{0292, p:check",
        "p:}0292{, p:check",
    })
    void checkIsOnTheNodeOfTheKeyThatItIsFor(String key, String check) {
        assertThat(SINGLE.checkBeside(key)).isEqualTo(check);
    }
}
