package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.csv.AddressPrefix;
import org.senderauth.csv.CsaRecord;
import org.senderauth.csv.CsvPublisher;
import org.senderauth.csv.DnaRating;
import org.senderauth.csv.DnaReport;
import org.senderauth.csv.MprRecord;
import org.senderauth.csv.ZoneFragment;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.Name;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code csv publish}: writes zone-file records, with warnings on standard error. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the records of a name for a zone file, and warnings to standard error.",
            "Without any of the options below, the name is said to send no mail."
        },
        footer = {
            "",
            "Examples:",
            "  senderauth csv publish mail.example.org --address 192.0.2.1",
            "  senderauth csv publish example.org --explicit",
            "  senderauth csv publish mail.example.org --point-to vouch.example",
            "  senderauth csv publish mail.example.org --report-of vouch.example --rating B",
            "  senderauth csv publish example.org --mpr-require 3 --channel example.org",
            "",
            "Exit status: 0 without warnings, 1 with warnings."
        })
final class CsvPublishCommand implements Callable<Integer> {

    private static final String DEFAULT_TTL = "3600";

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The HELO name, or for a mail policy the mailbox domain.")
    String name = "";

    @Option(
            names = "--ttl",
            paramLabel = "SECONDS",
            defaultValue = DEFAULT_TTL,
            description = "The TTL (${DEFAULT-VALUE}).")
    long ttl;

    @ArgGroup(exclusive = false, heading = "%nWhether hosts may use the name (CSA):%n")
    Csa csa = new Csa();

    @ArgGroup(exclusive = false, heading = "%nWho vouches for the name (DNA):%n")
    Dna dna = new Dna();

    @ArgGroup(exclusive = false, heading = "%nThe mail policy of the domain (MPR):%n")
    Mpr mpr = new Mpr();

    static final class Csa {
        @Option(names = "--address", paramLabel = "IP", description = "A host that may use the name; may be repeated.")
        List<String> addresses = List.of();

        @Option(names = "--target", paramLabel = "HOST", description = "The host with the addresses (the name itself).")
        @Nullable
        String target;

        @Option(
                names = "--weight",
                paramLabel = "N",
                description =
                        "2 authorized, 1 not, 3 authorized without regard to addresses (2 with --address or --target, else 1).")
        @Nullable
        Integer weight;

        @Option(names = "--explicit", description = "Every authorized name at and below this one has its own record.")
        boolean explicit;
    }

    static final class Dna {
        @Option(names = "--point-to", paramLabel = "SERVICE", description = "A service that vouches; may be repeated.")
        List<String> services = List.of();

        @Option(
                names = "--report-of",
                paramLabel = "SERVICE",
                description = "Write this service's report about the name.")
        @Nullable
        String reportOf;

        @Option(
                names = "--rating",
                paramLabel = "A-E",
                description = "The rating in the report: ${COMPLETION-CANDIDATES}.")
        @Nullable
        DnaRating rating;

        @Option(names = "--info", paramLabel = "TEXT", description = "What the report adds.")
        String info = "";
    }

    static final class Mpr {
        @Option(
                names = "--mpr-require",
                paramLabel = "BITS",
                description =
                        "Demand the channel: 1 for MAIL FROM, 2 for From; 4 whatever the return path's signature.")
        @Nullable
        Integer require;

        @Option(
                names = "--mpr-send",
                paramLabel = "BITS",
                description = "What all mail has: 1 signed return paths, 2 signatures, 4 listed clients.")
        @Nullable
        Integer send;

        @Option(names = "--channel", paramLabel = "HOST", description = "A HELO name or one above it; may be repeated.")
        List<String> channel = List.of();

        @Option(
                names = "--client",
                paramLabel = "[!]IP/BITS",
                description = "Clients, ! if they are none; may be repeated.")
        List<String> clients = List.of();

        boolean isWanted() {
            return require != null || send != null || !channel.isEmpty() || !clients.isEmpty();
        }
    }

    @Override
    public Integer call() throws IOException {
        List<ZoneFragment> texts = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        try {
            write(texts, warnings);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
        }
        texts.forEach(text -> warnings.addAll(text.warnings()));
        print(texts, warnings);
        return warnings.isEmpty() ? ExitStatus.PASS : ExitStatus.FAIL;
    }

    private void write(List<ZoneFragment> texts, List<String> warnings) throws IOException {
        CsvPublisher publisher = new CsvPublisher(ttl);
        Name owner = DomainNames.of(name);
        boolean dnaWanted = !dna.services.isEmpty() || dna.reportOf != null;
        if (isCsaWanted() || (!dnaWanted && !mpr.isWanted())) {
            Name target = csa.target == null ? owner : csa.target.equals(".") ? Name.root : DomainNames.of(csa.target);
            List<InetAddress> addresses =
                    csa.addresses.stream().map(CsvPublishCommand::address).toList();
            boolean hosts = csa.target != null || !addresses.isEmpty();
            int weight = csa.weight != null ? csa.weight : hosts ? CsaRecord.AUTHORIZED : CsaRecord.IGNORE_TARGET;
            texts.add(publisher.csa(
                    owner,
                    new CsaRecord(CsaRecord.VERSION, weight, csa.explicit ? CsaRecord.EXPLICIT : 0, target),
                    addresses));
            // Only a DNS that was named is asked: to write records needs no network.
            if (!target.equals(Name.root) && (common.server != null || !common.zones.isEmpty())) {
                warnings.addAll(CsvPublisher.targetWarnings(target, common.dns()));
            }
        }
        if (!dna.services.isEmpty()) {
            texts.add(publisher.dnaPointers(
                    owner, dna.services.stream().map(DomainNames::of).toList()));
        }
        if (dna.reportOf != null) {
            if (dna.rating == null) {
                throw new IllegalArgumentException("--report-of needs --rating");
            }
            texts.add(publisher.dnaReport(
                    owner,
                    DomainNames.of(dna.reportOf),
                    new DnaReport(DnaReport.SERVICE, DnaReport.LEVEL, dna.rating, dna.info)));
        }
        if (mpr.isWanted()) {
            texts.add(publisher.mpr(
                    owner,
                    new MprRecord(Objects.requireNonNullElse(mpr.send, 0), Objects.requireNonNullElse(mpr.require, 0)),
                    mpr.channel.stream().map(DomainNames::of).toList(),
                    mpr.clients.stream().map(CsvPublishCommand::prefix).toList()));
        }
    }

    private boolean isCsaWanted() {
        return csa.explicit || csa.weight != null || csa.target != null || !csa.addresses.isEmpty();
    }

    private void print(List<ZoneFragment> texts, List<String> warnings) {
        CommandSpec known = Objects.requireNonNull(spec);
        PrintWriter out = known.commandLine().getOut();
        if (common.json) {
            ObjectNode object = JsonLines.object();
            ArrayNode records = object.putArray("records");
            texts.forEach(text -> text.lines().forEach(records::add));
            ArrayNode list = object.putArray("warnings");
            warnings.forEach(list::add);
            out.println(JsonLines.write(object));
        } else {
            texts.forEach(out::print);
            warnings.forEach(warning -> known.commandLine().getErr().println("warning: " + warning));
            known.commandLine().getErr().flush();
        }
        out.flush();
    }

    private static InetAddress address(String text) {
        return IpAddresses.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("--address '" + text + "' is no IP address"));
    }

    private static AddressPrefix prefix(String text) {
        return AddressPrefix.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("--client '" + text + "' is no address prefix"));
    }
}
