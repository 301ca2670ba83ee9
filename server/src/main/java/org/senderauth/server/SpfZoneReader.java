package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.FILE;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.powerdns.SigningKey;
import org.senderauth.spf.zone.SpfZone;

/**
 * Reads the section {@code spf-zone}.
 *
 * @param folder the folder of the configuration file
 */
record SpfZoneReader(Path folder) {

    private static final int DEFAULT_REFRESH_MINUTES = 60;
    private static final int MAX_REFRESH_MINUTES = 24 * 60;
    private static final int MAX_TTL_SECONDS = 24 * 60 * 60;

    /** Reads the section; null if it is absent or wrong. */
    ServeConfig.@Nullable SpfZoneSettings read(ConfigSection root) {
        ConfigSection section = root.section("spf-zone");
        List<String> nameServers = section.values("name-servers", DOMAIN, ConfigValues::domain);
        int refresh = section.number("refresh-minutes", DEFAULT_REFRESH_MINUTES, 1, MAX_REFRESH_MINUTES);
        int ttl = section.number("ttl-seconds", (int) SpfZone.DEFAULT_TTL.toSeconds(), 1, MAX_TTL_SECONDS);
        SigningKey signingKey = signingKey(section);
        ConfigSection records = section.section("records");
        Map<String, String> byDomain = records(records);
        section.end();
        if (!root.has("spf-zone")) {
            return null;
        }
        if (!section.hasValues("name-servers")) {
            root.problem("spf-zone", "spf-zone: missing \"name-servers\"; add \"name-servers: [ns1.example.org]\"");
        }
        if (byDomain.isEmpty() && records.names().isEmpty()) {
            root.problem(
                    "spf-zone",
                    "spf-zone: missing \"records\"; add \"records: {example.org: \"v=spf1 include:... -all\"}\"");
        }
        if (byDomain.size() > SpfZone.MAX_RECORDS) {
            section.problem("records", "records: at most " + SpfZone.MAX_RECORDS + " domains");
        }
        for (String server : nameServers) {
            if (byDomain.keySet().stream().anyMatch(domain -> isInZone(server, domain))) {
                section.problem("name-servers", server + " is inside the zone; use a name outside it");
            }
        }
        return new ServeConfig.SpfZoneSettings(
                byDomain, nameServers, Duration.ofMinutes(refresh), Duration.ofSeconds(ttl), signingKey);
    }

    private static Map<String, String> records(ConfigSection section) {
        Map<String, String> byDomain = new LinkedHashMap<>();
        for (String name : section.names()) {
            String record = section.text(name);
            if (ConfigValues.domain(name).isEmpty()) {
                section.problem(name, "records: must have " + DOMAIN + " as names, was \"" + name + "\"");
            } else if (record != null) {
                try {
                    byDomain.put(DomainNames.text(DomainNames.of(name)), SpfZone.requireRecord(record));
                } catch (IllegalArgumentException e) {
                    section.problem(name, name + ": invalid SPF record: " + ErrorText.of(e));
                }
            }
        }
        return byDomain;
    }

    private @Nullable SigningKey signingKey(ConfigSection section) {
        Path file = section.optional("dnssec-key", FILE, text -> ConfigValues.path(folder, text));
        try {
            return file == null ? null : SigningKey.read(file);
        } catch (IOException e) {
            section.problem("dnssec-key", ErrorText.of(e));
            return null;
        }
    }

    private static boolean isInZone(String server, String domain) {
        return ("." + server).endsWith("." + SpfZone.DEFAULT_LABEL + "." + domain);
    }
}
