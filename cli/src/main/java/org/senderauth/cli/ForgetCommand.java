package org.senderauth.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.control.ControlClient;
import org.senderauth.server.control.ControlException;
import org.senderauth.server.history.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code forget}: evicts an address, a domain or a mail server from the callouts of the running service. */
@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        description = "Make the running service forget callout results.",
        footer = {
            "",
            "Examples:",
            "  senderauth forget alice@example.org   the address",
            "  senderauth forget example.org         the domain, its addresses and breakers",
            "  senderauth forget 192.0.2.80          a mail server and its backoff",
            "",
            "Rate limits and the history stay as they are.",
            "",
            "Exit status: 0 done, 1 nothing was known, 2 usage error or no service."
        })
final class ForgetCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "ADDRESS|DOMAIN|IP", description = "What the service forgets.")
    String what = "";

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "Control socket of the service (default: " + ControlClient.DEFAULT_SOCKET + ").")
    @Nullable
    Path control;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        String[] count = {"0", ""};
        try {
            HistoryOptions.client(control).ask(Map.of("command", "forget", "what", what), line -> {
                Map<String, String> fields = Objects.requireNonNullElse(JsonText.flat(line), Map.of());
                count[0] = fields.getOrDefault("evicted", "0");
                count[1] = fields.getOrDefault("note", "");
            });
        } catch (ControlException e) {
            if (e.isTemporary()) {
                throw e;
            }
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
        }
        String note = count[1].isEmpty() ? "" : "; " + TerminalText.visible(count[1]);
        command.getOut().println("evicted: " + TerminalText.visible(count[0]) + note);
        return count[0].equals("0") && note.isEmpty() ? ExitStatus.FAIL : ExitStatus.PASS;
    }
}
