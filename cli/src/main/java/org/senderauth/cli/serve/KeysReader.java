package org.senderauth.cli.serve;

import static org.senderauth.cli.serve.ConfigValues.DOMAIN;
import static org.senderauth.cli.serve.ConfigValues.FILE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvKeys;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.powerdns.SigningKey;
import org.senderauth.ses.FileMessageIds;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesZone;

/**
 * Reads the sections that name files of secrets: {@code batv} and {@code ses}.
 *
 * @param folder the folder of the configuration file
 */
record KeysReader(Path folder) {

    /** Most servers that may sign for a domain, each with numbers of its own. */
    private static final int MAX_SERVERS = 1000;

    /** Reads {@code batv}; null if it is absent or wrong. */
    ServeConfig.@Nullable BatvSettings batv(Section root, List<String> domains) {
        Section section = root.section("batv");
        Path keys = file(section, "keys");
        Path keyFile = file(section, "key-file");
        int lifetime = section.number("lifetime-days", Batv.DEFAULT_LIFETIME_DAYS, 1, Batv.MAX_LIFETIME_DAYS);
        boolean lowerCase = section.flag("lower-case", false);
        boolean refuses = section.flag("refuse-untagged", true);
        section.end();
        if (root.has("batv") && !section.has("keys") && !section.has("key-file")) {
            root.problem("batv", "\"batv\" has no key; add \"key-file: FILE\" or \"keys: FILE\" below it");
        }
        if (keys != null && keyFile != null) {
            section.problem("key-file", "\"keys\" and \"key-file\" exclude each other; remove one");
            return null;
        }
        if (keyFile != null && domains.isEmpty()) {
            section.problem("key-file", "a key needs domains to tag; add \"domains: [example.org]\" at the top");
        }
        try {
            if (keys != null) {
                return new ServeConfig.BatvSettings(BatvKeyFile.read(keys), lifetime, lowerCase, refuses);
            }
            if (keyFile != null) {
                return new ServeConfig.BatvSettings(shared(keyFile, domains), lifetime, lowerCase, refuses);
            }
        } catch (IOException | IllegalArgumentException e) {
            section.problem(keys != null ? "keys" : "key-file", Reasons.of(e));
        }
        return null;
    }

    private static BatvKeys shared(Path keyFile, List<String> domains) throws IOException {
        BatvKeyring ring = BatvKeyring.of(SecretKeys.of(SecretFiles.read(keyFile)));
        Map<String, BatvKeyring> rings = new HashMap<>();
        domains.forEach(domain -> rings.put(domain, ring));
        return BatvKeys.perDomain(rings);
    }

    /** Reads {@code ses}; null if it is absent or wrong. */
    ServeConfig.@Nullable SesSettings ses(Section root) {
        Section section = root.section("ses");
        Path keys = file(section, "keys");
        List<String> nameServers = section.values("name-servers", DOMAIN, ConfigValues::domain);
        ServeConfig.Numbers numbers = numbers(section);
        SigningKey signingKey = signingKey(section);
        section.end();
        if (root.has("ses") && !section.has("keys")) {
            root.problem("ses", "\"ses\" has no keys; add \"keys: FILE\" below it");
        }
        if (keys == null) {
            return null;
        }
        try {
            SesKeyring keyring = SesKeyFile.read(keys);
            for (String server : nameServers) {
                if (keyring.domains().stream().anyMatch(domain -> isInZone(server, domain))) {
                    section.problem("name-servers", server + " stands in the zone itself; name a server outside it");
                }
            }
            return new ServeConfig.SesSettings(keyring, nameServers, numbers, signingKey);
        } catch (IOException | IllegalArgumentException e) {
            section.problem("keys", Reasons.of(e));
            return null;
        }
    }

    private ServeConfig.@Nullable Numbers numbers(Section section) {
        Path file = file(section, "message-ids");
        int servers = section.number("servers", 1, 1, MAX_SERVERS);
        int server = section.number("server", 0, 0, MAX_SERVERS - 1);
        if (server >= servers) {
            section.problem(
                    "server",
                    "\"server\" is 0 to " + (servers - 1) + " where \"servers\" is " + servers + "; change one");
            return null;
        }
        if (file == null) {
            if (servers > 1) {
                section.problem(
                        "servers", "without a file nothing is counted; add \"message-ids: FILE\" below \"ses:\"");
            }
            return null;
        }
        try {
            FileMessageIds.in(file).check();
        } catch (IOException e) {
            section.problem("message-ids", Reasons.of(e));
        }
        return new ServeConfig.Numbers(file, servers, server);
    }

    private @Nullable SigningKey signingKey(Section section) {
        Path file = file(section, "dnssec-key");
        try {
            return file == null ? null : SigningKey.read(file);
        } catch (IOException e) {
            section.problem("dnssec-key", Reasons.of(e));
            return null;
        }
    }

    private @Nullable Path file(Section section, String key) {
        return section.value(key, null, FILE, text -> ConfigValues.path(folder, text));
    }

    private static boolean isInZone(String server, String domain) {
        return ("." + server).endsWith("." + SesZone.DEFAULT_LABEL + "." + domain);
    }
}
