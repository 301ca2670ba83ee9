package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.lint.SpfLinter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spf watch}: lints many domains and compares them with an earlier run. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Lint many domains, and compare them with an earlier run.",
        footer = {
            "",
            "Examples:",
            "  senderauth spf watch example.org example.net",
            "  senderauth spf watch --file domains.txt --format jsonl > today.jsonl",
            "  senderauth spf watch --file domains.txt --previous today.jsonl",
            "",
            "Exit status: 0 no errors; 1 a domain has errors or, with --previous, changed;",
            "75 some DNS lookups failed."
        })
final class SpfWatchCommand implements Callable<Integer> {

    private static final int MAX_RATE = 100_000;
    private static final int MAX_PARALLEL = 64;

    /** The number of domains in progress or waiting for an earlier one, for each thread. */
    private static final int WINDOW = 4;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(arity = "0..*", paramLabel = "DOMAIN", description = "The domains.")
    List<String> domains = List.of();

    @Option(names = "--file", paramLabel = "FILE", description = "More domains, one a line.")
    @Nullable
    Path file;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table, jsonl or html (default: table).")
    String format = "table";

    @Option(
            names = "--previous",
            paramLabel = "FILE",
            description = "Compare with this earlier output of --format jsonl.")
    @Nullable
    Path previous;

    @Option(names = "--rate", paramLabel = "N", description = "Maximum DNS queries per second (default: 100).")
    int rate = 100;

    @Option(names = "--parallel", paramLabel = "N", description = "Domains at the same time (default: 8).")
    int parallel = 8;

    @Spec
    @Nullable
    CommandSpec spec;

    private int done;
    private int withErrors;
    private int incomplete;
    private int changed;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        WatchFormat wanted = options(command);
        List<String> named = new ArrayList<>();
        for (String domain : domains) {
            named.add(Arguments.domain(command, "DOMAIN", domain));
        }
        checkFile();
        PreviousWatch earlier = previous == null ? null : PreviousWatch.read(previous);
        SpfLinter linter = SpfLinter.of(common.dns(dns -> PacedDnsClient.of(dns, rate)));
        PrintWriter out = command.getOut();
        wanted.start(out);
        ExecutorService threads = Executors.newFixedThreadPool(parallel);
        try (Progress progress = Progress.withOutput("domains");
                Domains all = new Domains(named.iterator(), file == null ? null : DomainList.open(file))) {
            Deque<Future<WatchedDomain>> window = new ArrayDeque<>();
            String next = all.next();
            while (!out.checkError() && (next != null || !window.isEmpty())) {
                while (next != null && window.size() < parallel * WINDOW) {
                    String domain = next;
                    window.add(threads.submit(() -> WatchedDomain.of(linter.lint(domain))));
                    next = all.next();
                }
                print(command, wanted, await(window.remove()), earlier);
                progress.done(done);
            }
        } finally {
            threads.shutdownNow();
        }
        wanted.end(out, summary(earlier != null));
        out.flush();
        if (withErrors > 0 || changed > 0) {
            return ExitStatus.FAIL;
        }
        return incomplete > 0 ? ExitStatus.TEMPFAIL : ExitStatus.PASS;
    }

    private WatchFormat options(CommandLine command) {
        if (domains.isEmpty() && file == null) {
            throw new ParameterException(command, "missing domains; name some, or use --file");
        }
        number(command, "--rate", rate, MAX_RATE);
        number(command, "--parallel", parallel, MAX_PARALLEL);
        String name = common.json ? "jsonl" : format;
        for (WatchFormat known : WatchFormat.values()) {
            if (org.senderauth.core.Ascii.text(known).equals(name)) {
                return known;
            }
        }
        throw new ParameterException(command, "--format must be table, jsonl or html, was '" + format + "'");
    }

    private static void number(CommandLine command, String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(command, option + " must be between 1 and " + max + ", was " + value);
        }
    }

    // An invalid line is reported before the work of hours, not in the middle of it.
    private void checkFile() throws IOException {
        if (file != null) {
            try (DomainList list = DomainList.open(file)) {
                while (list.next() != null) {
                    continue;
                }
            }
        }
    }

    private static WatchedDomain await(Future<WatchedDomain> domain) throws IOException {
        try {
            return domain.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void print(CommandLine command, WatchFormat wanted, WatchedDomain domain, @Nullable PreviousWatch earlier) {
        String change = earlier == null ? null : earlier.change(domain);
        done++;
        withErrors += domain.hasErrors() ? 1 : 0;
        incomplete += domain.complete() ? 0 : 1;
        changed += change == null || change.isEmpty() ? 0 : 1;
        wanted.line(command.getOut(), domain, change);
    }

    private String summary(boolean compared) {
        return done + (done == 1 ? " domain, " : " domains, ") + withErrors + " with errors"
                + (incomplete > 0 ? ", " + incomplete + " with failed DNS lookups" : "")
                + (compared ? ", " + changed + " changed" : "");
    }

    /** The domains of the command line, then those of the file. */
    private static final class Domains implements AutoCloseable {

        private final Iterator<String> named;
        private final @Nullable DomainList listed;

        Domains(Iterator<String> named, @Nullable DomainList listed) {
            this.named = named;
            this.listed = listed;
        }

        @Nullable
        String next() throws IOException {
            if (named.hasNext()) {
                return named.next();
            }
            return listed == null ? null : listed.next();
        }

        @Override
        public void close() throws IOException {
            if (listed != null) {
                listed.close();
            }
        }
    }
}
