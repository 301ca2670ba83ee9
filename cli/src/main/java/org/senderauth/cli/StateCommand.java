package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.control.ControlClient;
import org.senderauth.server.history.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code state}: lists what the running service remembers. */
@Command(
        name = "state",
        mixinStandardHelpOptions = true,
        description = "List what the running service remembers, and until when.",
        footer = {
            "",
            "Topics:",
            "  callouts  known addresses, domains and mail servers",
            "  breakers  domains and mail servers that are spared, and why",
            "  limits    rate limits in use, and clients with undeliverable senders",
            "  keys      which key signs, and which may be removed when",
            "  zone      the served zones and their listeners",
            "",
            "Example:",
            "  senderauth state breakers",
            "",
            "Exit status: 0 list written, 2 usage error or no service."
        })
final class StateCommand implements Callable<Integer> {

    private static final List<String> COLUMNS = List.of("kind", "name", "state", "until", "detail");
    private static final List<String> TOPICS = List.of("callouts", "breakers", "limits", "keys", "zone");
    private static final int MAX_WIDTH = 40;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "TOPIC", description = "callouts, breakers, limits, keys or zone.")
    String topic = "";

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "Control socket of the service (default: " + ControlClient.DEFAULT_SOCKET + ").")
    @Nullable
    Path control;

    @Option(names = "--json", description = "Print JSON Lines.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        if (!TOPICS.contains(topic)) {
            throw new ParameterException(
                    command, "TOPIC must be callouts, breakers, limits, keys or zone, was '" + topic + "'");
        }
        PrintWriter out = command.getOut();
        List<List<String>> rows = new ArrayList<>();
        HistoryOptions.client(control).ask(Map.of("command", "state", "topic", topic), line -> {
            if (json) {
                out.println(line);
            } else {
                rows.add(row(line));
            }
        });
        if (!json) {
            print(out, rows);
        }
        out.flush();
        return ExitStatus.PASS;
    }

    private static List<String> row(String line) {
        Map<String, String> fields = Objects.requireNonNullElse(JsonText.flat(line), Map.of());
        return COLUMNS.stream()
                .map(name -> TerminalText.visible(fields.getOrDefault(name, "")))
                .toList();
    }

    private static void print(PrintWriter out, List<List<String>> rows) {
        if (rows.isEmpty()) {
            out.println("nothing");
            return;
        }
        int[] widths = new int[COLUMNS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.min(MAX_WIDTH, Math.max(widths[i], row.get(i).length()));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String text = row.get(i);
                line.append(text).append(" ".repeat(Math.max(0, widths[i] - text.length()) + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
