package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.ses.FileMessageIds;
import org.senderauth.ses.MessageIds;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesSigning;
import org.senderauth.ses.SesSigning.Outcome;
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
        description = "Signs a sender address.",
        footer = {
            "",
            "Example:",
            "  senderauth ses sign alice@example.org --keys ses.keys",
            "",
            "Message ids are counted in the file KEYS.ids, unless --ids names another.",
            "Exit status: 0 signed, 1 it cannot be signed, 75 no message id now."
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

    @Option(names = "--ids", paramLabel = "FILE", description = "Where message ids are counted.")
    @Nullable
    Path ids;

    @Option(names = "--servers", paramLabel = "N", defaultValue = "1", description = "How many servers sign.")
    int servers;

    @Option(names = "--server", paramLabel = "K", defaultValue = "0", description = "Which one this is, from 0.")
    int server;

    @Option(names = "--batch", paramLabel = "FILE", description = "Sign each line of a JSON Lines file; see ses.")
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
            throw new ParameterException(known.commandLine(), "ADDR and --keys are needed, or --batch");
        }
        MailAddress sender = MailAddress.parse(address)
                .orElseThrow(() -> new ParameterException(known.commandLine(), "'" + address + "' is no address"));
        Ses ses = Ses.builder()
                .keyring(SesKeyFile.read(keys))
                .messageIds(messageIds(known, keys))
                .clock(common.clock())
                .build();
        SesSigning signing = ses.attempt(sender);
        if (common.json) {
            out.println(JsonLines.write(JsonLines.object()
                    .put(
                            "outcome",
                            signing.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .put("address", signing.address().toString())
                    .put("detail", signing.detail())));
        } else if (signing.outcome() == Outcome.SIGNED) {
            out.println(signing.address());
        } else {
            known.commandLine().getErr().println(sender + ": " + signing.detail());
        }
        out.flush();
        return switch (signing.outcome()) {
            case SIGNED -> ExitStatus.GOOD;
            case TRY_LATER -> ExitStatus.TRY_LATER;
            default -> ExitStatus.NEGATIVE;
        };
    }

    private MessageIds messageIds(CommandSpec known, Path keyFile) {
        Path file = ids == null ? keyFile.resolveSibling(keyFile.getFileName() + ".ids") : ids;
        try {
            // One number, then the process ends: a whole block would be thrown away each time.
            return MessageIds.ofServer(FileMessageIds.in(file, 1), servers, server);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(known.commandLine(), e.getMessage(), e);
        }
    }
}
