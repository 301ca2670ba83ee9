package org.senderauth.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of Redis keys: {@code PREFIX:{BUCKET}:KIND:HASH}. What the network says is in no name, only its hash, so names
 * are short and of harmless characters. A bucket is a cluster's hash tag: all that one step touches is in one bucket,
 * hence in one slot. Immutable.
 */
final class KeyNames {

    /** The number of buckets: many for each node of a cluster, few enough to note the start of each. */
    static final int BUCKETS = 1024;

    private static final int HASH_OCTETS = 16;
    private static final int MEMBER_OCTETS = 9;

    private final String prefix;
    private final boolean cluster;
    private final Pattern hashed;

    /** A key that was read. Immutable. */
    record Parsed(String bucket, String kind, String hash) {}

    KeyNames(String prefix, boolean cluster) {
        this.prefix = prefix;
        this.cluster = cluster;
        this.hashed = Pattern.compile(Pattern.quote(prefix) + ":\\{([0-9a-f]{4})}:([a-z]):([\\w-]{22})");
    }

    /** Reads a key that {@link #in} has made; empty if it is another one. */
    Optional<Parsed> parse(String key) {
        Matcher parts = hashed.matcher(key);
        return parts.matches()
                ? Optional.of(new Parsed(parts.group(1), parts.group(2), parts.group(3)))
                : Optional.empty();
    }

    /** The pattern of SCAN for keys of kinds, each a letter. */
    String pattern(String kinds) {
        return prefix + ":{????}:[" + kinds + "]:??????????????????????";
    }

    /** The bucket of all keys that belong to something, such as a registrable domain or a mail server's network. */
    static String bucket(String owner) {
        byte[] hash = hash(owner);
        return bucket(((hash[0] & 0xff) << 8 | hash[1] & 0xff) % BUCKETS);
    }

    static String bucket(int number) {
        return HexFormat.of().toHexDigits((short) number);
    }

    /** A key in a bucket. */
    String in(String bucket, String kind, String what) {
        return prefix + ":{" + bucket + "}:" + kind + ':' + base64(hash(what), HASH_OCTETS);
    }

    /** The key that says when hosts asked last without Redis about what is in a bucket. */
    String reset(String bucket) {
        return prefix + ":{" + bucket + "}:reset";
    }

    /** The key that says when Redis began to know anything: one, but in a cluster one for each bucket. */
    String start(String bucket) {
        return cluster ? prefix + ":{" + bucket + "}:start" : prefix + ":start";
    }

    /** All of them. */
    Stream<String> starts() {
        return IntStream.range(0, cluster ? BUCKETS : 1).mapToObj(number -> start(bucket(number)));
    }

    /** The budget for all; not for a cluster, where it could not be in one slot with every domain. */
    String overall() {
        return prefix + ":overall";
    }

    /** A text that is unique enough within one small set. */
    static String member(String what) {
        return base64(hash(what), MEMBER_OCTETS);
    }

    /** A key that is on the same node as another. */
    String checkBeside(String key) {
        int begin = key.indexOf('{');
        int end = key.indexOf('}');
        return begin < 0 || end < begin ? prefix + ":check" : prefix + ':' + key.substring(begin, end + 1) + ":check";
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String base64(byte[] hash, int octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, octets));
    }
}
