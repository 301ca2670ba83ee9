package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.peers.PeerProcess;

/** The metrics, the alert rules, the dashboard and the guides agree, and Prometheus's own tool accepts them. */
@Timeout(60)
class MonitoringFilesTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Path ALERTS = DOCS.resolve("monitoring/alerts.yml");
    private static final Path DASHBOARD = DOCS.resolve("monitoring/grafana.json");
    private static final Path HEALTHY = DOCS.resolve("healthy.md");

    private static final Pattern NAME = Pattern.compile("\\b(?:senderauth|process|jvm)_[a-z_]+[a-z]");
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");

    @TempDir
    Path folder;

    private static String metrics() {
        ServiceMetrics metrics = new ServiceMetrics();
        metrics.server("policy", "inet:127.0.0.1:10031", () -> 0);
        metrics.presentMap("sign");
        metrics.meters().counter(Metric.LOG_LINES_DROPPED, DOCS, keeper -> 0);
        MeteredDnsClient.of((name, type) -> new CompletableFuture<>(), metrics.meters());
        return metrics.scrape();
    }

    private static Set<String> families(String scraped) {
        return FAMILY.matcher(scraped)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private int promtool(String input, String... arguments) throws Exception {
        String peers = System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers");
        String program = PeerProcess.find("promtool")
                .orElseGet(() -> PeerProcess.program(peers + "/prometheus/usr/bin/promtool"))
                .toString();
        String[] command = new String[arguments.length + 1];
        command[0] = program;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Path in = Files.writeString(folder.resolve("input"), input);
        Path out = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return process.exitValue();
    }

    @Test
    void promtoolAcceptsMetrics() throws Exception {
        assertThat(promtool(metrics(), "check", "metrics")).isZero();
    }

    @Test
    void promtoolAcceptsMetricsOfARunningService() throws Exception {
        Path config = folder.resolve("senderauth.yaml");
        Files.writeString(config, """
                hostname: mx.example.org
                domains: [example.org]
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:0, socketmap: inet:127.0.0.1:0, http: 127.0.0.1:0}
                steps: {spf: {mode: enforce}, batv: {mode: enforce}}
                batv: {key-file: batv.key}
                """);
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 -all\"\n");
        SecretFiles.create(folder.resolve("batv.key"), "sixteen octets..".getBytes(StandardCharsets.US_ASCII));
        try (Service service = Service.start(config, new PrintWriter(new StringWriter()), InstantSource.system())) {
            InetSocketAddress http = (InetSocketAddress) service.httpAddress();
            String scraped = new String(
                    URI.create("http://127.0.0.1:" + http.getPort() + "/metrics")
                            .toURL()
                            .openStream()
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(promtool(scraped, "check", "metrics")).isZero();
        }
    }

    @Test
    void promtoolAcceptsAlertRules() throws Exception {
        assertThat(promtool("", "check", "rules", ALERTS.toAbsolutePath().toString()))
                .isZero();
    }

    @Test
    void everyAlertHasInstructions() throws Exception {
        String text = Files.readString(ALERTS);
        long alerts = text.lines()
                .filter(line -> line.strip().startsWith("- alert: "))
                .count();
        long actions = text.lines()
                .filter(line -> line.strip().matches("action: \".{20,}\""))
                .count();
        assertThat(alerts).isGreaterThan(5).isEqualTo(actions);
    }

    @Test
    void eachNamedSeriesExists() throws Exception {
        Set<String> families = families(metrics());
        // Only with Redis.
        families.add("senderauth_redis_up");
        // Only in a service.
        families.addAll(Set.of("senderauth_spf_zone_age_seconds", "senderauth_spf_zone_records"));
        // After their first event; each step, result and verdict is a label of its own.
        families.addAll(Set.of("senderauth_checks_total", "senderauth_callout_requests_total"));
        for (Path file : new Path[] {ALERTS, DASHBOARD, HEALTHY}) {
            Matcher names = NAME.matcher(Files.readString(file));
            int found = 0;
            while (names.find()) {
                String name = names.group().replaceFirst("_(bucket|count|sum)$", "");
                assertThat(families).as(file + " names " + names.group()).contains(name);
                found++;
            }
            assertThat(found).as(file.toString()).isGreaterThan(5);
        }
    }

    @Test
    void everyMetricHasPrefixAndHelp() {
        String scraped = metrics();
        assertThat(families(scraped)).allMatch(name -> name.matches("(senderauth|process|jvm)_.*"));
        for (String name : families(scraped)) {
            assertThat(scraped).containsPattern("(?m)^# HELP " + name + " \\S");
        }
    }

    @Test
    void everyMetricIsInTheGuide() throws Exception {
        String guide = Files.readString(DOCS.resolve("operations.md"));
        for (String name : families(metrics())) {
            if (!name.endsWith("_max")) {
                assertThat(guide).contains("`" + name.replaceFirst("^senderauth_", "") + "`");
            }
        }
    }

    @Test
    void countersForAlertsArePresentBeforeTheirFirstEvent() {
        assertThat(metrics())
                .contains(
                        "senderauth_build_info{version=",
                        "senderauth_policy_decisions_total{action=\"reject\"} 0.0",
                        "senderauth_policy_withheld_total{action=\"reject\"} 0.0",
                        "senderauth_check_errors_total{check=\"spf\"} 0.0",
                        "senderauth_config_reloads_total{result=\"failure\"} 0.0",
                        "senderauth_dns_queries_total{result=\"unavailable\"} 0.0",
                        "senderauth_server_connection_limit_hits_total{protocol=\"policy\"} 0.0",
                        "senderauth_socketmap_lookups_total{map=\"sign\",result=\"found\"} 0.0",
                        "process_cpu_seconds_total ",
                        "process_start_time_seconds ",
                        "jvm_memory_used_bytes{area=\"heap\"} ");
    }
}
