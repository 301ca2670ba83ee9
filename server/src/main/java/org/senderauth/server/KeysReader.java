package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.FILE;

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
import org.senderauth.core.SecretKeys;
import org.senderauth.powerdns.SigningKey;
import org.senderauth.ses.FileSerialNumbers;
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
    ServeConfig.@Nullable BatvSettings batv(ConfigSection root, List<String> domains, boolean seesContent) {
        ConfigSection section = root.section("batv");
        Path keys = file(section, "keys");
        Path keyFile = file(section, "key-file");
        int lifetime = section.number("lifetime-days", Batv.DEFAULT_LIFETIME_DAYS, 1, Batv.MAX_LIFETIME_DAYS);
        boolean lowerCase = section.flag("lower-case", true);
        ServeConfig.Rejections untagged = rejections(section, "reject-untagged", seesContent);
        section.end();
        if (root.has("batv") && !section.has("keys") && !section.has("key-file")) {
            root.problem("batv", "batv: missing \"key-file\" (or \"keys\")");
        }
        if (keys != null && keyFile != null) {
            section.problem("key-file", "use either \"keys\" or \"key-file\", not both");
            return null;
        }
        if (keyFile != null && domains.isEmpty()) {
            section.problem("key-file", "key-file requires domains; add \"domains: [example.org]\" at the top");
        }
        if (keys != null) {
            try {
                return new ServeConfig.BatvSettings(BatvKeyFile.read(keys), lifetime, lowerCase, untagged);
            } catch (IOException | IllegalArgumentException e) {
                section.problem("keys", ErrorText.ofKeys(e, keys, "docs/batv.md describes it"));
            }
        } else if (keyFile != null) {
            try {
                return new ServeConfig.BatvSettings(shared(keyFile, domains), lifetime, lowerCase, untagged);
            } catch (IOException | IllegalArgumentException e) {
                section.problem("key-file", ErrorText.ofKeys(e, keyFile, "senderauth batv keygen " + keyFile));
            }
        }
        return null;
    }

    private static ServeConfig.Rejections rejections(ConfigSection section, String key, boolean seesContent) {
        ServeConfig.RejectUntagged chosen =
                section.choice(key, ServeConfig.RejectUntagged.AT_RCPT, ServeConfig.RejectUntagged.class);
        if (!section.has(key)) {
            return new ServeConfig.Rejections(
                    ServeConfig.RejectUntagged.AT_RCPT, ServeConfig.RejectUntagged.BY_CONTENT);
        }
        if (chosen == ServeConfig.RejectUntagged.BY_CONTENT && !seesContent) {
            section.problem(
                    key, "only a milter sees the content; add \"milter: inet:127.0.0.1:10033\" under \"listen:\"");
        }
        return new ServeConfig.Rejections(chosen, chosen);
    }

    private static BatvKeys shared(Path keyFile, List<String> domains) throws IOException {
        BatvKeyring ring = BatvKeyring.of(SecretKeys.of(BatvKeyFile.readKey(keyFile)));
        Map<String, BatvKeyring> rings = new HashMap<>();
        domains.forEach(domain -> rings.put(domain, ring));
        return BatvKeys.perDomain(rings);
    }

    /** Reads {@code ses}; null if it is absent or wrong. */
    ServeConfig.@Nullable SesSettings ses(ConfigSection root, boolean seesContent) {
        ConfigSection section = root.section("ses");
        Path keys = file(section, "keys");
        List<String> nameServers = section.values("name-servers", DOMAIN, ConfigValues::domain);
        ServeConfig.Numbers numbers = numbers(section);
        SigningKey signingKey = signingKey(section);
        ServeConfig.Rejections unsigned = rejections(section, "reject-unsigned", seesContent);
        section.end();
        if (root.has("ses") && !section.has("keys")) {
            root.problem("ses", "ses: missing \"keys\"; add \"keys: FILE\"");
        }
        if (keys == null) {
            return null;
        }
        try {
            SesKeyring keyring = SesKeyFile.read(keys);
            for (String server : nameServers) {
                if (keyring.domains().stream().anyMatch(domain -> isInZone(server, domain))) {
                    section.problem("name-servers", server + " is inside the zone; use a name outside it");
                }
            }
            return new ServeConfig.SesSettings(keyring, nameServers, numbers, signingKey, unsigned);
        } catch (IOException | IllegalArgumentException e) {
            section.problem("keys", ErrorText.ofKeys(e, keys, "senderauth ses keygen DOMAIN --out " + keys));
            return null;
        }
    }

    private ServeConfig.@Nullable Numbers numbers(ConfigSection section) {
        Path file = file(section, "serial-file");
        int servers = section.number("servers", 1, 1, MAX_SERVERS);
        int server = section.number("server", 0, 0, MAX_SERVERS - 1);
        if (server >= servers) {
            section.problem(
                    "server", "server: must be a number from 0 to " + (servers - 1) + ", was \"" + server + "\"");
            return null;
        }
        if (file == null) {
            if (servers > 1) {
                section.problem("servers", "servers requires a serial file; add \"serial-file: FILE\" under \"ses:\"");
            }
            return null;
        }
        try {
            FileSerialNumbers.in(file).check();
        } catch (IOException e) {
            section.problem("serial-file", ErrorText.of(e));
        }
        return new ServeConfig.Numbers(file, servers, server);
    }

    private @Nullable SigningKey signingKey(ConfigSection section) {
        Path file = file(section, "dnssec-key");
        try {
            return file == null ? null : SigningKey.read(file);
        } catch (IOException e) {
            section.problem("dnssec-key", ErrorText.of(e));
            return null;
        }
    }

    private @Nullable Path file(ConfigSection section, String key) {
        return section.optional(key, FILE, text -> ConfigValues.path(folder, text));
    }

    private static boolean isInZone(String server, String domain) {
        return ("." + server).endsWith("." + SesZone.DEFAULT_LABEL + "." + domain);
    }
}
