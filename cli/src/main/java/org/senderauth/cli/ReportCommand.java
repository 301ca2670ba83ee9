package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.page.HtmlPage;
import org.senderauth.server.page.Tone;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code report}: sums up the decisions in a log, above all those that monitor mode withheld. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Summarize the service log: what monitor mode would have rejected.",
        footer = {
            "",
            "Examples:",
            "  journalctl -u senderauth -o cat --since -7d | senderauth report --log -",
            "  senderauth report --log /var/log/senderauth.log --json",
            "",
            "Days are UTC. Senders and networks are those of withheld replies. A sender can",
            "be forged.",
            "",
            "Exit status: 0 report written, 2 usage error or unreadable file."
        })
final class ReportCommand implements Callable<Integer> {

    private static final int MAX_TOP = 1000;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            required = true,
            description = "Log of the service; - for standard input.")
    String log = "";

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of senders and networks to list (default: ${DEFAULT-VALUE}).")
    int top;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write the report as a page.")
    @Nullable
    Path html;

    @Option(names = "--json", description = "Print JSON Lines: one object for each day, then one with the rest.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (top < 0 || top > MAX_TOP) {
            throw new ParameterException(
                    known.commandLine(), "--top must be between 0 and " + MAX_TOP + ", was " + top);
        }
        LogSummary summary = new LogSummary();
        try (Utf8LineReader lines = JsonLines.open(log, System.in)) {
            for (Utf8LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                if (line.text() == null) {
                    summary.addBadLine();
                } else {
                    summary.add(line.text());
                }
            }
        }
        PrintWriter out = known.commandLine().getOut();
        if (json) {
            summary.days().forEach((date, day) -> out.println(JsonLines.write(json(date, day))));
            out.println(JsonLines.write(rest(summary)));
        } else {
            print(out, summary);
        }
        out.flush();
        if (html != null) {
            Files.writeString(html, page(summary));
        }
        return ExitStatus.PASS;
    }

    private String page(LogSummary summary) {
        HtmlPage page = new HtmlPage("Decisions of the service");
        List<List<String>> days = new ArrayList<>();
        List<List<String>> steps = new ArrayList<>();
        summary.days().forEach((date, day) -> {
            days.add(List.of(date.toString(), Long.toString(day.decisions), Long.toString(day.exempt)));
            day.steps.forEach((step, counts) -> steps.add(List.of(
                    date.toString(),
                    step.text(),
                    Long.toString(counts.wouldReject),
                    Long.toString(counts.wouldDefer),
                    Long.toString(counts.rejected),
                    Long.toString(counts.deferred))));
        });
        page.heading("Days (UTC)").table(List.of("day", "decisions", "exempt"), days);
        page.heading("Steps")
                .table(List.of("day", "step", "would reject", "would defer", "rejected", "deferred"), steps);
        bars(page, "Senders of withheld replies", summary.senders());
        bars(page, "Networks of withheld replies", summary.networks());
        if (!isExact(summary)) {
            page.line("More senders or networks than are counted; the counts are lower bounds.", Tone.WARNING);
        }
        if (summary.badLines() > 0) {
            page.line("Bad lines: " + summary.badLines(), Tone.WARNING);
        }
        return page.html();
    }

    private void bars(HtmlPage page, String title, TopCounter counter) {
        List<TopCounter.Count> counts = counter.top(top);
        if (!counts.isEmpty()) {
            page.heading(title)
                    .bars(
                            counts.stream().map(TopCounter.Count::text).toList(),
                            counts.stream().map(TopCounter.Count::count).toList());
        }
    }

    private static ObjectNode json(LocalDate date, LogSummary.Day day) {
        ObjectNode object = JsonLines.object()
                .put("day", date.toString())
                .put("decisions", day.decisions)
                .put("exempt", day.exempt);
        ObjectNode steps = object.putObject("steps");
        day.steps.forEach((step, counts) -> steps.putObject(step.text())
                .put("wouldReject", counts.wouldReject)
                .put("wouldDefer", counts.wouldDefer)
                .put("rejected", counts.rejected)
                .put("deferred", counts.deferred));
        return object;
    }

    private ObjectNode rest(LogSummary summary) {
        ObjectNode object = JsonLines.object();
        list(object.putArray("senders"), "sender", summary.senders());
        list(object.putArray("networks"), "network", summary.networks());
        return object.put("exact", isExact(summary)).put("badLines", summary.badLines());
    }

    private void list(ArrayNode array, String name, TopCounter counter) {
        counter.top(top)
                .forEach(count -> array.addObject().put(name, count.text()).put("count", count.count()));
    }

    private static boolean isExact(LogSummary summary) {
        return summary.senders().isExact() && summary.networks().isExact();
    }

    private void print(PrintWriter out, LogSummary summary) {
        if (summary.days().isEmpty()) {
            out.println("no decisions");
        }
        summary.days().forEach((date, day) -> {
            out.println(date + "  decisions " + day.decisions + ", exempt " + day.exempt);
            day.steps.forEach((step, counts) -> out.println("  " + step.text() + ": would reject "
                    + counts.wouldReject + ", would defer " + counts.wouldDefer + ", rejected " + counts.rejected
                    + ", deferred " + counts.deferred));
        });
        print(out, "senders", summary.senders());
        print(out, "networks", summary.networks());
        if (!isExact(summary)) {
            out.println("more senders or networks than are counted; the counts are lower bounds");
        }
        if (summary.badLines() > 0) {
            out.println("bad lines: " + summary.badLines());
        }
    }

    private void print(PrintWriter out, String title, TopCounter counter) {
        if (counter.top(top).isEmpty()) {
            return;
        }
        out.println();
        out.println(title + " of withheld replies:");
        counter.top(top)
                .forEach(count ->
                        TerminalText.print(out, String.format(Locale.ROOT, "  %7d  ", count.count()), count.text()));
    }
}
