package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SecretFiles;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dns.DomainNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dkim2 keygen}: a new private key, and the records of its public key. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        description = "Write a new private key into a file that only its owner may read; print its TXT record.",
        footer = {
            "",
            "The record serves DKIM1 too. The second line printed is for the file of",
            "--own-keys: keep it there for 14 days plus the longest time in a queue after",
            "the last use.",
            "",
            "Example:",
            "  senderauth dkim2 keygen --domain example.org --selector mail mail.pem"
        })
final class Dkim2KeygenCommand implements Callable<Integer> {

    private static final int MAX_STRING = 200;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The new file; an existing one is never overwritten.")
    @Nullable
    Path file;

    @Option(names = "--domain", paramLabel = "DOMAIN", required = true, description = "The signing domain.")
    String domain = "";

    @Option(names = "--selector", paramLabel = "NAME", required = true, description = "The selector of the key.")
    String selector = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "ed25519",
            description = "ed25519, or rsa with 2048 bits (default: ${DEFAULT-VALUE}).")
    String type = "";

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        KeyPair pair = Dkim2SigningKey.generate(
                switch (type) {
                    case "ed25519" -> Dkim2SigningKey.Type.ED25519;
                    case "rsa" -> Dkim2SigningKey.Type.RSA;
                    default ->
                        throw new ParameterException(
                                known.commandLine(), "--type must be ed25519 or rsa, was '" + type + "'");
                });
        String name = Arguments.domain(known.commandLine(), "--selector", selector) + "._domainkey."
                + ascii(Arguments.domain(known.commandLine(), "--domain", domain));
        Path target = Objects.requireNonNull(file);
        create(target, Dkim2SigningKey.pem(pair.getPrivate()));
        String record = Dkim2SigningKey.record(pair.getPublic());
        PrintWriter out = known.commandLine().getOut();
        if (common.json) {
            out.println(JsonLines.write(JsonLines.object()
                    .put("file", target.toString())
                    .put("name", name)
                    .put("record", record)));
        } else {
            out.println(name + ". 3600 IN TXT" + strings(record));
            out.println(name + " " + record);
        }
        out.flush();
        return ExitStatus.PASS;
    }

    /** As it is queried, and written into signatures. */
    private static String ascii(String domain) {
        return DomainNames.toAscii(domain).orElse(domain);
    }

    private static void create(Path target, String pem) throws IOException {
        try {
            SecretFiles.create(target, pem.getBytes(StandardCharsets.US_ASCII));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(target + ": already exists, not overwritten; choose another name", e);
        } catch (NoSuchFileException e) {
            throw new IOException(target + ": no such directory", e);
        }
    }

    // A string of a TXT record has at most 255 bytes (RFC 1035 section 3.3).
    private static String strings(String record) {
        StringBuilder strings = new StringBuilder();
        for (int i = 0; i < record.length(); i += MAX_STRING) {
            strings.append(" \"")
                    .append(record, i, Math.min(record.length(), i + MAX_STRING))
                    .append('"');
        }
        return strings.toString();
    }
}
