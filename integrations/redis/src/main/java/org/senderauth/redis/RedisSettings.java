package org.senderauth.redis;

import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is and how it is used. Immutable.
 *
 * @param uris where Redis is: one {@code redis://HOST:PORT/DATABASE}; or the sentinels that know, {@code
 *     redis-sentinel://HOST:PORT,HOST:PORT/DATABASE#MASTER}; or some nodes of a cluster, each as {@code
 *     redis://HOST:PORT}; with TLS {@code rediss://} and {@code rediss-sentinel://}
 * @param cluster whether it is a cluster
 * @param user the ACL user; null for Redis' default user
 * @param passwordFile the file whose first line is the password, read anew for each connection; null for none
 * @param sentinelPasswordFile the same for the sentinels' own password; null for none
 * @param certificates the file with the certificates, in PEM, that a TLS server's must come from; null for those that
 *     the JVM trusts
 * @param prefix what all keys begin with, so that others can use the same Redis
 * @param deadline how long is waited for Redis at most
 * @param hosts how many hosts share this Redis; without it each has one part in so many of the budgets
 */
public record RedisSettings(
        List<String> uris,
        boolean cluster,
        @Nullable String user,
        @Nullable Path passwordFile,
        @Nullable Path sentinelPasswordFile,
        @Nullable Path certificates,
        String prefix,
        Duration deadline,
        int hosts) {

    /** How long is waited for Redis, unless the caller says otherwise. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofMillis(250);

    /** What all keys begin with, unless the caller says otherwise. */
    public static final String DEFAULT_PREFIX = "senderauth";

    /** The longest deadline: a mail server waits for the whole decision, of which this is a small part. */
    public static final Duration MAX_DEADLINE = Duration.ofSeconds(10);

    // A brace would begin a hash tag of the cluster's, a glob character a pattern in an ACL.
    private static final Pattern PREFIX = Pattern.compile("[0-9A-Za-z._-]{1,64}");

    private static final String PLACE = "(?:[0-9A-Za-z._-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?";
    private static final Pattern DIRECT = Pattern.compile("rediss?://" + PLACE + "(?:/[0-9]{1,4})?");
    private static final Pattern SENTINELS =
            Pattern.compile("rediss?-sentinel://" + PLACE + "(?:," + PLACE + ")*(?:/[0-9]{1,4})?#[0-9A-Za-z._-]{1,64}");

    /**
     * Makes settings.
     *
     * @param uris where Redis is
     * @param cluster whether it is a cluster
     * @param user the ACL user
     * @param passwordFile the file with the password
     * @param sentinelPasswordFile the file with the sentinels' password
     * @param certificates the file with the trusted certificates
     * @param prefix what all keys begin with
     * @param deadline how long is waited at most
     * @param hosts how many hosts share this Redis
     * @throws IllegalArgumentException if something is out of its range; the message says what to write
     */
    public RedisSettings {
        uris = List.copyOf(uris);
        if (uris.isEmpty() || uris.size() > 1 && !cluster) {
            throw new IllegalArgumentException("one URI says where Redis is; several are for a cluster");
        }
        for (String uri : uris) {
            if (!isUri(uri)) {
                throw new IllegalArgumentException("a Redis URI is redis://HOST:PORT, rediss:// for TLS, or"
                        + " redis-sentinel://HOST:PORT,HOST:PORT#MASTER, without user and password, which have settings"
                        + " of their own");
            }
            if (cluster && isOfSentinels(uri)) {
                throw new IllegalArgumentException("a cluster has no sentinels: name some of its nodes");
            }
        }
        if (sentinelPasswordFile != null && !isOfSentinels(uris.get(0))) {
            throw new IllegalArgumentException("a sentinels' password needs a URI of sentinels");
        }
        if (user != null && passwordFile == null) {
            throw new IllegalArgumentException("a user needs a password file");
        }
        if (!isPrefix(prefix)) {
            throw new IllegalArgumentException("a prefix has 1 to 64 letters, digits, dots, hyphens and underscores");
        }
        if (deadline.toMillis() < 1 || deadline.compareTo(MAX_DEADLINE) > 0) {
            throw new IllegalArgumentException("a deadline is 1 ms to " + MAX_DEADLINE.toSeconds() + " s");
        }
        if (hosts < 1) {
            throw new IllegalArgumentException("at least one host uses this Redis");
        }
    }

    /**
     * Whether a text says where Redis is.
     *
     * @param text a text
     * @return true for a URI of one of the kinds that {@link #uris} takes
     */
    public static boolean isUri(String text) {
        if (!DIRECT.matcher(text).matches() && !isOfSentinels(text)) {
            return false;
        }
        try {
            RedisURI.create(text);
            return true;
        } catch (IllegalArgumentException portOutOfRange) {
            return false;
        }
    }

    /**
     * Whether a text names sentinels, which tell where Redis is.
     *
     * @param text a text
     * @return true for {@code redis-sentinel://} and {@code rediss-sentinel://}
     */
    public static boolean isOfSentinels(String text) {
        return SENTINELS.matcher(text).matches();
    }

    /**
     * Whether keys may begin with a text.
     *
     * @param text a text
     * @return true for 1 to 64 letters, digits, dots, hyphens and underscores
     */
    public static boolean isPrefix(String text) {
        return PREFIX.matcher(text).matches();
    }

    /**
     * Redis at one place, without password, for one host.
     *
     * @param uri where it is
     * @return settings to start from
     */
    public static RedisSettings of(String uri) {
        return new RedisSettings(List.of(uri), false, null, null, null, null, DEFAULT_PREFIX, DEFAULT_DEADLINE, 1);
    }

    /**
     * The same for so many hosts.
     *
     * @param number how many hosts share this Redis
     * @return the settings
     */
    public RedisSettings withHosts(int number) {
        return new RedisSettings(
                uris, cluster, user, passwordFile, sentinelPasswordFile, certificates, prefix, deadline, number);
    }

    /**
     * The same with another deadline.
     *
     * @param time how long is waited for Redis at most
     * @return the settings
     */
    public RedisSettings withDeadline(Duration time) {
        return new RedisSettings(
                uris, cluster, user, passwordFile, sentinelPasswordFile, certificates, prefix, time, hosts);
    }
}
