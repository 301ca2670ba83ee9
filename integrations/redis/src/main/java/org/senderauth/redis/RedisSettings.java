package org.senderauth.redis;

import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address of Redis and how it is used. Immutable. */
public final class RedisSettings {

    /** The default deadline. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofMillis(250);

    /** The default prefix of all keys. */
    public static final String DEFAULT_PREFIX = "senderauth";

    /** The maximum deadline: a mail server waits for the whole decision, of which this is a small part. */
    public static final Duration MAX_DEADLINE = Duration.ofSeconds(10);

    // A brace would start a hash tag of a cluster, a glob character a pattern of an ACL.
    private static final Pattern PREFIX = Pattern.compile("[0-9A-Za-z._-]{1,64}");

    private static final String PLACE = "(?:[0-9A-Za-z._-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?";
    private static final Pattern DIRECT = Pattern.compile("rediss?://" + PLACE + "(?:/[0-9]{1,4})?");
    private static final Pattern SENTINELS =
            Pattern.compile("rediss?-sentinel://" + PLACE + "(?:," + PLACE + ")*(?:/[0-9]{1,4})?#[0-9A-Za-z._-]{1,64}");

    private final List<String> uris;
    private final boolean cluster;
    private final @Nullable String user;
    private final @Nullable Path passwordFile;
    private final @Nullable Path sentinelPasswordFile;
    private final @Nullable Path certificates;
    private final String prefix;
    private final Duration deadline;
    private final int hosts;

    private RedisSettings(Builder builder) {
        this.uris = builder.uris;
        this.cluster = builder.cluster;
        this.user = builder.user;
        this.passwordFile = builder.passwordFile;
        this.sentinelPasswordFile = builder.sentinelPasswordFile;
        this.certificates = builder.certificates;
        this.prefix = builder.prefix;
        this.deadline = builder.deadline;
        this.hosts = builder.hosts;
    }

    /** {@return a builder, which requires {@link Builder#uris}} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with these settings} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.uris = uris;
        builder.cluster = cluster;
        builder.user = user;
        builder.passwordFile = passwordFile;
        builder.sentinelPasswordFile = sentinelPasswordFile;
        builder.certificates = certificates;
        builder.prefix = prefix;
        builder.deadline = deadline;
        builder.hosts = hosts;
        return builder;
    }

    /**
     * {@return the addresses: one {@code redis://HOST:PORT/DATABASE}; or the sentinels, {@code
     * redis-sentinel://HOST:PORT,HOST:PORT/DATABASE#MASTER}; or some nodes of a cluster, each as {@code
     * redis://HOST:PORT}; with TLS {@code rediss://} and {@code rediss-sentinel://}}
     */
    public List<String> uris() {
        return uris;
    }

    /** {@return whether it is a cluster} */
    public boolean cluster() {
        return cluster;
    }

    /** {@return the ACL user; empty for Redis' default user} */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /** {@return the file whose first line is the password, read again for each connection; empty for none} */
    public Optional<Path> passwordFile() {
        return Optional.ofNullable(passwordFile);
    }

    /** {@return the same for the sentinels' own password; empty for none} */
    public Optional<Path> sentinelPasswordFile() {
        return Optional.ofNullable(sentinelPasswordFile);
    }

    /** {@return the file with the trusted certificates of the TLS server, in PEM; empty for those of the JVM} */
    public Optional<Path> certificates() {
        return Optional.ofNullable(certificates);
    }

    /** {@return the prefix of all keys, so other programs can use the same Redis} */
    public String prefix() {
        return prefix;
    }

    /** {@return the maximum time to wait for Redis} */
    public Duration deadline() {
        return deadline;
    }

    /** {@return the number of hosts that share this Redis; without it each has this part of the rate limits} */
    public int hosts() {
        return hosts;
    }

    /**
     * Tests whether a text is a URI of Redis.
     *
     * @param text a text
     * @return true for a URI of a kind that {@link #uris} accepts
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
     * Tests whether a text is a URI of sentinels.
     *
     * @param text a text
     * @return true for {@code redis-sentinel://} and {@code rediss-sentinel://}
     */
    public static boolean isOfSentinels(String text) {
        return SENTINELS.matcher(text).matches();
    }

    /**
     * Tests whether a text is a valid prefix of keys.
     *
     * @param text a text
     * @return true for 1 to 64 letters, digits, dots, hyphens and underscores
     */
    public static boolean isPrefix(String text) {
        return PREFIX.matcher(text).matches();
    }

    /**
     * Returns the settings of one Redis server, without password, for one host.
     *
     * @param uri its address
     * @return settings with the defaults
     */
    public static RedisSettings of(String uri) {
        return builder().uris(List.of(uri)).build();
    }

    /**
     * Returns these settings for another number of hosts.
     *
     * @param number the number of hosts that share this Redis
     * @return the settings
     */
    public RedisSettings withHosts(int number) {
        return toBuilder().hosts(number).build();
    }

    /**
     * Returns these settings with another deadline.
     *
     * @param time the maximum time to wait for Redis
     * @return the settings
     */
    public RedisSettings withDeadline(Duration time) {
        return toBuilder().deadline(time).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RedisSettings that
                && uris.equals(that.uris)
                && cluster == that.cluster
                && Objects.equals(user, that.user)
                && Objects.equals(passwordFile, that.passwordFile)
                && Objects.equals(sentinelPasswordFile, that.sentinelPasswordFile)
                && Objects.equals(certificates, that.certificates)
                && prefix.equals(that.prefix)
                && deadline.equals(that.deadline)
                && hosts == that.hosts;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                uris, cluster, user, passwordFile, sentinelPasswordFile, certificates, prefix, deadline, hosts);
    }

    @Override
    public String toString() {
        return "RedisSettings[uris=" + uris + ", cluster=" + cluster + ", user=" + user + ", passwordFile="
                + passwordFile + ", sentinelPasswordFile=" + sentinelPasswordFile + ", certificates=" + certificates
                + ", prefix=" + prefix + ", deadline=" + deadline + ", hosts=" + hosts + "]";
    }

    /** Collects the settings. Not thread-safe. */
    public static final class Builder {

        private List<String> uris = List.of();
        private boolean cluster;
        private @Nullable String user;
        private @Nullable Path passwordFile;
        private @Nullable Path sentinelPasswordFile;
        private @Nullable Path certificates;
        private String prefix = DEFAULT_PREFIX;
        private Duration deadline = DEFAULT_DEADLINE;
        private int hosts = 1;

        private Builder() {}

        /**
         * Sets the addresses.
         *
         * @param uris {@code redis://HOST:PORT/DATABASE}, or the sentinels, or some nodes of a cluster; see {@link
         *     RedisSettings#uris}
         * @throws IllegalArgumentException if one is not such a URI
         */
        public Builder uris(List<String> uris) {
            for (String uri : Objects.requireNonNull(uris, "uris")) {
                if (!isUri(uri)) {
                    // The URI may contain a password.
                    throw new IllegalArgumentException("uris must be redis://HOST:PORT, rediss:// for TLS, or"
                            + " redis-sentinel://HOST:PORT,HOST:PORT#MASTER, without user and password, which have settings"
                            + " of their own");
                }
            }
            this.uris = List.copyOf(uris);
            return this;
        }

        /**
         * Sets whether the addresses are those of a cluster; false by default.
         *
         * @param cluster whether it is a cluster
         */
        public Builder cluster(boolean cluster) {
            this.cluster = cluster;
            return this;
        }

        /**
         * Sets the ACL user; Redis' default user by default. A user requires a {@linkplain #passwordFile password file}.
         *
         * @param user the name of the user
         * @throws IllegalArgumentException if it is empty
         */
        public Builder user(String user) {
            if (Objects.requireNonNull(user, "user").isEmpty()) {
                throw new IllegalArgumentException("user must not be empty, was \"\"");
            }
            this.user = user;
            return this;
        }

        /**
         * Sets the file whose first line is the password, read again for each connection; by default there is no password.
         *
         * @param passwordFile the file
         */
        public Builder passwordFile(Path passwordFile) {
            this.passwordFile = Objects.requireNonNull(passwordFile, "passwordFile");
            return this;
        }

        /**
         * Sets the file with the sentinels' own password; by default there is none.
         *
         * @param sentinelPasswordFile the file
         */
        public Builder sentinelPasswordFile(Path sentinelPasswordFile) {
            this.sentinelPasswordFile = Objects.requireNonNull(sentinelPasswordFile, "sentinelPasswordFile");
            return this;
        }

        /**
         * Sets the file with the trusted certificates of the TLS server, in PEM; those of the JVM by default.
         *
         * @param certificates the file
         */
        public Builder certificates(Path certificates) {
            this.certificates = Objects.requireNonNull(certificates, "certificates");
            return this;
        }

        /**
         * Sets the prefix of all keys, so other programs can use the same Redis; {@value RedisSettings#DEFAULT_PREFIX} by
         * default.
         *
         * @param prefix 1 to 64 letters, digits, dots, hyphens and underscores
         * @throws IllegalArgumentException if it is not such a text
         */
        public Builder prefix(String prefix) {
            if (!isPrefix(Objects.requireNonNull(prefix, "prefix"))) {
                throw new IllegalArgumentException(
                        "prefix must have 1 to 64 letters, digits, dots, hyphens and underscores," + " was \"" + prefix
                                + "\"");
            }
            this.prefix = prefix;
            return this;
        }

        /**
         * Sets the maximum time to wait for Redis; {@link RedisSettings#DEFAULT_DEADLINE} by default.
         *
         * @param deadline 1 millisecond to {@link RedisSettings#MAX_DEADLINE}
         * @throws IllegalArgumentException if it is not in that range
         */
        public Builder deadline(Duration deadline) {
            if (Objects.requireNonNull(deadline, "deadline").toMillis() < 1 || deadline.compareTo(MAX_DEADLINE) > 0) {
                throw new IllegalArgumentException(
                        "deadline must be 1 ms to " + MAX_DEADLINE.toSeconds() + " s, was " + deadline);
            }
            this.deadline = deadline;
            return this;
        }

        /**
         * Sets the number of hosts that share this Redis; 1 by default.
         *
         * @param hosts at least 1
         * @throws IllegalArgumentException if it is less
         */
        public Builder hosts(int hosts) {
            if (hosts < 1) {
                throw new IllegalArgumentException("hosts must be >= 1, was " + hosts);
            }
            this.hosts = hosts;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @return immutable settings
         * @throws IllegalStateException if there is no URI, several without a cluster, a cluster of sentinels, a user without
         *     password, or a sentinels' password without sentinels
         */
        public RedisSettings build() {
            if (uris.isEmpty() || uris.size() > 1 && !cluster) {
                throw new IllegalStateException("uris must be one URI, or several of a cluster, were " + uris.size());
            }
            boolean sentinels = uris.stream().anyMatch(RedisSettings::isOfSentinels);
            if (cluster && sentinels) {
                throw new IllegalStateException("cluster has no sentinels: list some of its nodes as uris");
            }
            if (sentinelPasswordFile != null && !sentinels) {
                throw new IllegalStateException("sentinelPasswordFile requires redis-sentinel URIs");
            }
            if (user != null && passwordFile == null) {
                throw new IllegalStateException("user requires a passwordFile");
            }
            return new RedisSettings(this);
        }
    }
}
