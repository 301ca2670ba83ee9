package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.peers.PeerProcess;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.ses.FileSerialNumbers;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.VerificationPurpose;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.Name;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

@Timeout(60)
class ServiceTest {

    private static final String CONFIG = """
            hostname: mx.example.org
            domains: [example.org]
            dns: {zones: [zone]}
            listen: {policy: inet:127.0.0.1:0, socketmap: inet:127.0.0.1:0, http: 127.0.0.1:0}
            steps:
              spf: {mode: monitor}
              batv: {mode: enforce}
            batv: {key-file: batv.key, lower-case: true}
            """;

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private Path file;

    @BeforeEach
    void writeFiles() throws Exception {
        file = folder.resolve("senderauth.yaml");
        Files.writeString(file, CONFIG);
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
        SecretFiles.create(folder.resolve("batv.key"), "sixteen octets..".getBytes(StandardCharsets.US_ASCII));
    }

    private Service start() throws Exception {
        return Service.start(file, new PrintWriter(log, true), clock);
    }

    private void awaitLog(String text) {
        Await.until(text, () -> log.toString().contains(text));
    }

    private static String ask(Socket socket, String request, String end) throws Exception {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        StringBuilder reply = new StringBuilder();
        while (!reply.toString().endsWith(end)) {
            int octet = socket.getInputStream().read();
            assertThat(octet).as("the server closed after " + reply).isNotNegative();
            reply.append((char) octet);
        }
        return reply.toString();
    }

    private static String policyRequest(String instance) {
        return "request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=198.51.100.1\nhelo_name=h.example\n"
                + "sender=bob@example.net\nrecipient=alice@example.org\ninstance=" + instance + "\n\n";
    }

    private static Socket connect(Service service, int index) throws Exception {
        InetSocketAddress address = (InetSocketAddress) service.addresses().get(index);
        return new Socket(address.getAddress(), address.getPort());
    }

    private static HttpResponse<String> get(Service service, String path) throws Exception {
        InetSocketAddress http = (InetSocketAddress) service.httpAddress();
        URI uri = URI.create("http://127.0.0.1:" + http.getPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void metricsMoveWithEachDecisionAndLookup() throws Exception {
        try (Service service = start();
                Socket policy = connect(service, 0);
                Socket socketmap = connect(service, 1)) {
            assertThat(get(service, "/metrics").body()).doesNotContain("senderauth_checks_total{");
            ask(policy, policyRequest("1"), "\n\n");
            String tagged = ask(socketmap, "22:sign Alice@example.org,", ",");
            assertThat(tagged).startsWith("36:OK prvs=0787").endsWith("=alice@example.org,");
            String metrics = get(service, "/metrics").body();
            assertThat(metrics)
                    .contains("senderauth_policy_decisions_total{action=\"continue\"} 1.0")
                    .contains("senderauth_checks_total{check=\"spf\",outcome=\"fail\",result=\"fail\"} 1.0")
                    .contains("senderauth_checks_total{check=\"batv\",outcome=\"skipped\",result=\"none\"} 1.0")
                    .contains("senderauth_socketmap_lookups_total{map=\"sign\",result=\"found\"} 1.0")
                    .contains("senderauth_callout_probes_in_flight 0.0")
                    .doesNotContain("example.net");
            awaitLog(" steps=spf:fail,batv:skipped ");
            assertThat(log.toString())
                    .containsPattern("decision action=continue id=[2-9b-z]{11} time=20\\S+Z reply=- by=spf would=reject"
                            + " would-reply=\"550 5\\.7\\.23 SPF check failed: [^\"]+\" client=198\\.51\\.100\\.1 ")
                    .contains(" reason=\"spf: fail (monitor): ");
        }
    }

    /** The name server is a port that nothing listens on. */
    @Test
    void serviceIsAliveButNotReadyWithoutDns() throws Exception {
        Files.writeString(
                file,
                CONFIG.replace("dns: {zones: [zone]}", "dns: {server: 127.0.0.1:" + PeerProcess.freePort() + "}"));
        try (Service service = start()) {
            assertThat(get(service, "/health").statusCode()).isEqualTo(503);
            assertThat(get(service, "/health").body()).isEqualTo("the DNS does not answer; the service is alive\n");
            assertThat(get(service, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(service, "/health/live/x").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void healthIsGoodAndOtherPathsAreNone() throws Exception {
        try (Service service = start()) {
            assertThat(get(service, "/health").statusCode()).isEqualTo(200);
            assertThat(get(service, "/health/x").statusCode()).isEqualTo(404);
            assertThat(get(service, "/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void endlessRequestsNeverBlockHealth() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (Service service = start()) {
            InetSocketAddress http = (InetSocketAddress) service.httpAddress();
            for (int i = 0; i < 6; i++) {
                Socket client = new Socket(http.getAddress(), http.getPort());
                idle.add(client);
                client.getOutputStream().write("GET /health HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(get(service, "/health").statusCode()).isEqualTo(200);
        } finally {
            for (Socket client : idle) {
                client.close();
            }
        }
    }

    @Test
    void reloadChangesTheDecisionOnTheSameConnection() throws Exception {
        try (Service service = start();
                Socket policy = connect(service, 0)) {
            assertThat(ask(policy, policyRequest("1"), "\n\n")).startsWith("action=PREPEND ");
            Files.writeString(file, CONFIG.replace("mode: monitor", "mode: enforce"));
            assertThat(service.reload()).isTrue();
            assertThat(ask(policy, policyRequest("2"), "\n\n")).startsWith("action=550 5.7.23 ");
        }
    }

    @Test
    void messageEndsWhenItsConnectionAsksAboutTheNext() throws Exception {
        try (Service service = start();
                Socket one = connect(service, 0);
                Socket other = connect(service, 0)) {
            String first = ask(one, policyRequest("7355.1"), "\n\n");
            assertThat(ask(other, policyRequest("7355.1"), "\n\n")).isNotEqualTo(first);
            ask(one, policyRequest("7355.2"), "\n\n");
            assertThat(ask(other, policyRequest("7355.1"), "\n\n")).isEqualTo(first);
        }
    }

    private void writeSesKey() throws Exception {
        SecretFiles.create(
                folder.resolve("ses.keys"),
                ("example.org hmac-sha1 80/2/10 " + "5f".repeat(20)).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void serialNumbersContinueAfterRestartOrReload() throws Exception {
        writeSesKey();
        String numbered = CONFIG + "ses: {keys: ses.keys, serial-file: ids, servers: 2, server: 1}\n";
        Files.writeString(file, numbered);
        List<Long> ids = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (Service service = start();
                    Socket socketmap = connect(service, 1)) {
                ids.add(signedId(socketmap));
                Files.writeString(file, numbered.replace("serial-file: ids", "serial-file: other"));
                assertThat(service.reload()).isTrue();
                ids.add(signedId(socketmap));
                Files.writeString(file, numbered);
            }
        }
        int block = FileSerialNumbers.DEFAULT_BLOCK;
        assertThat(ids).containsExactly(3L, 5L, 2L * block + 3, 2L * block + 5);
        awaitLog("reload: the serial-file settings change only on restart");
    }

    private long signedId(Socket socketmap) throws Exception {
        String reply = ask(socketmap, "26:ses-sign alice@example.org,", ",");
        String signed = reply.substring(reply.indexOf("SES="), reply.length() - 1);
        Ses ses = Ses.builder()
                .keyring(SesKeyFile.read(folder.resolve("ses.keys")))
                .clock(clock)
                .build();
        return ses.verify(signed, VerificationPurpose.BOUNCE_PROBE)
                .signature()
                .orElseThrow()
                .serialNumber();
    }

    @Test
    void acceptsBouncesAfterClockWasSetBackByDay() throws Exception {
        writeSesKey();
        Files.writeString(
                file,
                CONFIG.replace("batv: {mode: enforce}", "ses: {mode: enforce}")
                        .replace("batv: {key-file: batv.key, lower-case: true}", "ses: {keys: ses.keys}"));
        try (Service service = start();
                Socket policy = connect(service, 0);
                Socket socketmap = connect(service, 1)) {
            String reply = ask(socketmap, "26:ses-sign alice@example.org,", ",");
            String signed = reply.substring(reply.indexOf("SES="), reply.length() - 1);
            String bounce = policyRequest("1").replace("bob@example.net", "").replace("alice@example.org", signed);
            clock.set(clock.instant().minus(Duration.ofDays(1)));
            assertThat(ask(policy, bounce, "\n\n")).startsWith("action=PREPEND ");
            clock.set(clock.instant().minus(Duration.ofDays(1)));
            assertThat(ask(policy, bounce, "\n\n")).contains("550 5.7.1 ");
        }
    }

    @Test
    void reloadKeepsConnectionsOfPowerDns() throws Exception {
        writeSesKey();
        Path socket = folder.resolve("pdns");
        Files.writeString(
                file,
                CONFIG.replace("http: 127.0.0.1:0", "http: 127.0.0.1:0, powerdns: unix:" + socket)
                        + "ses: {keys: ses.keys, name-servers: [ns1.example.net]}\n");
        try (Service service = start();
                SocketChannel powerDns = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                BufferedReader answers = new BufferedReader(Channels.newReader(powerDns, StandardCharsets.UTF_8))) {
            String question = "{\"method\":\"lookup\",\"parameters\":{\"qname\":\"_spf_verify.example.org.\","
                    + "\"qtype\":\"NS\",\"zone-id\":-1}}\n";
            powerDns.write(ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII)));
            assertThat(answers.readLine()).contains("ns1.example.net");
            Files.writeString(file, Files.readString(file).replace("ns1", "ns2"));
            assertThat(service.reload()).isTrue();
            powerDns.write(ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII)));
            assertThat(answers.readLine()).contains("ns2.example.net");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void sesZoneIsServedAndStaysThroughAReload() throws Exception {
        writeSesKey();
        int port = PeerProcess.freePort();
        Files.writeString(
                file,
                CONFIG.replace("http: 127.0.0.1:0", "http: 127.0.0.1:0, dns: 127.0.0.1:" + port)
                        + "ses: {keys: ses.keys, name-servers: [ns1.example.net]}\n");
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", port));
        resolver.setTimeout(Await.LIMIT);
        DnsClient dns = ResolverDnsClient.of(resolver);
        Name zone = DomainNames.of("_spf_verify.example.org");
        try (Service service = start();
                Socket socketmap = connect(service, 1)) {
            assertThat(dns.query(zone, Type.SOA).toCompletableFuture().join()).isInstanceOf(DnsAnswer.Records.class);
            assertThat(service.reload()).isTrue();
            assertThat(dns.query(zone, Type.SOA).toCompletableFuture().join()).isInstanceOf(DnsAnswer.Records.class);
            assertThat(get(service, "/health").body()).isEqualTo("ok: 4 listeners\n");
            assertThat(ask(socketmap, "26:ses-sign alice@example.org,", ",")).contains(":OK SES=");
            assertThat(get(service, "/metrics").body())
                    .contains("senderauth_ses_signatures_total{result=\"signed\"} 1.0");
        }
    }

    @Test
    void spfRecordIsServedAndStaysThroughAReload() throws Exception {
        int port = PeerProcess.freePort();
        String record =
                "spf-zone: {name-servers: [ns1.example.net], records: {example.org: \"v=spf1 include:example.net -all\"}}\n";
        Files.writeString(
                file, CONFIG.replace("http: 127.0.0.1:0", "http: 127.0.0.1:0, dns: 127.0.0.1:" + port) + record);
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", port));
        resolver.setTimeout(Await.LIMIT);
        DnsClient dns = ResolverDnsClient.of(resolver);
        Name client = DomainNames.of("1.2.0.192.in-addr._spf.example.org");
        try (Service service = start()) {
            awaitLog("spf-zone: example.org: serving 1 networks");
            assertThat(dns.query(client, Type.A).toCompletableFuture().join()).isInstanceOf(DnsAnswer.Records.class);
            assertThat(get(service, "/health").body()).isEqualTo("ok: 4 listeners\n");
            // The provider's record is gone, and the networks stay.
            Files.writeString(folder.resolve("zone"), "other.example.net. 300 IN TXT \"x\"\n");
            assertThat(service.reload()).isTrue();
            awaitLog("serving the networks of 2026-11-23T12:00:00Z");
            assertThat(dns.query(client, Type.A).toCompletableFuture().join()).isInstanceOf(DnsAnswer.Records.class);
            assertThat(get(service, "/metrics").body())
                    .contains(
                            "senderauth_spf_zone_records{state=\"stale\"} 1.0",
                            "senderauth_spf_zone_refreshes_total{result=\"failure\"}");
        }
    }

    @Test
    void spfRecordThatWasNeverReadIsReportedByHealth() throws Exception {
        String record =
                "spf-zone: {name-servers: [ns1.example.net], records: {example.org: \"v=spf1 include:gone.example.net -all\"}}\n";
        Files.writeString(file, CONFIG.replace("http: 127.0.0.1:0", "http: 127.0.0.1:0, dns: 127.0.0.1:0") + record);
        try (Service service = start()) {
            awaitLog("answering SERVFAIL");
            assertThat(get(service, "/health").body()).contains("served SPF record");
        }
    }

    @Test
    void addressThatIsTakenIsSaidAndNothingStaysStarted() throws Exception {
        try (Service first = start()) {
            String taken = ListenAddress.text(first.addresses().get(1));
            Files.writeString(file, CONFIG.replace("socketmap: inet:127.0.0.1:0", "socketmap: " + taken));
            assertThatThrownBy(this::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(Pattern.quote(file + ":") + "[0-9]+"
                            + Pattern.quote(": socketmap: cannot listen on " + taken + ": ") + ".+");
            awaitLog("serving policy");
            // What came before it was bound, and has served nobody.
            assertThat(log.toString().split("serving policy", -1)).hasSize(2);
        }
    }

    @Test
    void fileWithoutAStepIsNoted() throws Exception {
        Files.writeString(file, "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:0}\n");
        assertThat(ConfigCheck.run(file))
                .containsExactly(
                        "no step is on, so all mail is accepted; add \"spf: {mode: monitor}\" under \"steps:\"");
        Files.writeString(file, CONFIG);
        assertThat(ConfigCheck.run(file)).noneMatch(note -> note.contains("no step"));
    }

    @Test
    void secretThatOnlyRootCanReadIsNoted() {
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
        Set<PosixFilePermission> group = PosixFilePermissions.fromString("rw-r-----");
        assertThat(ConfigNotes.isOnlyFor("root", "root", "senderauth", ownerOnly))
                .isTrue();
        assertThat(ConfigNotes.isOnlyFor("root", "root", "root", group)).isTrue();
        assertThat(ConfigNotes.isOnlyFor("root", "root", "senderauth", group)).isFalse();
        assertThat(ConfigNotes.isOnlyFor("root", "senderauth", "senderauth", ownerOnly))
                .isFalse();
    }

    @Test
    void reloadOfABadFileChangesNothingAndSaysWhy() throws Exception {
        try (Service service = start();
                Socket policy = connect(service, 0)) {
            Files.writeString(file, CONFIG.replace("mode: monitor", "mode: enforced"));
            assertThat(service.reload()).isFalse();
            awaitLog("reload: invalid configuration");
            assertThat(log.toString())
                    .contains("senderauth.yaml:6: mode: must be")
                    .contains("reload: invalid configuration");
            assertThat(ask(policy, policyRequest("1"), "\n\n")).startsWith("action=PREPEND ");
            assertThat(get(service, "/metrics").body())
                    .contains("senderauth_config_reloads_total{result=\"failure\"} 1.0");
        }
    }
}
