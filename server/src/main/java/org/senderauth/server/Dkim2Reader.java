package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.FILE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.Draft;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dkim2.ReturnedMessage;
import org.senderauth.dns.ZoneDnsClient;

/**
 * Reads the section {@code dkim2}.
 *
 * @param folder the folder of the configuration file
 */
record Dkim2Reader(Path folder) {

    private static final String INFIX = "._domainkey.";
    private static final long MAX_KEY_BYTES = 1 << 20;

    /** Reads the section; null if it is absent or wrong. */
    @Nullable
    Dkim2Settings read(ConfigSection root, boolean isServed) {
        ConfigSection section = root.section("dkim2");
        Path file = section.optional("own-keys", FILE, text -> ConfigValues.path(folder, text));
        List<String> domains = section.values("domains", DOMAIN, ConfigValues::domain);
        Draft draft = section.value("draft", Draft.SPEC_06, "06 or 09", Dkim2Reader::draft);
        List<Dkim2SigningKey> signingKeys = signingKeys(section.section("signing-keys"));
        Dkim2Signers.HiddenRecipients hidden = section.choice(
                "hidden-recipients", Dkim2Signers.HiddenRecipients.UNSIGNED, Dkim2Signers.HiddenRecipients.class);
        section.end();
        if (!signingKeys.isEmpty() && !isServed) {
            section.problem(
                    "signing-keys", "only a milter signs; add \"milter: inet:127.0.0.1:10033\" under \"listen:\"");
        }
        if (root.has("dkim2") && !section.has("own-keys")) {
            root.problem("dkim2", "dkim2: missing \"own-keys\"; add \"own-keys: FILE\"");
        }
        if (file == null) {
            return null;
        }
        try {
            OwnKeys keys = ownKeys(file);
            signingKeys.forEach(key -> checkPair(section, key, keys));
            Set<String> ours = domains.isEmpty() ? keys.domains() : Set.copyOf(domains);
            return new Dkim2Settings(keys, ours, draft, signers(signingKeys), hidden);
        } catch (IOException | IllegalArgumentException e) {
            section.problem("own-keys", ErrorText.of(e));
            return null;
        }
    }

    private List<Dkim2SigningKey> signingKeys(ConfigSection section) {
        List<Dkim2SigningKey> keys = new ArrayList<>();
        for (String name : section.names()) {
            Path file = section.optional(name, FILE, text -> ConfigValues.path(folder, text));
            int infix = name.indexOf(INFIX);
            if (infix < 1) {
                section.problem(name, ConfigSection.mustBe(section.name(), "SELECTOR" + INFIX + "DOMAIN", name));
            } else if (file != null) {
                try {
                    Dkim2SigningKey key = Dkim2SigningKey.read(
                            name.substring(0, infix), name.substring(infix + INFIX.length()), file);
                    signers(Stream.concat(keys.stream(), Stream.of(key)).toList());
                    keys.add(key);
                } catch (IOException | IllegalArgumentException e) {
                    section.problem(name, ErrorText.of(e));
                }
            }
        }
        section.end();
        return keys;
    }

    /** The signers by domain: two keys of one domain sign each message twice. */
    private static List<Dkim2Signer> signers(List<Dkim2SigningKey> keys) {
        Map<String, Dkim2Signer.Builder> byDomain = new LinkedHashMap<>();
        for (Dkim2SigningKey key : keys) {
            byDomain.computeIfAbsent(key.domain(), domain -> Dkim2Signer.builder())
                    .key(key);
        }
        return byDomain.values().stream().map(Dkim2Signer.Builder::build).toList();
    }

    // A key that signs and is not among the own keys makes our bounces look forged.
    private static void checkPair(ConfigSection section, Dkim2SigningKey key, OwnKeys keys) {
        Dkim2Signer signer = Dkim2Signer.builder().key(key).build();
        String sender = "<test@" + key.domain() + ">";
        byte[] message = "From: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] signed = signer.trySign(message, sender, List.of(sender)).prependTo(message);
        boolean known = Dkim2Bounces.builder()
                .ownKeys(keys)
                .dns(ZoneDnsClient.builder().build())
                .build()
                .verify(ReturnedMessage.whole(signed), sender)
                .verdict()
                .isOurs();
        if (!known) {
            section.problem(
                    "signing-keys",
                    "own-keys has no record for " + key
                            + ", or that of another key; add the line that \"senderauth dkim2 keygen\" printed");
        }
    }

    private static OwnKeys ownKeys(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such file");
        }
        if (Files.size(file) > MAX_KEY_BYTES) {
            throw new IOException(file + ": must have at most " + MAX_KEY_BYTES + " bytes");
        }
        OwnKeys keys;
        try {
            keys = OwnKeys.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        if (keys.size() == 0) {
            throw new IOException(file + ": no keys; add the line that \"senderauth dkim2 keygen\" printed");
        }
        return keys;
    }

    private static Optional<Draft> draft(String text) {
        return switch (text) {
            case "06" -> Optional.of(Draft.SPEC_06);
            case "09" -> Optional.of(Draft.SPEC_09);
            default -> Optional.empty();
        };
    }
}
