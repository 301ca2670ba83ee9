package org.senderauth.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.LoopbackDnsServer;

/**
 * Runs the cases of scenario files with our verifier and with others, over real packets, and prints the cases on which any
 * of them differs from the expected result, with the line of the RFC that decides, as docs/spf-peers.md has them. {@code
 * spf-peers.sh} gives it a network of its own, in which it is the name server.
 */
public final class SpfPeers {

    private static final int DNS_PORT = 53;
    private static final long SECONDS_PER_CHECK = 120;

    private record Case(String client, String helo, String from, String expected) {

        /** The arguments of a peer's program: identity, address, client, HELO name. */
        List<String> arguments() {
            boolean ofHelo = from.equals("HELO");
            return List.of(ofHelo ? "helo" : "mfrom", from.equals("<>") || ofHelo ? "" : from, client, helo);
        }

        String text() {
            return "`" + from + "` from " + client;
        }
    }

    private record Scenario(
            String title,
            StringBuilder says,
            StringBuilder seen,
            StringBuilder zone,
            List<String> trouble,
            List<Case> cases) {

        Scenario(String title) {
            this(
                    title,
                    new StringBuilder(),
                    new StringBuilder(),
                    new StringBuilder(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }

        DnsClient dns() {
            ZoneDnsClient.Builder builder = ZoneDnsClient.builder().text(zone.toString());
            // Other verifiers wait for a silent server for a minute; their result is the same.
            trouble.forEach(name -> builder.trouble(DomainNames.of(name), Cause.SERVER_FAILURE));
            return builder.build();
        }

        /** The record of the sender's domain, for the table. */
        String record(Case test) {
            String domain = test.from().contains("@")
                    ? test.from().substring(test.from().lastIndexOf('@') + 1)
                    : test.helo();
            String start = (domain + ". 60 IN TXT \"v=").toLowerCase(Locale.ROOT);
            return zone.toString()
                    .lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(line.indexOf('"') + 1, line.length() - 1))
                    .map(text -> text.length() > 60 ? text.substring(0, 57) + "..." : text)
                    .findFirst()
                    .map(text -> "`" + text.replace("|", "\\|") + "`")
                    .orElse("");
        }
    }

    /** A verifier in a process of its own, which reads a line for each check and writes one. */
    private static final class Peer {

        private final String program;
        private Process process;
        private BufferedReader results;

        Peer(String program) throws IOException {
            this.program = program;
            this.process = start();
            this.results = process.inputReader(StandardCharsets.UTF_8);
        }

        private Process start() throws IOException {
            return new ProcessBuilder(program)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        void ask(Case test) throws IOException {
            process.getOutputStream()
                    .write((String.join("\t", test.arguments()) + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        /** The result; a peer that ended or did not answer is started again. */
        String result() throws IOException {
            String line = CompletableFuture.supplyAsync(this::read, task -> new Thread(task).start())
                    .completeOnTimeout("no end", SECONDS_PER_CHECK, TimeUnit.SECONDS)
                    .join();
            if (line.equals("crash") || line.equals("no end")) {
                process.destroyForcibly();
                process = start();
                results = process.inputReader(StandardCharsets.UTF_8);
            }
            return line;
        }

        private String read() {
            try {
                String line = results.readLine();
                return line == null ? "crash" : line.strip();
            } catch (IOException e) {
                return "crash";
            }
        }
    }

    private final Map<String, Peer> peers;
    private final Map<String, Integer> agreed = new LinkedHashMap<>();
    private int cases;
    private volatile DnsClient zone = ZoneDnsClient.builder().build();

    private SpfPeers(Map<String, Peer> peers) {
        this.peers = peers;
    }

    /**
     * Prints the table.
     *
     * @param arguments scenario files, and {@code NAME=PROGRAM} for each other verifier: a program that reads the identity
     *     ({@code helo} or {@code mfrom}), the address, the client and the HELO name from a line, with tabs between, and
     *     prints a line with the result
     * @throws IOException if a file cannot be read or a program not started
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, Peer> peers = new LinkedHashMap<>();
        List<Scenario> scenarios = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals > 0) {
                peers.put(argument.substring(0, equals), new Peer(argument.substring(equals + 1)));
            } else {
                read(Path.of(argument), scenarios);
            }
        }
        new SpfPeers(peers).run(scenarios);
        peers.values().forEach(peer -> peer.process.destroy());
    }

    private void run(List<Scenario> scenarios) throws IOException {
        StringBuilder sections = new StringBuilder();
        try (LoopbackDnsServer server = LoopbackDnsServer.serving((name, type) -> zone.query(name, type), DNS_PORT)) {
            System.err.println("serving on " + server.address());
            for (Scenario scenario : scenarios) {
                zone = scenario.dns();
                StringBuilder rows = new StringBuilder();
                for (Case test : scenario.cases()) {
                    rows.append(row(scenario, test));
                }
                if (!rows.isEmpty()) {
                    sections.append(section(scenario, rows.toString()));
                }
            }
        }
        System.out.println("## Totals");
        System.out.println();
        System.out.println("| of " + cases + " cases as expected | " + String.join(" | ", agreed.keySet()) + " |");
        System.out.println("|---|" + "---:|".repeat(agreed.size()));
        System.out.println("| | "
                + String.join(
                        " | ", agreed.values().stream().map(String::valueOf).toList()) + " |");
        System.out.println();
        System.out.println("## Cases with a difference");
        System.out.println();
        System.out.print(sections);
    }

    private String section(Scenario scenario, String rows) {
        StringBuilder text = new StringBuilder("### ").append(scenario.title()).append("\n\n");
        if (!scenario.says().isEmpty()) {
            text.append("> ")
                    .append(scenario.says().toString().replace("<", "\\<"))
                    .append("\n\n");
        }
        if (!scenario.seen().isEmpty()) {
            text.append("Reported: ").append(scenario.seen()).append(".\n\n");
        }
        return text.append("| record | sender | expected | ")
                .append(String.join(" | ", agreed.keySet()))
                .append(" |\n|---|---|---|")
                .append("---|".repeat(agreed.size()))
                .append('\n')
                .append(rows)
                .append('\n')
                .toString();
    }

    private String row(Scenario scenario, Case test) throws IOException {
        for (Peer peer : peers.values()) {
            peer.ask(test);
        }
        Map<String, String> results = new LinkedHashMap<>();
        results.put("senderauth", ours(scenario, test));
        for (Map.Entry<String, Peer> peer : peers.entrySet()) {
            results.put(peer.getKey(), peer.getValue().result());
        }
        cases++;
        boolean disputed = false;
        StringBuilder row = new StringBuilder("| ")
                .append(scenario.record(test))
                .append(" | ")
                .append(test.text())
                .append(" | ")
                .append(test.expected());
        for (Map.Entry<String, String> result : results.entrySet()) {
            boolean same = result.getValue().equals(test.expected());
            agreed.merge(result.getKey(), same ? 1 : 0, Integer::sum);
            disputed |= !same;
            row.append(" | ").append(same ? "" : "**" + result.getValue() + "**");
        }
        return disputed ? row.append(" |\n").toString() : "";
    }

    private static String ours(Scenario scenario, Case test) {
        List<String> arguments = test.arguments();
        return SpfVerifier.builder()
                .dns(scenario.dns())
                .build()
                .verify(new SpfQuery(
                        IpAddresses.parse(test.client()).orElseThrow(),
                        arguments.get(0).equals("helo") ? SpfIdentity.HELO : SpfIdentity.MAIL_FROM,
                        arguments.get(1),
                        test.helo()))
                .verdict()
                .text();
    }

    private static void read(Path file, List<Scenario> scenarios) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank()) {
                continue;
            }
            if (line.startsWith("# ")) {
                scenarios.add(new Scenario(line.substring(2)));
                continue;
            }
            Scenario scenario = scenarios.get(scenarios.size() - 1);
            if (line.startsWith("says ") || line.startsWith("seen ")) {
                (line.startsWith("says ") ? scenario.says() : scenario.seen()).append(line.substring(5));
                continue;
            }
            String[] words = line.trim().split("\\s+");
            if (words[0].equals("zone")) {
                scenario.zone().append(line.substring(line.indexOf("zone") + 5)).append('\n');
            } else if (words[0].equals("trouble")) {
                scenario.trouble().add(words[2]);
            } else {
                scenario.cases().add(new Case(words[0], words[1], words[2], words[3]));
            }
        }
    }
}
