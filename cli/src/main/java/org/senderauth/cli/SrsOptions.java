package org.senderauth.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.srs.OverLong;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsFormat;
import org.senderauth.srs.SrsKeyFile;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsMode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which the srs subcommands find their keys and rewrite addresses. */
final class SrsOptions {

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "One secret a line, as postsrsd.secret: the first signs, all verify.")
    @Nullable
    Path keyFile;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "The SRS domain of this forwarder.")
    @Nullable
    String domain;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "Do as another program does, to compare: srs2, postsrsd1, postsrsd2, mail-srs, pysrs or exim"
                    + " (default: hardened).")
    @Nullable
    String modeName;

    @Option(
            names = "--local-domains",
            paramLabel = "DOMAIN",
            split = ",",
            description = "Domains whose senders are not rewritten.")
    List<String> localDomains = List.of();

    @Option(names = "--lifetime", paramLabel = "DAYS", description = "How long addresses are valid (default 21).")
    @Nullable
    Integer lifetime;

    @Option(
            names = "--over-long",
            paramLabel = "leave|rewrite",
            description = "What to do with a sender that gets too long (default leave).")
    @Nullable
    String overLong;

    /** A forwarder with the keys that the options name. */
    Srs srs(InstantSource clock) throws IOException {
        if (keyFile == null || domain == null) {
            throw misuse("--key-file FILE and --domain DOMAIN are needed"
                    + " ('senderauth srs keygen FILE' generates a key)");
        }
        SrsMode mode = mode(modeName == null ? SrsMode.HARDENED.text() : modeName)
                .orElseThrow(() -> misuse("--mode must be " + MODES));
        List<SecretKey> keys = mode == SrsMode.HARDENED ? SrsKeyFile.read(keyFile) : SrsKeyFile.readWeak(keyFile);
        try {
            Srs.Builder builder = Srs.builder()
                    .keyring(ring(keys, SrsFormat.of(mode)))
                    .domain(domain)
                    .localDomains(localDomains)
                    .overLong(overLong())
                    .clock(clock);
            return (lifetime == null ? builder : builder.lifetimeDays(lifetime)).build();
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    /** The names of the modes, for messages. */
    static final String MODES =
            Arrays.stream(SrsMode.values()).map(SrsMode::text).collect(Collectors.joining(", "));

    static Optional<SrsMode> mode(String name) {
        return Arrays.stream(SrsMode.values())
                .filter(mode -> mode.text().equals(name))
                .findFirst();
    }

    /** The first key signs, all verify. */
    static SrsKeyring ring(List<SecretKey> keys, SrsFormat format) {
        SrsKeyring.Builder ring = SrsKeyring.builder().sign(keys.get(0), format);
        keys.subList(1, keys.size()).forEach(key -> ring.verify(key, format));
        return ring.build();
    }

    private OverLong overLong() {
        return switch (overLong == null ? "leave" : overLong) {
            case "leave" -> OverLong.LEAVE;
            case "rewrite" -> OverLong.REWRITE;
            default -> throw misuse("--over-long must be leave or rewrite");
        };
    }

    private ParameterException misuse(@Nullable String problem) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), problem);
    }
}
