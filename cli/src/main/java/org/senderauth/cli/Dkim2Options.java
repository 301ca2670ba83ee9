package org.senderauth.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;
import org.senderauth.dkim2.Draft;
import org.senderauth.dkim2.OwnKeys;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of the checks of {@code dkim2}. */
final class Dkim2Options {

    private static final long MAX_KEY_BYTES = 1 << 20;

    @Option(
            names = "--own-keys",
            paramLabel = "FILE",
            description = "Our public keys, retired ones too: lines SELECTOR._domainkey.DOMAIN RECORD.")
    @Nullable
    Path ownKeys;

    @Option(
            names = "--domains",
            paramLabel = "LIST",
            split = ",",
            description = "Our signing domains, separated by commas (default: the domains of --own-keys).")
    List<String> domains = List.of();

    @Option(
            names = "--draft",
            paramLabel = "NUMBER",
            defaultValue = "06",
            description = "Rules of draft-ietf-dkim-dkim2-spec: 06 or 09 (default: ${DEFAULT-VALUE}).")
    String draft = "06";

    Draft draft(CommandLine command) {
        return switch (draft) {
            case "06" -> Draft.SPEC_06;
            case "09" -> Draft.SPEC_09;
            default -> throw new ParameterException(command, "--draft must be 06 or 09, was '" + draft + "'");
        };
    }

    List<String> domains(CommandLine command) {
        return domains.stream()
                .map(domain -> Arguments.domain(command, "--domains", domain.strip()))
                .map(domain -> MailDomain.require(domain, "--domains"))
                .toList();
    }

    /** The keys of the file; null without one. */
    @Nullable
    OwnKeys ownKeys() throws IOException {
        if (ownKeys == null) {
            return null;
        }
        if (!Files.isRegularFile(ownKeys)) {
            throw new IOException(ownKeys + ": no such file");
        }
        if (Files.size(ownKeys) > MAX_KEY_BYTES) {
            throw new IOException(ownKeys + ": must have at most " + MAX_KEY_BYTES + " bytes");
        }
        try {
            return OwnKeys.parse(Files.readString(ownKeys));
        } catch (CharacterCodingException e) {
            throw new IOException(ownKeys + ": is not UTF-8 text", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(ownKeys + ": " + e.getMessage(), e);
        }
    }
}
