package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsClient;
import org.senderauth.spf.flatten.AuthorizedNetworks;
import org.senderauth.spf.flatten.AuthorizedNetworks.Entry;
import org.senderauth.spf.flatten.SpfFlattener;
import org.senderauth.spf.syntax.IpNetwork;
import org.senderauth.spf.syntax.NetworkSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spf networks}: lists the networks that a domain authorizes. */
@Command(
        name = "networks",
        mixinStandardHelpOptions = true,
        description = "List all networks that may send mail for a domain.",
        footer = {
            "",
            "Examples:",
            "  senderauth spf networks example.org",
            "  senderauth spf networks example.org --format nft",
            "  senderauth spf networks example.org --shared domains.txt",
            "",
            "Exit status: 0 listed, 1 the record cannot be evaluated, 75 a DNS lookup",
            "failed."
        })
final class SpfNetworksCommand implements Callable<Integer> {

    private static final int TERM_WIDTH = 44;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DOMAIN", description = "The domain.")
    String domain = "";

    @Option(
            names = "--record",
            paramLabel = "TEXT",
            description = "List those of this record instead of the published.")
    @Nullable
    String record;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text, json, postfix (a cidr_table) or nft (a table with sets); default: text.")
    String format = "text";

    @Option(
            names = "--shared",
            paramLabel = "FILE",
            description = "For each term, count the domains in this file, one a line, that authorize it too.")
    @Nullable
    Path shared;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        Arguments.domain(command, "DOMAIN", domain);
        String wanted = common.json ? "json" : format;
        if (!List.of("text", "json", "postfix", "nft").contains(wanted)) {
            throw new ParameterException(command, "--format must be text, json, postfix or nft, was '" + format + "'");
        }
        DnsClient dns = common.dns();
        AuthorizedNetworks.Outcome outcome = SpfFlattener.of(dns).networks(domain, record);
        if (outcome instanceof AuthorizedNetworks.Unusable unusable) {
            return SpfFlattenCommand.unusable(command, unusable);
        }
        AuthorizedNetworks networks = ((AuthorizedNetworks.Found) outcome).networks();
        SharedNetworks counts = shared == null ? null : SharedNetworks.count(networks, shared, dns);
        PrintWriter out = command.getOut();
        switch (wanted) {
            case "json" -> out.println(JsonLines.write(json(networks, counts)));
            case "postfix" -> postfix(out, networks);
            case "nft" -> nft(out, networks);
            default -> text(out, networks, counts);
        }
        out.flush();
        return ExitStatus.PASS;
    }

    private static ObjectNode json(AuthorizedNetworks networks, @Nullable SharedNetworks counts) {
        ObjectNode object = JsonLines.object()
                .put("domain", networks.domain())
                .put("ip4Addresses", networks.authorized().size(true))
                .put("ip6Addresses", networks.authorized().size(false));
        texts(object.putArray("networks"), networks.authorized());
        ArrayNode terms = object.putArray("terms");
        for (int i = 0; i < networks.terms().size(); i++) {
            Entry entry = networks.terms().get(i);
            ObjectNode term = terms.addObject().put("term", entry.term());
            entry.path().forEach(term.putArray("path")::add);
            texts(term.putArray("networks"), entry.networks());
            if (counts != null) {
                term.put("sharedBy", counts.of(i));
            }
        }
        ArrayNode dynamic = object.putArray("dynamic");
        networks.dynamic().forEach(entry -> dynamic.add(entry.term()));
        if (counts != null) {
            object.put("compared", counts.domains());
        }
        return object.put("others", networks.end());
    }

    private static void texts(ArrayNode array, NetworkSet networks) {
        networks.networks().forEach(network -> array.add(network.toString()));
    }

    private static void text(PrintWriter out, AuthorizedNetworks networks, @Nullable SharedNetworks counts) {
        String before = "";
        for (int i = 0; i < networks.terms().size(); i++) {
            Entry entry = networks.terms().get(i);
            String path = String.join(" > ", entry.path());
            if (!path.equals(before)) {
                TerminalText.print(out, "", path);
                before = path;
            }
            String line = String.format(
                    Locale.ROOT,
                    "  %-" + TERM_WIDTH + "s %s",
                    TerminalText.visible(entry.term()),
                    size(entry.networks()) + (counts == null ? "" : "; " + counts.text(i)));
            out.println(line);
        }
        if (!networks.terms().isEmpty()) {
            out.println();
        }
        networks.authorized().networks().forEach(out::println);
        out.println();
        TerminalText.print(out, networks.domain() + " authorizes ", size(networks.authorized()));
        for (Entry entry : networks.dynamic()) {
            TerminalText.print(out, notListed(entry), entry.term() + " (depends on the client or sender)");
        }
        TerminalText.print(out, "other clients: ", networks.end());
    }

    private static String notListed(Entry entry) {
        return entry.networks().isEmpty() ? "not listed: " : "listed in part: ";
    }

    // Both families, the IPv6 addresses as networks: their number says nothing to a reader.
    private static String size(NetworkSet networks) {
        long six = networks.networks().stream()
                .filter(network -> !network.address().isIp4())
                .count();
        String ip4 = networks.size(true) + " IPv4 address"
                + (networks.size(true).equals(java.math.BigInteger.ONE) ? "" : "es");
        String ip6 = six + " IPv6 network" + (six == 1 ? "" : "s");
        return six == 0 ? ip4 : networks.size(true).signum() == 0 ? ip6 : ip4 + ", " + ip6;
    }

    private static void postfix(PrintWriter out, AuthorizedNetworks networks) {
        comments(out, networks);
        networks.authorized().networks().forEach(network -> out.println(network + " permit"));
    }

    private static void nft(PrintWriter out, AuthorizedNetworks networks) {
        comments(out, networks);
        String name = networks.domain().replaceAll("[^A-Za-z0-9]", "_");
        out.println("table inet spf {");
        for (boolean ip4 : new boolean[] {true, false}) {
            List<String> elements = networks.authorized().networks().stream()
                    .filter(network -> network.address().isIp4() == ip4)
                    .map(IpNetwork::toString)
                    .toList();
            out.println("  set d_" + name + (ip4 ? "_4 {" : "_6 {"));
            out.println("    type " + (ip4 ? "ipv4_addr" : "ipv6_addr") + "; flags interval;");
            if (!elements.isEmpty()) {
                out.println("    elements = { " + String.join(",\n      ", elements) + " }");
            }
            out.println("  }");
        }
        out.println("}");
    }

    private static void comments(PrintWriter out, AuthorizedNetworks networks) {
        out.println("# networks that may send mail for " + networks.domain());
        networks.dynamic().forEach(entry -> out.println("# " + notListed(entry) + TerminalText.visible(entry.term())));
    }
}
