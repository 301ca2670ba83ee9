package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.Dkim2SigningResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dkim2 sign}: the fields of a message that this host originates. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Sign a message; print the two header fields, or write the signed message.",
        footer = {
            "",
            "Sign last: the sender with its BATV tag, the message as it is sent.",
            "",
            "Example:",
            "  senderauth dkim2 sign mail.eml --key-file mail.pem --selector mail \\",
            "      --domain example.org --from alice@example.org --to bob@example.net",
            "",
            "Exit status: 0 signed, 1 it cannot be signed."
        })
final class Dkim2SignCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The message, - for standard input.")
    @Nullable
    String file;

    @Option(names = "--key-file", paramLabel = "FILE", required = true, description = "The key; see dkim2 keygen.")
    @Nullable
    Path keyFile;

    @Option(names = "--selector", paramLabel = "NAME", required = true, description = "The selector of the key.")
    String selector = "";

    @Option(names = "--domain", paramLabel = "DOMAIN", required = true, description = "The signing domain.")
    String domain = "";

    @Option(names = "--from", paramLabel = "ADDR", description = "The envelope sender; <> for the null sender.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "ADDR", description = "A recipient of this copy; may be repeated.")
    List<String> to = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the signed message into this new file.")
    @Nullable
    Path out;

    @Option(names = "--explain", description = "Print what the signature covers.")
    boolean explain;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Sign each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"raw\":BASE64,\"mailFrom\",\"rcptTo\":[...],\"at\":UNIX} gives {\"id\",\"verdict\",\"reason\",\"header\"}."
            })
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        String signer = Arguments.domain(known.commandLine(), "--domain", domain);
        String name = Arguments.domain(known.commandLine(), "--selector", selector);
        Dkim2SigningKey key = Dkim2SigningKey.read(name, signer, Objects.requireNonNull(keyFile));
        PrintWriter terminal = known.commandLine().getOut();
        if (batch != null) {
            return JsonLines.batch(batch, System.in, terminal, in -> answer(in, key));
        }
        if (file == null || from == null || to.isEmpty()) {
            throw new ParameterException(known.commandLine(), "missing FILE, --from and --to (or use --batch)");
        }
        byte[] message = MessageFile.read(file, System.in);
        Dkim2SigningResult result =
                signer(key, common.clock()).trySign(message, Arguments.path(known.commandLine(), "--from", from), to);
        if (common.json) {
            terminal.println(JsonLines.write(object(result)));
        } else if (!result.isSigned()) {
            known.commandLine().getErr().println(file + ": " + result.detail());
        } else {
            print(terminal, result, key);
        }
        if (out != null && result.isSigned()) {
            write(out, result.prependTo(message));
        }
        terminal.flush();
        return result.isSigned() ? ExitStatus.PASS : ExitStatus.FAIL;
    }

    private void print(PrintWriter terminal, Dkim2SigningResult result, Dkim2SigningKey key) {
        if (explain) {
            terminal.println("signed");
            terminal.println("  key      " + key);
            terminal.println("  sender   " + from);
            terminal.println("  to       " + String.join(", ", to));
            terminal.println("  covers   header, body, sender and recipients");
        }
        if (out == null) {
            terminal.print(result.header().orElse("").replace("\r\n", System.lineSeparator()));
        }
    }

    private static void write(Path target, byte[] message) throws IOException {
        try {
            Files.write(target, message, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(target + ": already exists, not overwritten; choose another name", e);
        }
    }

    private static Dkim2Signer signer(Dkim2SigningKey key, InstantSource clock) {
        return Dkim2Signer.builder().key(key).clock(clock).build();
    }

    private ObjectNode answer(JsonNode in, Dkim2SigningKey key) throws BadLine {
        InstantSource clock = in.hasNonNull("at")
                ? InstantSource.fixed(Instant.ofEpochSecond(JsonLines.whole(in, "at", 0, Instant.MAX.getEpochSecond())))
                : common.clock();
        return object(signer(key, clock)
                .trySign(Dkim2Batch.raw(in), JsonLines.text(in, "mailFrom"), Dkim2Batch.recipients(in)));
    }

    private static ObjectNode object(Dkim2SigningResult result) {
        return JsonLines.object()
                .put("verdict", result.outcome().text())
                .put("reason", result.detail())
                .put("header", result.header().orElse(null));
    }
}
