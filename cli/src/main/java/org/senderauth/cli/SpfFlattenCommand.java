package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsClient;
import org.senderauth.spf.flatten.AuthorizedNetworks;
import org.senderauth.spf.flatten.FlattenOutcome;
import org.senderauth.spf.flatten.FlattenedRecords;
import org.senderauth.spf.flatten.SpfFlattener;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spf flatten}: writes records that list the networks of a record directly. */
@Command(
        name = "flatten",
        mixinStandardHelpOptions = true,
        description = "Write SPF records with networks instead of includes and hosts; publish nothing.",
        footer = {
            "",
            "Examples:",
            "  senderauth spf flatten example.org --output spf.zone",
            "  senderauth spf flatten example.org --keep include:_spf.example.net",
            "  senderauth spf flatten example.org --check spf.zone",
            "",
            "Exit status: 0 written, or nothing changed; 1 the record cannot be flattened,",
            "or --check found a change; 75 a DNS lookup failed."
        })
final class SpfFlattenCommand implements Callable<Integer> {

    private static final String INCLUDE = "include:";

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DOMAIN", description = "The domain.")
    String domain = "";

    @Option(names = "--record", paramLabel = "TEXT", description = "Flatten this record instead of the published one.")
    @Nullable
    String record;

    @Option(names = "--keep", paramLabel = "include:DOMAIN", description = "Keep this include; may be repeated.")
    List<String> keep = List.of();

    @Option(names = "--max-octets", paramLabel = "N", description = "Maximum length of a record (default: 450).")
    int maxOctets = SpfFlattener.DEFAULT_MAX_BYTES;

    @Option(names = "--output", paramLabel = "FILE", description = "Write the zone file snippet to this file.")
    @Nullable
    Path output;

    @Option(
            names = "--check",
            paramLabel = "FILE",
            description = "Compare with this earlier output and with what is published; write nothing.")
    @Nullable
    Path check;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        domain = Arguments.domain(command, "DOMAIN", domain);
        if (check != null && output != null) {
            throw new ParameterException(command, "--check cannot be combined with --output");
        }
        try (Progress progress = Progress.start("DNS queries")) {
            AtomicLong queries = new AtomicLong();
            DnsClient dns = common.dns(client -> (name, type) -> {
                progress.done(queries.incrementAndGet());
                return client.query(name, type);
            });
            return flatten(command, dns, progress);
        }
    }

    private int flatten(CommandLine command, DnsClient dns, Progress progress) throws IOException {
        SpfFlattener flattener = flattener(command, dns);
        FlattenedFile earlier = check == null ? null : FlattenedFile.read(check, domain);
        FlattenOutcome outcome =
                flattener.flatten(domain, record != null || earlier == null ? record : earlier.source());
        progress.close();
        if (outcome instanceof AuthorizedNetworks.Unusable unusable) {
            return unusable(command, unusable);
        }
        FlattenedRecords records = (FlattenedRecords) outcome;
        PrintWriter out = command.getOut();
        if (earlier != null) {
            List<String> changes = earlier.changes(records, dns);
            changes.forEach(change -> print(out, change));
            out.flush();
            return changes.isEmpty() ? ExitStatus.PASS : ExitStatus.FAIL;
        }
        if (output != null) {
            write(output, FlattenedFile.text(records));
        } else if (common.json) {
            out.println(JsonLines.write(json(records)));
        } else {
            out.print(FlattenedFile.text(records));
        }
        out.flush();
        return ExitStatus.PASS;
    }

    private void print(PrintWriter out, String change) {
        out.println(common.json ? JsonLines.write(JsonLines.object().put("change", change)) : change);
    }

    private SpfFlattener flattener(CommandLine command, DnsClient dns) {
        List<String> kept = new ArrayList<>();
        for (String term : keep) {
            if (!term.startsWith(INCLUDE)) {
                throw new ParameterException(command, "--keep must be include:DOMAIN, was '" + term + "'");
            }
            kept.add(Arguments.domain(command, "--keep", term.substring(INCLUDE.length())));
        }
        try {
            return SpfFlattener.of(dns).withKept(kept).withMaxBytes(maxOctets);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command, String.valueOf(e.getMessage()).replace("maxBytes", "--max-octets"), e);
        }
    }

    /** Prints why a record cannot be used, and returns the exit status. */
    static int unusable(CommandLine command, AuthorizedNetworks.Unusable unusable) {
        command.getErr().println("senderauth: " + unusable.reason());
        command.getErr().flush();
        return unusable.temporary() ? ExitStatus.TEMPFAIL : ExitStatus.FAIL;
    }

    // Either the old file or the whole new one: never a part.
    private static void write(Path file, String text) throws IOException {
        Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
        Path temporary = Files.createTempFile(folder, "." + file.getFileName(), ".new");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static ObjectNode json(FlattenedRecords records) {
        ObjectNode object = JsonLines.object().put("domain", records.domain()).put("source", records.source());
        ObjectNode texts = object.putObject("records");
        records.records().forEach(texts::put);
        records.kept().forEach(object.putArray("kept")::add);
        return object.put("lookups", records.lookups()).put("compared", records.compared());
    }
}
