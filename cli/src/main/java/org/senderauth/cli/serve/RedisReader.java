package org.senderauth.cli.serve;

import static org.senderauth.cli.serve.ConfigValues.FILE;

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
                    + " user and password stand in \"user\" and \"password-file\"";
    private static final int MOST_HOSTS = 10_000;

    /** Reads it; null if it is absent or wrong. */
    ServeConfig.@Nullable Redis read(Section root) {
        Section section = root.section("redis");
        List<String> uris = new ArrayList<>();
        for (Section.Text text : section.texts("uri")) {
            if (RedisSettings.isUri(text.value())) {
                uris.add(text.value());
            } else {
                // It is not repeated: it may hold a password.
                section.problem("uri", "\"uri\" must be " + URI);
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
        int hosts = section.number("hosts", 1, 1, MOST_HOSTS);
        ServeConfig.WithoutRedis ses =
                section.choice("ses-without-redis", ServeConfig.WithoutRedis.DEFER, ServeConfig.WithoutRedis.class);
        section.end();
        if (!root.has("redis")) {
            return null;
        }
        if (!section.has("uri")) {
            root.problem("redis", "\"redis\" has no place; add \"uri: redis://127.0.0.1:6379\" below it");
        }
        if (!section.has("hosts")) {
            root.problem(
                    "redis",
                    "\"redis\" must know how many mail hosts share it; add \"hosts: 2\" or how many there are");
        }
        if (uris.size() > 1 && !cluster) {
            section.problem("uri", "several URIs are for a cluster; add \"cluster: true\" or leave one");
            return null;
        }
        if (user != null && !section.has("password-file")) {
            section.problem("user", "a user needs a password; add \"password-file: FILE\"");
            return null;
        }
        boolean sentinels = uris.stream().anyMatch(RedisSettings::isOfSentinels);
        if (cluster && sentinels) {
            section.problem(
                    "uri", "a cluster has no sentinels; name some of its nodes, or leave \"cluster: true\" out");
            return null;
        }
        if (sentinelPassword != null && !sentinels) {
            section.problem("sentinel-password-file", "the sentinels' password needs a \"uri\" of sentinels");
            return null;
        }
        checkPassword(section, "password-file", password);
        checkPassword(section, "sentinel-password-file", sentinelPassword);
        if (certificates != null && !Files.isReadable(certificates)) {
            section.problem("ca-file", certificates + " cannot be read; name a file of certificates in PEM");
        }
        if (uris.isEmpty()) {
            return null;
        }
        return new ServeConfig.Redis(
                new RedisSettings(
                        uris,
                        cluster,
                        user,
                        password,
                        sentinelPassword,
                        certificates,
                        prefix,
                        Duration.ofMillis(deadline),
                        hosts),
                ses);
    }

    private static void checkPassword(Section section, String key, @Nullable Path file) {
        if (file != null) {
            try {
                SecretFiles.read(file);
            } catch (IOException e) {
                section.problem(key, Reasons.of(e));
            }
        }
    }

    private @Nullable Path file(Section section, String key) {
        return section.value(key, null, FILE, text -> ConfigValues.path(folder, text));
    }
}
