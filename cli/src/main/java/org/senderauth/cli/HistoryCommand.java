package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.history.HistoryFilter;
import org.senderauth.server.history.HistoryRecord;
import org.senderauth.server.history.HistorySource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code history}: lists decisions of the service. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = "List past decisions of the service.",
        footer = {
            "",
            "Examples:",
            "  senderauth history --since 2026-11-28T14:00 --until 2026-11-28T14:05",
            "  senderauth history --from alice@example.org --action reject",
            "  senderauth history --directory /var/lib/senderauth/history --json --limit 0",
            "",
            "Times are UTC. Each line is a decision, the newest last: time, id, action, the",
            "step that decided, client, sender and recipient. 'senderauth why ID' shows all",
            "of it. See docs/history.md.",
            "",
            "Exit status: 0 list written, 2 usage error or no history."
        })
final class HistoryCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofMillis(500);

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    HistoryOptions options = new HistoryOptions();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Not before: 2026-11-28T14:02, 2026-11-28, or 2h (ago).")
    @Nullable
    String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before this time.")
    @Nullable
    String until;

    @Option(
            names = "--client",
            paramLabel = "IP",
            description = "Client: an address or a network such as 192.0.2.0/24.")
    @Nullable
    String client;

    @Option(names = "--from", paramLabel = "ADDR", description = "Envelope sender: an address, a domain, or <>.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "ADDR", description = "Recipient: an address or a domain.")
    @Nullable
    String to;

    @Option(names = "--helo", paramLabel = "NAME", description = "HELO name.")
    @Nullable
    String helo;

    @Option(names = "--id", paramLabel = "ID", description = "Id of the decision, as in the reply to the client.")
    @Nullable
    String id;

    @Option(names = "--action", paramLabel = "ACTION", description = "continue, defer or reject.")
    @Nullable
    String action;

    @Option(
            names = "--step",
            paramLabel = "STEP",
            description = "Step that decided, such as spf, or a step with its result: spf:softfail.")
    @Nullable
    String step;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Maximum number, the newest; 0 for all (default: ${DEFAULT-VALUE}).")
    int limit;

    @Option(names = "--json", description = "Print JSON Lines.")
    boolean json;

    @Option(names = "--follow", description = "Print new decisions as they are made, until interrupted.")
    boolean follow;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        if (limit < 0 || limit > HistorySource.MAX_LIMIT) {
            throw new ParameterException(
                    command, "--limit must be between 0 and " + HistorySource.MAX_LIMIT + ", was " + limit);
        }
        HistoryFilter filter = filter(command);
        HistorySource source = options.source(command);
        PrintWriter out = command.getOut();
        HistorySource.Position end = follow ? source.end() : null;
        source.search(filter, limit, decision -> print(out, decision));
        out.flush();
        while (end != null && !out.checkError()) {
            Thread.sleep(PAUSE.toMillis());
            end = source.follow(end, filter, decision -> print(out, decision));
        }
        return ExitStatus.PASS;
    }

    private HistoryFilter filter(CommandLine command) {
        Map<String, String> values = new LinkedHashMap<>();
        put(values, "since", since);
        put(values, "until", until);
        put(values, "client", client);
        put(values, "from", from);
        put(values, "to", to);
        put(values, "helo", helo);
        put(values, "id", id);
        put(values, "action", action);
        put(values, "step", step);
        try {
            return HistoryFilter.of(values, InstantSource.system());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, "--" + e.getMessage(), e);
        }
    }

    private static void put(Map<String, String> values, String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    private void print(PrintWriter out, HistoryRecord decision) throws IOException {
        out.println(json ? decision.json() : line(decision));
        if (out.checkError()) {
            throw new IOException("the output is closed");
        }
    }

    private static String line(HistoryRecord decision) {
        return decision.time() + "  " + decision.id() + "  " + WhyCommand.action(decision) + "  "
                + decision.client().getHostAddress() + "  <" + TerminalText.visible(decision.from()) + ">"
                + (decision.to() == null ? "" : " -> <" + TerminalText.visible(decision.to()) + ">");
    }
}
