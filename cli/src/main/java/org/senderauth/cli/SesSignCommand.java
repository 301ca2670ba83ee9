package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.ses.FileSerialNumbers;
import org.senderauth.ses.SerialNumbers;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesSigningResult;
import org.senderauth.ses.SesSigningResult.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ses sign}: the signed form of a sender. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Sign a sender address.",
        footer = {
            "",
            "Example:",
            "  senderauth ses sign alice@example.org --keys ses.keys",
            "",
            "Serial numbers are counted in the file KEYS.serial, or in --serial-file.",
            "Exit status: 0 signed, 1 not signed, 75 no serial number, try again later."
        })
final class SesSignCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "ADDR", arity = "0..1", description = "The sender.")
    @Nullable
    String address;

    @Option(names = "--keys", paramLabel = "FILE", description = "The key file; see ses keygen.")
    @Nullable
    Path keys;

    @Option(
            names = "--serial-file",
            paramLabel = "FILE",
            description = "File that counts serial numbers (default: KEYS.serial).")
    @Nullable
    Path serialFile;

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of hosts that sign (default: 1).")
    int servers;

    @Option(
            names = "--server",
            paramLabel = "K",
            defaultValue = "0",
            description = "Number of this host, from 0 (default: 0).")
    int server;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = "Sign each line of a JSON Lines file, - for standard input; see ses.")
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        PrintWriter out = known.commandLine().getOut();
        if (batch != null) {
            return JsonLines.batch(batch, System.in, out, new SesBatch(common.clock(), "sign")::answer);
        }
        if (address == null || keys == null) {
            throw new ParameterException(known.commandLine(), "requires ADDR and --keys, or --batch");
        }
        MailAddress sender = Arguments.address(known.commandLine(), "ADDR", address);
        Ses ses = Ses.builder()
                .keyring(SesKeyFile.read(keys))
                .serialNumbers(serialNumbers(known, keys))
                .clock(common.clock())
                .build();
        SesSigningResult signing = ses.trySign(sender);
        if (common.json) {
            out.println(JsonLines.write(JsonLines.object()
                    .put(
                            "outcome",
                            signing.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .put("address", signing.address().toString())
                    .put("detail", signing.reason())));
        } else if (signing.outcome() == Outcome.SIGNED) {
            out.println(signing.address());
        } else {
            known.commandLine().getErr().println(sender + ": " + signing.reason());
        }
        out.flush();
        return switch (signing.outcome()) {
            case SIGNED -> ExitStatus.PASS;
            case UNAVAILABLE -> ExitStatus.TEMPFAIL;
            default -> ExitStatus.FAIL;
        };
    }

    private SerialNumbers serialNumbers(CommandSpec known, Path keyFile) {
        Path file = serialFile == null ? keyFile.resolveSibling(keyFile.getFileName() + ".serial") : serialFile;
        try {
            // One number, then the process ends: a whole block would be thrown away each time.
            return SerialNumbers.ofServer(FileSerialNumbers.in(file, 1), servers, server);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(known.commandLine(), e.getMessage(), e);
        }
    }
}
