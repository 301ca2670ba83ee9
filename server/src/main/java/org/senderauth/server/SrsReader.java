package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.FILE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsFormat;
import org.senderauth.srs.SrsKeyFile;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsMode;

/**
 * Reads the section {@code srs}.
 *
 * @param folder the folder of the configuration file
 * @param lists reads the lists
 */
record SrsReader(Path folder, ListReader lists) {

    private static final ListReader.Kind<String> LOCAL_DOMAINS = new ListReader.Kind<>(
            DOMAIN + ", or .example.org for its subdomains",
            ConfigValues::domainOrSubdomains,
            ListReader.Values.IGNORED);

    private static final String MODES = Arrays.stream(SrsMode.values())
            .filter(mode -> mode != SrsMode.HARDENED)
            .map(SrsMode::text)
            .collect(Collectors.joining(", "));

    private static final int MAX_HASH_LENGTH = 27;
    private static final int DEFAULT_HASH_LENGTH = 4;

    /** Reads the section; null if it is absent or wrong. */
    @Nullable
    SrsSettings read(ConfigSection root, List<String> domains) {
        ConfigSection section = root.section("srs");
        Path keyFile = file(section, "key-file");
        List<String> srsDomains = section.values("domain", DOMAIN, ConfigValues::domain);
        List<String> local = new ArrayList<>(domains);
        local.addAll(lists.values(section, "local-domains", LOCAL_DOMAINS));
        int lifetime = section.number("lifetime-days", Srs.DEFAULT_LIFETIME_DAYS, 1, Srs.MAX_LIFETIME_DAYS);
        boolean derived = section.flag("derived-keys", false);
        SrsSettings.Treatment overLong =
                section.choice("over-long", SrsSettings.Treatment.LEAVE, SrsSettings.Treatment.class);
        Path aliasFile = aliasFile(section, overLong);
        boolean nullSenderOnly = section.flag("null-sender-only", false);
        ConfigSection predecessor = section.section("predecessor");
        boolean hasPredecessor = section.has("predecessor");
        section.end();
        if (!root.has("srs")) {
            return null;
        }
        if (!section.has("key-file")) {
            root.problem("srs", "srs: missing \"key-file\"");
        }
        if (!section.hasValues("domain")) {
            root.problem("srs", "srs: missing \"domain\"; add \"domain: srs.example.org\"");
        }
        SrsKeyring keyring = keyring(section, keyFile, hasPredecessor ? predecessor : null);
        return keyring == null || srsDomains.isEmpty()
                ? null
                : new SrsSettings(keyring, derived, srsDomains, local, lifetime, overLong, aliasFile, nullSenderOnly);
    }

    private @Nullable SrsKeyring keyring(
            ConfigSection section, @Nullable Path keyFile, @Nullable ConfigSection predecessor) {
        SrsKeyring.Builder keys = null;
        if (keyFile != null) {
            try {
                keys = SrsKeyFile.keyring(keyFile);
            } catch (IOException | IllegalArgumentException e) {
                section.problem("key-file", ErrorText.ofKeys(e, keyFile, "senderauth srs keygen " + keyFile));
            }
        }
        if (predecessor != null) {
            predecessor(predecessor, keys);
        }
        try {
            return keys == null ? null : keys.build();
        } catch (IllegalStateException e) {
            section.problem("key-file", ErrorText.of(e));
            return null;
        }
    }

    private void predecessor(ConfigSection section, SrsKeyring.@Nullable Builder keys) {
        SrsMode mode = section.optional("mode", "one of " + MODES, SrsReader::mode);
        Path keyFile = file(section, "key-file");
        int length = section.number("hash-length", DEFAULT_HASH_LENGTH, DEFAULT_HASH_LENGTH, MAX_HASH_LENGTH);
        Instant until = section.optional(
                "until", "a date such as 2026-12-31, or an instant such as 2026-12-31T06:00:00Z", SrsReader::date);
        section.end();
        for (String key : List.of("mode", "key-file", "until")) {
            if (!section.has(key)) {
                section.problem(key, "predecessor: missing \"" + key + "\"");
            }
        }
        if (keys == null || mode == null || keyFile == null || until == null) {
            return;
        }
        try {
            SrsFormat format = SrsFormat.of(mode).withHash(length, length);
            for (SecretKey key : SrsKeyFile.readWeak(keyFile)) {
                keys.predecessor(key, format, until);
            }
        } catch (IOException e) {
            section.problem("key-file", ErrorText.of(e));
        } catch (IllegalArgumentException e) {
            section.problem("hash-length", ErrorText.of(e));
        }
    }

    private @Nullable Path aliasFile(ConfigSection section, SrsSettings.Treatment overLong) {
        Path file = file(section, "alias-file");
        if (file == null) {
            return null;
        }
        if (overLong != SrsSettings.Treatment.ALIAS) {
            section.problem("alias-file", "\"alias-file\" is for \"over-long: alias\"; set that, or remove the file");
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            section.problem("alias-file", "directory " + parent + " does not exist; create it");
        }
        return file;
    }

    private static Optional<SrsMode> mode(String text) {
        return Arrays.stream(SrsMode.values())
                .filter(mode -> mode != SrsMode.HARDENED && mode.text().equals(text))
                .findFirst();
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(
                    text.indexOf('T') < 0
                            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private @Nullable Path file(ConfigSection section, String key) {
        return section.optional(key, FILE, text -> ConfigValues.path(folder, text));
    }
}
