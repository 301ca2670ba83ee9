package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.history.HistoryFilter;
import org.senderauth.server.history.HistoryRecord;
import org.senderauth.server.history.HistorySource;
import org.senderauth.server.history.HistoryTrace;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code why}: explains one past decision. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = "Explain a past decision: the transaction, each step and what it saw.",
        footer = {
            "",
            "Example, with the id in brackets of \"550 5.7.23 ... [4kx8q2m7v9z]\":",
            "  senderauth why 4kx8q2m7v9z",
            "",
            "The id is also in the log, in X-Senderauth-Decision, and in the list of",
            "'senderauth history'.",
            "",
            "Exit status: 0 decision found, 1 not in the history, 2 usage error or no",
            "history."
        })
final class WhyCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    HistoryOptions options = new HistoryOptions();

    @Parameters(paramLabel = "ID", description = "Id of the decision.")
    String id = "";

    @Option(names = "--json", description = "Print JSON: the decision, then a line with what its steps saw.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        try {
            HistoryFilter.of(Map.of("id", id), InstantSource.system());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
        }
        HistorySource.Found found = options.source(command).find(id).orElse(null);
        if (found == null) {
            command.getErr().println("senderauth why: no decision with the id " + id + " in the history");
            return ExitStatus.FAIL;
        }
        PrintWriter out = command.getOut();
        if (json) {
            out.println(found.decision().json());
            if (found.trace() != null) {
                out.println(found.trace().json());
            }
        } else {
            print(out, found.decision());
            print(out, found.decision(), found.trace());
        }
        out.flush();
        return ExitStatus.PASS;
    }

    /** The action and the step that decided; with the action that was withheld. */
    static String action(HistoryRecord decision) {
        String step = decision.step() == null ? "" : " by " + decision.step();
        return decision.withheld() == null
                ? decision.action() + step
                : decision.action() + " (would " + (decision.withheld().startsWith("5") ? "reject" : "defer") + step
                        + ")";
    }

    private static void print(PrintWriter out, HistoryRecord decision) {
        out.println(decision.time() + "  " + action(decision) + ", after " + decision.took() + " ms");
        TerminalText.print(out, "client  ", decision.client().getHostAddress() + ", HELO " + decision.helo());
        TerminalText.print(out, "from    ", "<" + decision.from() + ">");
        if (decision.to() != null) {
            TerminalText.print(out, "to      ", "<" + decision.to() + ">");
        }
        if (decision.queue() != null) {
            TerminalText.print(out, "queue   ", decision.queue());
        }
        if (decision.reply() != null) {
            TerminalText.print(out, "reply   ", decision.reply());
        }
        if (decision.withheld() != null) {
            TerminalText.print(out, "would   ", decision.withheld());
        }
        TerminalText.print(out, "reason  ", decision.reason());
    }

    private static void print(PrintWriter out, HistoryRecord decision, @Nullable HistoryTrace trace) {
        if (trace == null) {
            out.println();
            TerminalText.print(out, "steps   ", decision.steps());
            TerminalText.print(out, "", "What the steps saw was not kept (\"traces\" in docs/history.md).");
            return;
        }
        for (HistoryTrace.Step step : trace.steps()) {
            out.println();
            CheckCommand.printStep(out, step.step(), step.mode(), step.outcome(), step.result(), step.explanation());
            step.evidence().forEach(line -> out.println(("    " + TerminalText.visible(line)).stripTrailing()));
        }
        if (!trace.headers().isEmpty()) {
            out.println();
            out.println("headers:");
            trace.headers().forEach(header -> TerminalText.print(out, "    ", header));
        }
    }
}
