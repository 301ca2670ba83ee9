package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Simulations. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Plays attacks through the real decisions, on a simulated clock and without any network.",
        subcommands = SimulateCommand.JoeJobCommand.class)
final class SimulateCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing: joe-job");
    }

    /** {@code simulate joe-job}. */
    @Command(
            name = "joe-job",
            mixinStandardHelpOptions = true,
            description = {
                "What callouts cost the victims of a flood of forged senders, and what becomes of their own mail.",
                "",
                "One day: the flood, evenly spread, and 2,880 genuine messages of 300 senders at the victim.",
                "A  one forged sender                  C  the victim takes mail for anybody",
                "B  a new local part each time         D  the victim says 451 to everybody",
                "B2 the same, genuine mail without SPF E  a new subdomain each time, one server",
                "B3 the same, its senders known        F  100,000 victims, 1,000 clients",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  senderauth simulate joe-job",
                "  senderauth simulate joe-job --scenario B --messages 100000 --svg b.svg",
                "",
                "Exit status: 0 if no victim gets more than it may (judged from 100,000",
                "messages on) and all genuine mail has an answer that passes SPF or was",
                "seen before; else 1; 2 usage."
            })
    static final class JoeJobCommand implements Callable<Integer> {

        private static final int MOST_MESSAGES = 10_000_000;

        @Spec
        @Nullable
        CommandSpec spec;

        @Option(names = "--json", description = "Print JSON, one object a line.")
        boolean json;

        @Option(
                names = "--scenario",
                paramLabel = "LETTER",
                description = "Only this one: A, B, B2, B3, C, D, E or F; may be repeated.")
        List<String> scenarios = List.of();

        @Option(
                names = "--messages",
                paramLabel = "N",
                defaultValue = "1000000",
                description = "Forged messages a day (default: ${DEFAULT-VALUE}).")
        int messages;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "Start of the random numbers (default: ${DEFAULT-VALUE}).")
        long seed;

        @Option(names = "--svg", paramLabel = "FILE", description = "Also write a plot.")
        @Nullable
        Path svg;

        @Override
        public Integer call() throws IOException {
            CommandSpec known = Objects.requireNonNull(spec);
            if (messages < 1 || messages > MOST_MESSAGES) {
                throw new ParameterException(
                        known.commandLine(), "--messages must be from 1 to " + MOST_MESSAGES + ", not " + messages);
            }
            if (svg != null && !Files.isDirectory(svg.toAbsolutePath().getParent())) {
                throw new ParameterException(known.commandLine(), "no folder for " + svg);
            }
            List<JoeJob> jobs = chosen(known);
            PrintWriter out = known.commandLine().getOut();
            PrintWriter err = known.commandLine().getErr();
            List<JoeJob.Outcome> outcomes = new ArrayList<>();
            if (!json) {
                out.printf("%-3s %-35s %8s %6s %9s %11s%n", "", "", "RCPTs", "at one", "unlimited", "unanswered");
            }
            for (JoeJob job : jobs) {
                JoeJob.Outcome outcome = job.run(messages, seed, percent -> progress(err, job, percent));
                progress(err, job, 100);
                outcomes.add(outcome);
                out.println(json ? JsonLines.write(object(outcome)) : row(outcome));
                out.flush();
            }
            if (!json) {
                explain(out);
            }
            if (svg != null) {
                Files.writeString(svg, JoeJobPlot.svg(outcomes));
            }
            return outcomes.stream().allMatch(JoeJob.Outcome::isMet) ? ExitStatus.GOOD : ExitStatus.NEGATIVE;
        }

        private List<JoeJob> chosen(CommandSpec known) {
            if (scenarios.isEmpty()) {
                return JoeJob.ALL;
            }
            List<JoeJob> chosen = new ArrayList<>();
            for (String letter : scenarios) {
                chosen.add(JoeJob.ALL.stream()
                        .filter(job -> job.letter().equalsIgnoreCase(letter))
                        .findFirst()
                        .orElseThrow(() -> new ParameterException(
                                known.commandLine(),
                                "there is no scenario '" + letter + "'; there are A, B, B2, B3, C, D, E and F")));
            }
            return chosen;
        }

        /** One line on a terminal that is overwritten; a line for each scenario elsewhere. */
        private static void progress(PrintWriter err, JoeJob job, int percent) {
            if (System.console() != null) {
                err.printf("\r%s %3d %%%s", job.letter(), percent, percent == 100 ? "\r       \r" : "");
                err.flush();
            } else if (percent == 0) {
                err.println("scenario " + job.letter() + ": " + job.what() + " ...");
                err.flush();
            }
        }

        private static String row(JoeJob.Outcome outcome) {
            return String.format(
                    Locale.ROOT,
                    "%-3s %-35s %,8d %,6d %,9d %11s%s",
                    outcome.job().letter(),
                    outcome.job().what(),
                    outcome.recipients(),
                    outcome.mostRecipients(),
                    outcome.cacheOnly(),
                    String.format(Locale.ROOT, "%,d/%,d", outcome.unanswered(), outcome.genuine()),
                    outcome.isMet() ? "" : " !");
        }

        private void explain(PrintWriter out) {
            out.println();
            out.printf(
                    Locale.ROOT,
                    "RCPTs       at all victims, for %,d forged and %,d genuine messages%n",
                    messages,
                    JoeJob.GENUINE_MESSAGES);
            out.println("at one      at the victim that got most of them");
            out.println("unlimited   what a cache of verdicts without limits would send (reckoned)");
            out.println("unanswered  genuine messages that passed on unverified, or were put off (D)");
        }

        private static ObjectNode object(JoeJob.Outcome outcome) {
            return JsonLines.object()
                    .put("scenario", outcome.job().letter())
                    .put("description", outcome.job().what())
                    .put("messages", outcome.messages())
                    .put("probes", outcome.probes())
                    .put("rcpts", outcome.recipients())
                    .put("rcptsOfOneVictim", outcome.mostRecipients())
                    .put("mostAllowed", outcome.job().most())
                    .put("met", outcome.isMet())
                    .put("genuine", outcome.genuine())
                    .put("genuineUnanswered", outcome.unanswered())
                    .put("rcptsUnlimited", outcome.cacheOnly())
                    .put("rcptsPerMessage", outcome.recipientsPerMessage());
        }
    }
}
