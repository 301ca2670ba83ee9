package org.senderauth.cli.serve;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.ses.FileMessageIds;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesUse;
import org.senderauth.testkit.Patience;
import org.senderauth.testkit.RealPeer;
import org.senderauth.testkit.SteppingClock;
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
              spf: {mode: report}
              batv: {mode: enforce}
            batv: {key-file: batv.key, lower-case: true}
            """;

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private final SteppingClock clock = SteppingClock.at(Instant.parse("2026-11-23T12:00:00Z"));
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
            assertThat(get(service, "/metrics").body()).doesNotContain("spf_checks_total{");
            ask(policy, policyRequest("1"), "\n\n");
            String tagged = ask(socketmap, "22:sign Alice@example.org,", ",");
            assertThat(tagged).startsWith("36:OK prvs=0787").endsWith("=alice@example.org,");
            String metrics = get(service, "/metrics").body();
            assertThat(metrics)
                    .contains("policy_decisions_total{action=\"continue\"} 1.0")
                    .contains("spf_checks_total{result=\"fail\",standing=\"bad\"} 1.0")
                    .contains("batv_checks_total{result=\"unsigned\",standing=\"open\"} 1.0")
                    .contains("socketmap_lookups_total{map=\"sign\",reply=\"found\"} 1.0")
                    .contains("callout_probes_inflight 0.0")
                    .doesNotContain("example.net");
            assertThat(log.toString())
                    .contains("decision action=continue reply=\"none\" client=198.51.100.1 ")
                    .contains(" steps=spf:fail,batv:unsigned ");
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
    void clientsThatNeverEndTheirRequestKeepNobodyFromHealth() throws Exception {
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
            Files.writeString(file, CONFIG.replace("mode: report", "mode: enforce"));
            assertThat(service.reload()).isTrue();
            assertThat(ask(policy, policyRequest("2"), "\n\n")).startsWith("action=550 5.7.23 ");
        }
    }

    private void writeSesKey() throws Exception {
        SecretFiles.create(
                folder.resolve("ses.keys"),
                ("example.org hmac-sha1 80/2/10 " + "5f".repeat(20)).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void messageIdsInAFileGoOnAfterARestartAndAreNotTakenFromAnotherFileByAReload() throws Exception {
        writeSesKey();
        String numbered = CONFIG + "ses: {keys: ses.keys, message-ids: ids, servers: 2, server: 1}\n";
        Files.writeString(file, numbered);
        List<Long> ids = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (Service service = start();
                    Socket socketmap = connect(service, 1)) {
                ids.add(signedId(socketmap));
                Files.writeString(file, numbered.replace("message-ids: ids", "message-ids: other"));
                assertThat(service.reload()).isTrue();
                ids.add(signedId(socketmap));
                Files.writeString(file, numbered);
            }
        }
        int block = FileMessageIds.DEFAULT_BLOCK;
        assertThat(ids).containsExactly(3L, 5L, 2L * block + 3, 2L * block + 5);
        assertThat(log.toString()).contains("reload: message ids come from where they came from; restart");
    }

    private long signedId(Socket socketmap) throws Exception {
        String reply = ask(socketmap, "26:ses-sign alice@example.org,", ",");
        String signed = reply.substring(reply.indexOf("SES="), reply.length() - 1);
        Ses ses = Ses.builder()
                .keyring(SesKeyFile.read(folder.resolve("ses.keys")))
                .clock(clock)
                .build();
        return Objects.requireNonNull(ses.verify(signed, SesUse.BOUNCE_PROBE).signature())
                .messageId();
    }

    @Test
    void sesZoneIsServedToPowerDnsWhoseConnectionsStayThroughAReload() throws Exception {
        writeSesKey();
        Path socket = folder.resolve("pdns");
        Files.writeString(
                file,
                CONFIG.replace("http: 127.0.0.1:0", "http: 127.0.0.1:0, ses-powerdns: unix:" + socket)
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
        int port = RealPeer.freePort();
        Files.writeString(
                file,
                CONFIG.replace("http: 127.0.0.1:0", "http: 127.0.0.1:0, ses-dns: 127.0.0.1:" + port)
                        + "ses: {keys: ses.keys, name-servers: [ns1.example.net]}\n");
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", port));
        resolver.setTimeout(Patience.LIMIT);
        DnsClient dns = ResolverDnsClient.of(resolver);
        Name zone = DomainNames.of("_spf_verify.example.org");
        try (Service service = start();
                Socket socketmap = connect(service, 1)) {
            assertThat(dns.query(zone, Type.SOA).toCompletableFuture().join()).isInstanceOf(DnsAnswer.Records.class);
            assertThat(service.reload()).isTrue();
            assertThat(dns.query(zone, Type.SOA).toCompletableFuture().join()).isInstanceOf(DnsAnswer.Records.class);
            assertThat(get(service, "/health").body()).isEqualTo("good, serving 2 addresses\n");
            assertThat(ask(socketmap, "26:ses-sign alice@example.org,", ",")).contains(":OK SES=");
            assertThat(get(service, "/metrics").body()).contains("ses_signatures_total{outcome=\"signed\"} 1.0");
        }
    }

    @Test
    void addressThatIsTakenIsSaidAndNothingStaysStarted() throws Exception {
        try (Service first = start()) {
            String taken = ListenAddress.text(first.addresses().get(1));
            Files.writeString(file, CONFIG.replace("socketmap: inet:127.0.0.1:0", "socketmap: " + taken));
            assertThatThrownBy(this::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on " + taken + ": ");
        }
    }

    @Test
    void reloadOfABadFileChangesNothingAndSaysWhy() throws Exception {
        try (Service service = start();
                Socket policy = connect(service, 0)) {
            Files.writeString(file, CONFIG.replace("mode: report", "mode: enforced"));
            assertThat(service.reload()).isFalse();
            assertThat(log.toString())
                    .contains("senderauth.yaml:6: \"mode: enforced\" must be")
                    .contains("reload: refused");
            assertThat(ask(policy, policyRequest("1"), "\n\n")).startsWith("action=PREPEND ");
            assertThat(get(service, "/metrics").body()).contains("config_reloads_total{result=\"refused\"} 1.0");
        }
    }
}
