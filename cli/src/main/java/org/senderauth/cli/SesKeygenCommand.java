package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SecretKeys;
import org.senderauth.ses.SesKeyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ses keygen}: a new key as a line of a key file. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        description = "Generate a key for a domain, as a line of a key file.",
        footer = {
            "",
            "Examples:",
            "  senderauth ses keygen example.org --out ses.keys",
            "  senderauth ses keygen example.org --algorithm hmac-sha256",
            "",
            "To change keys, put the new line above the old one and append 'retired' and",
            "the time to the old one."
        })
final class SesKeygenCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "DOMAIN", description = "The domain whose senders the key signs.")
    String domain = "";

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            defaultValue = "hmac-sha1",
            description = "hmac-sha1 as pysrs (default), or hmac-sha256.")
    String algorithm = "";

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            defaultValue = "80/2/10",
            description = "hashBits/fractionBits/expirationDays (default: ${DEFAULT-VALUE}).")
    String layout = "";

    @Option(names = "--master", description = "Generate a master secret from which the domain's key is derived.")
    boolean master;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write a new file that only its owner may read; an existing one is never overwritten.")
    @Nullable
    Path out;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        domain = Arguments.domain(known.commandLine(), "DOMAIN", domain);
        String line;
        try {
            line = SesKeyFile.line(
                    domain,
                    SecretKeys.generate(new SecureRandom()),
                    SesKeyFile.algorithm(algorithm),
                    SesKeyFile.layout(layout),
                    master);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(known.commandLine(), e.getMessage(), e);
        }
        PrintWriter terminal = known.commandLine().getOut();
        if (out == null) {
            terminal.println(common.json ? JsonLines.write(JsonLines.object().put("line", line)) : line);
        } else {
            KeyFiles.create(out, line + "\n", "leave --out away and put the line above the old ones");
            terminal.println(
                    common.json
                            ? JsonLines.write(JsonLines.object().put("file", out.toString()))
                            : "a key for " + domain + " is in " + out);
        }
        terminal.flush();
        return ExitStatus.PASS;
    }
}
