package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsaMode;
import org.senderauth.csv.CsaVerdict;
import org.senderauth.csv.CsvQuery;
import org.senderauth.csv.CsvResult;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.csv.DnaResult;
import org.senderauth.csv.DnaService;
import org.senderauth.csv.DnsLookup;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Type;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code csv check}: is a client entitled to its HELO name, who vouches for it, and may it bring this mail? */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Tells whether a client is entitled to its HELO name (CSA), and to bring mail of a domain (MPR).",
        footer = {
            "",
            "Examples:",
            "  senderauth csv check --ip 192.0.2.1 --helo mail.example.org",
            "  senderauth csv check --exim --ip 192.0.2.1 --helo '[192.0.2.1]'",
            "  senderauth csv check --trust vouch.example --ip 192.0.2.1 \\",
            "      --helo mail.example.org",
            "  senderauth csv check --from joe@example.org --ip 192.0.2.1 \\",
            "      --helo mail.example.org",
            "  senderauth csv check --zone example.zone --batch sessions.jsonl",
            "",
            "Exit status: 0 unless the name's owner, or with --from or --author the",
            "domain's policy, says no (1), or the DNS gave no answer (75)."
        })
final class CsvCheckCommand implements Callable<Integer> {

    /** The text for "the client sent no HELO", on the command line and in a batch. */
    private static final String NO_HELO = "-";

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--ip", paramLabel = "IP", description = "The client's address.")
    @Nullable
    String ip;

    @Option(names = "--helo", paramLabel = "NAME", description = "What the client said in HELO or EHLO; - if nothing.")
    @Nullable
    String helo;

    @Option(names = "--exim", description = "Decide and answer as Exim's 'verify = csa' does (4.95 and later).")
    boolean exim;

    @Option(
            names = "--reverse-tree",
            negatable = true,
            description = "Look addresses up in the reverse tree, which is an extension (with --exim the default).")
    @Nullable
    Boolean reverseTree;

    @Option(
            names = "--trust",
            paramLabel = "SERVICE",
            description = "Ask this accreditation service (DNA) if the name's owner points to it; may be repeated.")
    List<String> pointedTo = List.of();

    @Option(
            names = "--trust-always",
            paramLabel = "SERVICE",
            description = "Ask this accreditation service about every name that passes; may be repeated.")
    List<String> always = List.of();

    @Mixin
    MprOptions policies = new MprOptions();

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Check each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"ip\",\"helo\"} gives {\"id\",\"result\",\"reason\"}."
            })
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        CsvVerifier verifier = verifier();
        PrintWriter out = known.commandLine().getOut();
        if (batch != null) {
            if (ip != null || helo != null) {
                throw new ParameterException(known.commandLine(), "--batch takes --ip and --helo from its lines");
            }
            if (policies.areAsked()) {
                throw new ParameterException(
                        known.commandLine(), "--batch knows no mail policies: no --from, --author");
            }
            return JsonLines.batch(batch, System.in, out, in -> line(verifier, in));
        }
        if (ip == null || helo == null) {
            throw new ParameterException(known.commandLine(), "--ip and --helo are needed, or --batch");
        }
        InetAddress client = Arguments.ip(known.commandLine(), "--ip", ip);
        Arguments.helo(known.commandLine(), "--helo", helo);
        policies.check(known.commandLine());
        CsvResult result = verifier.verify(query(client, helo));
        List<MprOptions.Found> found = policies.ask(verifier, result.csa());
        if (common.json) {
            out.println(JsonLines.write(json(result, found)));
        } else {
            print(out, result, found);
        }
        out.flush();
        return MprOptions.status(status(result), found);
    }

    private CsvVerifier verifier() throws IOException {
        CsvVerifier.Builder builder = CsvVerifier.builder().dns(common.dns());
        if (exim) {
            builder.mode(CsaMode.EXIM);
        }
        if (reverseTree != null) {
            builder.reverseTree(reverseTree);
        }
        try {
            pointedTo.forEach(service -> builder.trust(DnaService.whenPointedTo(service, 1)));
            always.forEach(service -> builder.trust(DnaService.always(service, 1)));
            policies.forwarders.forEach(builder::trustForwarder);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
        }
        return builder.build();
    }

    private static CsvQuery query(InetAddress client, String helo) {
        return new CsvQuery(client, helo.equals(NO_HELO) ? null : helo);
    }

    private static int status(CsvResult result) {
        if (result.verdict().isTemporary()) {
            return ExitStatus.TEMPFAIL;
        }
        return result.smtpReply().isPresent() ? ExitStatus.FAIL : ExitStatus.PASS;
    }

    private ObjectNode line(CsvVerifier verifier, JsonNode in) throws BadLine {
        InetAddress client = JsonLines.ip(in, "ip");
        return verdict(verifier.verify(query(client, JsonLines.text(in, "helo", NO_HELO))));
    }

    private ObjectNode verdict(CsvResult result) {
        CsaVerdict outcome = result.verdict();
        return JsonLines.object()
                .put("result", exim ? outcome.eximStatus() : outcome.text())
                .put("reason", exim ? outcome.eximReason() : result.reason());
    }

    private ObjectNode json(CsvResult result, List<MprOptions.Found> found) {
        ObjectNode object = verdict(result);
        object.put("ip", ip).put("helo", helo);
        if (!result.dna().lookups().isEmpty()) {
            object.put("rating", result.dna().rating().name());
        }
        result.smtpReply().ifPresent(reply -> object.put("reply", reply.toString()));
        if (policies.areAsked()) {
            MprOptions.json(object, found);
        }
        object.put("authenticationResults", result.authResult().toString());
        ArrayNode notes = object.putArray("notes");
        result.csa().notes().forEach(notes::add);
        ArrayNode lookups = object.putArray("lookups");
        lookups(result, found)
                .forEach(lookup -> lookups.addObject()
                        .put("name", DomainNames.text(lookup.name()))
                        .put("type", Type.string(lookup.type()))
                        .put("answer", lookup.summary()));
        return object;
    }

    private static List<DnsLookup> lookups(CsvResult result, List<MprOptions.Found> found) {
        return Stream.of(result.csa().lookups().stream(), result.dna().lookups().stream(), MprOptions.lookups(found))
                .flatMap(questions -> questions)
                .toList();
    }

    private void print(PrintWriter out, CsvResult result, List<MprOptions.Found> found) {
        CsaVerdict outcome = result.verdict();
        if (exim) {
            out.println(outcome.eximStatus() + ": client SMTP authorization " + outcome.eximReason());
        } else {
            out.println(outcome.text() + ": " + result.csa().reason());
        }
        DnaResult dna = result.dna();
        if (!dna.lookups().isEmpty()) {
            out.println("rating " + dna.rating() + " (" + dna.rating().text() + "): " + dna.reason());
        }
        MprOptions.print(out, found);
        for (DnsLookup lookup : lookups(result, found)) {
            TerminalText.print(out, "  asked  ", lookup.toString());
        }
        result.csa().notes().forEach(note -> TerminalText.print(out, "  note   ", note));
        result.smtpReply()
                .or(() -> MprOptions.reply(found))
                .map(SmtpReply::toString)
                .ifPresent(reply -> TerminalText.print(out, "  reply  ", reply));
        TerminalText.print(out, "  header ", result.authResult().toString());
    }
}
