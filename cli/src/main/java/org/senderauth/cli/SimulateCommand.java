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
import java.util.stream.Collectors;
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
        description = "Simulate attacks on a virtual clock, offline.")
final class SimulateCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "missing command; expected: joe-job");
    }

    /** {@code simulate joe-job}. */
    @Command(
            name = "joe-job",
            mixinStandardHelpOptions = true,
            description = {
                "Show the cost of callouts for the victims of forged senders, and the effect on genuine mail.",
                "",
                "One day: the flood, evenly spread, and 2,880 genuine messages of 300 senders at the victim.",
                "A  one forged sender                  G  100,000 domains on the victim's server",
                "B  a new local part each time         H  the same on 50 addresses of one provider",
                "B2 the same, genuine mail without SPF I  throw-away domains with the victim's MX",
                "B3 the same, its senders known        I2 the same, genuine mail without SPF",
                "C  the victim accepts all recipients  I3 throw-away domains that pass SPF",
                "D  the victim replies 451 to all      J  451 to all from 50 addresses, 100,000 domains",
                "E  new subdomains, one server         K  100,000 domains on a neighbor in the same /24",
                "F  100,000 victims, 1,000 clients     L  an MX name per domain, 50 addresses",
                "                                      L2 the same in 50 networks",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  senderauth simulate joe-job",
                "  senderauth simulate joe-job --scenario B --messages 100000 --svg b.svg",
                "",
                "Exit status: 0 if no victim gets more RCPTs than its limit (applies from",
                "100,000 messages) and all genuine mail is answered that passes SPF or was",
                "seen before; else 1; 2 usage error."
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
                description = "Only this scenario (default: all); may be repeated.")
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
                        known.commandLine(), "--messages must be between 1 and " + MOST_MESSAGES + ", was " + messages);
            }
            if (svg != null && !isInDirectory(svg)) {
                throw new ParameterException(known.commandLine(), "directory of " + svg + " does not exist");
            }
            List<JoeJob> jobs = chosen(known);
            PrintWriter out = known.commandLine().getOut();
            List<JoeJob.Outcome> outcomes = new ArrayList<>();
            if (!json) {
                out.printf("%-3s %-35s %8s %6s %9s %11s%n", "", "", "RCPTs", "at one", "unlimited", "unanswered");
            }
            for (JoeJob job : jobs) {
                JoeJob.Outcome outcome;
                try (Progress progress = Progress.start("percent of scenario " + job.letter())) {
                    outcome = job.run(messages, seed, percent -> progress.done(percent, 100));
                }
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
            return outcomes.stream().allMatch(JoeJob.Outcome::isMet) ? ExitStatus.PASS : ExitStatus.FAIL;
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
                                "unknown scenario '" + letter + "'; expected one of "
                                        + JoeJob.ALL.stream()
                                                .map(JoeJob::letter)
                                                .collect(Collectors.joining(", ")))));
            }
            return chosen;
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
            out.println("at one      at the victim with the most; a provider with 50 addresses is one");
            out.println("unlimited   with a cache of verdicts and no limits (calculated)");
            out.println("unanswered  genuine messages that continued unverified, or were deferred (D, J)");
        }

        private static boolean isInDirectory(Path file) {
            Path parent = file.toAbsolutePath().getParent();
            return parent != null && Files.isDirectory(parent);
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
