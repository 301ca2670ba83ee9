package org.senderauth.server;

import static org.senderauth.server.ConfigValues.FILE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SecretFiles;
import org.senderauth.redis.RedisSettings;

/**
 * Reads the section {@code redis}.
 *
 * @param folder the folder of the configuration file
 */
record RedisReader(Path folder) {

    private static final String URI =
            "redis://HOST:PORT, rediss://HOST:PORT for TLS, or redis-sentinel://HOST:PORT,HOST:PORT#MASTER;"
                    + " put user and password in \"user\" and \"password-file\"";
    private static final int MAX_HOSTS = 10_000;

    /** Reads it; null if it is absent or wrong. */
    ServeConfig.@Nullable Redis read(ConfigSection root) {
        ConfigSection section = root.section("redis");
        List<String> uris = new ArrayList<>();
        for (ConfigSection.Text text : section.texts("uri")) {
            if (RedisSettings.isUri(text.value())) {
                uris.add(text.value());
            } else {
                // Not repeated in the message: it may contain a password.
                section.problem("uri", "uri: must be " + URI);
            }
        }
        boolean cluster = section.flag("cluster", false);
        String user = section.text("user");
        Path password = file(section, "password-file");
        Path sentinelPassword = file(section, "sentinel-password-file");
        Path certificates = file(section, "ca-file");
        String prefix = section.value(
                "prefix",
                RedisSettings.DEFAULT_PREFIX,
                "1 to 64 letters, digits, dots, hyphens and underscores",
                text -> Optional.of(text).filter(RedisSettings::isPrefix));
        int deadline = section.number("deadline-ms", (int) RedisSettings.DEFAULT_DEADLINE.toMillis(), 10, (int)
                RedisSettings.MAX_DEADLINE.toMillis());
        int hosts = section.number("hosts", 1, 1, MAX_HOSTS);
        ServeConfig.SesOnOutage ses =
                section.choice("ses-on-outage", ServeConfig.SesOnOutage.DEFER, ServeConfig.SesOnOutage.class);
        section.end();
        if (!root.has("redis")) {
            return null;
        }
        if (!section.has("uri")) {
            root.problem("redis", "redis: missing \"uri\"; add \"uri: redis://127.0.0.1:6379\"");
        }
        if (!section.has("hosts")) {
            root.problem("redis", "redis: missing \"hosts\" (number of mail servers sharing it)");
        }
        if (uris.size() > 1 && !cluster) {
            section.problem("uri", "several URIs require a cluster; add \"cluster: true\" or keep one");
            return null;
        }
        if (user != null && !section.has("password-file")) {
            section.problem("user", "user requires a password; add \"password-file: FILE\"");
            return null;
        }
        boolean sentinels = uris.stream().anyMatch(RedisSettings::isOfSentinels);
        if (cluster && sentinels) {
            section.problem("uri", "a cluster has no sentinels; list some of its nodes, or remove \"cluster: true\"");
            return null;
        }
        if (sentinelPassword != null && !sentinels) {
            section.problem("sentinel-password-file", "sentinel-password-file requires a redis-sentinel \"uri\"");
            return null;
        }
        checkPassword(section, "password-file", password);
        checkPassword(section, "sentinel-password-file", sentinelPassword);
        if (certificates != null && !Files.isReadable(certificates)) {
            section.problem("ca-file", certificates + ": not readable; use a file of certificates in PEM");
        }
        if (uris.isEmpty()) {
            return null;
        }
        RedisSettings.Builder builder = RedisSettings.builder()
                .uris(uris)
                .cluster(cluster)
                .prefix(prefix)
                .deadline(Duration.ofMillis(deadline))
                .hosts(hosts);
        if (user != null) {
            builder.user(user);
        }
        if (password != null) {
            builder.passwordFile(password);
        }
        if (sentinelPassword != null) {
            builder.sentinelPasswordFile(sentinelPassword);
        }
        if (certificates != null) {
            builder.certificates(certificates);
        }
        return new ServeConfig.Redis(builder.build(), ses);
    }

    private static void checkPassword(ConfigSection section, String key, @Nullable Path file) {
        if (file != null) {
            try {
                SecretFiles.read(file);
            } catch (IOException e) {
                section.problem(key, ErrorText.of(e));
            }
        }
    }

    private @Nullable Path file(ConfigSection section, String key) {
        return section.optional(key, FILE, text -> ConfigValues.path(folder, text));
    }
}
