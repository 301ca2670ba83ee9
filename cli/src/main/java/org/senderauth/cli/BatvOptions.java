package org.senderauth.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvKeys;
import org.senderauth.core.SecretKeys;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the batv subcommands for keys and tags. */
final class BatvOptions {

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec spec;

    @Option(names = "--keys", paramLabel = "FILE", description = "Key file of your domains, see docs/batv.md.")
    @Nullable
    Path keys;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "One key: the bytes of this file, as Exim and batv-tools use them.")
    @Nullable
    Path keyFile;

    @Option(
            names = "--key",
            paramLabel = "HEX",
            description = "One key in hexadecimal, visible to other users of this host: for tests only.")
    @Nullable
    String hex;

    @Option(names = "--weak-key", description = "Accept a key of less than 16 bytes, for a peer that has one.")
    boolean weakKey;

    @Option(
            names = "--key-number",
            paramLabel = "0-9",
            description = "Number of the single key (default: 0 signs, any number is verified).")
    @Nullable
    Integer keyNumber;

    @Option(names = "--lifetime", paramLabel = "DAYS", description = "Lifetime of tags, 1 to 998 (default: 7).")
    @Nullable
    Integer lifetime;

    @Option(
            names = "--sub-address",
            paramLabel = "+|-",
            description = "Put the tag after the local part, joe+prvs=...@, as batv-tools do.")
    @Nullable
    Character delimiter;

    @Option(
            names = "--lower-case",
            description = "Lowercase senders before signing, for relays that lowercase recipients.")
    boolean lowerCase;

    /** The keys of the options, or null if there are none. */
    @Nullable
    BatvKeys keySource() throws IOException {
        int named = (keys == null ? 0 : 1) + (keyFile == null ? 0 : 1) + (hex == null ? 0 : 1);
        if (named > 1) {
            throw misuse("use only one of --keys, --key-file, --key");
        }
        if (keys != null && keyNumber != null) {
            throw misuse("--key-number cannot be combined with --keys; the file sets the numbers");
        }
        if (keys != null) {
            return BatvKeyFile.read(keys);
        }
        if (named == 0) {
            return null;
        }
        byte[] octets = keyFile != null ? BatvKeyFile.readKey(keyFile) : key(Objects.requireNonNull(hex));
        if (octets.length < SecretKeys.MINIMUM_OCTETS && !weakKey) {
            throw misuse("a key must have at least " + SecretKeys.MINIMUM_OCTETS + " bytes, this has " + octets.length
                    + "; for a peer with a shorter one add --weak-key");
        }
        try {
            return ring(keyNumber, octets);
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    /** A signer and verifier with the keys that the options name. */
    Batv batv(InstantSource clock) throws IOException {
        BatvKeys source = keySource();
        if (source == null) {
            throw misuse("a key is needed: --key-file FILE or --keys FILE ('senderauth batv keygen FILE' makes one)");
        }
        return builder(source, clock, null).build();
    }

    /** A builder with the other options; the lifetime of the caller goes before that of the options. */
    Batv.Builder builder(BatvKeys source, InstantSource clock, @Nullable Integer ownLifetime) {
        Batv.Builder builder = Batv.builder().keys(source).clock(clock);
        Integer days = ownLifetime != null ? ownLifetime : lifetime;
        try {
            if (days != null) {
                builder.lifetimeDays(days);
            }
            if (delimiter != null) {
                builder.subAddress(delimiter);
            }
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
        return builder.lowerCase(lowerCase);
    }

    private byte[] key(String text) {
        byte[] octets = octets(text);
        if (octets == null) {
            throw misuse("--key is pairs of hexadecimal digits, at least one");
        }
        return octets;
    }

    /** The octets of a key in hexadecimal, or nothing; no message may repeat the text. */
    static byte @Nullable [] octets(String text) {
        try {
            byte[] octets = HexFormat.of().parseHex(text);
            return octets.length == 0 ? null : octets;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * One key, however short: peers have short ones. Without a number it signs as number 0 and verifies as any, which is
     * what a peer does that has one secret for all numbers.
     *
     * @throws IllegalArgumentException if there is no such number
     */
    static BatvKeys ring(@Nullable Integer number, byte[] octets) {
        SecretKey key = SecretKeys.ofWeak(octets);
        BatvKeyring.Builder ring = BatvKeyring.builder().sign(number == null ? 0 : number, key);
        for (int other = 1; number == null && other < BatvKeyring.SLOTS; other++) {
            ring.verify(other, key);
        }
        return BatvKeys.of(ring.build());
    }

    private ParameterException misuse(@Nullable String problem) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), problem);
    }
}
