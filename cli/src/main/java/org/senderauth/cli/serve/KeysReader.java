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
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesZone;

/**
 * Reads the sections that name files of secrets: {@code batv} and {@code ses}.
 *
 * @param folder the folder of the configuration file
 */
record KeysReader(Path folder) {

    /** Reads {@code batv}; null if it is absent or wrong. */
    ServeConfig.@Nullable BatvSettings batv(Section root, List<String> domains) {
        Section section = root.section("batv");
        Path keys = section.value("keys", null, FILE, text -> ConfigValues.path(folder, text));
        Path keyFile = section.value("key-file", null, FILE, text -> ConfigValues.path(folder, text));
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
        Path keys = section.value("keys", null, FILE, text -> ConfigValues.path(folder, text));
        List<String> nameServers = section.values("name-servers", DOMAIN, ConfigValues::domain);
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
            return new ServeConfig.SesSettings(keyring, nameServers);
        } catch (IOException | IllegalArgumentException e) {
            section.problem("keys", Reasons.of(e));
            return null;
        }
    }

    private static boolean isInZone(String server, String domain) {
        return ("." + server).endsWith("." + SesZone.DEFAULT_LABEL + "." + domain);
    }
}
