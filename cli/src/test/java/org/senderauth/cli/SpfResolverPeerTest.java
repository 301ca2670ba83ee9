package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The spf commands through a real recursive resolver (Unbound) and its real authoritative server (NSD). */
class SpfResolverPeerTest {

    private static final Name ZONE = Name.fromConstantString("example.org.");

    /** Enough long TXT records to make an answer of more than 4 KiB. */
    private static final int LONG_RECORDS = 24;

    @TempDir
    static Path folder;

    private static PeerProcess nsd;
    private static PeerProcess unbound;
    private static int port;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void startPeers() throws IOException {
        String nsdProgram = PeerProcess.program("nsd").toString();
        String unboundProgram = PeerProcess.program("unbound").toString();
        int nsdPort = PeerProcess.freePort();
        port = PeerProcess.freePort();
        StringBuilder zone = new StringBuilder(resource("example.org.zone"));
        for (int i = 0; i < LONG_RECORDS; i++) {
            zone.append("big IN TXT \"")
                    .append(i)
                    .append('-')
                    .append("x".repeat(200))
                    .append("\"\n");
        }
        Files.writeString(folder.resolve("example.org.zone"), zone);
        nsd = PeerProcess.start(
                        folder,
                        folder.resolve("nsd.log"),
                        List.of(nsdProgram, "-d", "-c", configured("nsd.conf", nsdPort, nsdPort)))
                .awaitDns(loopback(nsdPort), ZONE);
        unbound = PeerProcess.start(
                        folder,
                        folder.resolve("unbound.log"),
                        List.of(unboundProgram, "-d", "-c", configured("unbound.conf", port, nsdPort)))
                .awaitDns(loopback(port), ZONE);
    }

    @AfterAll
    static void endPeers() {
        if (unbound != null) {
            unbound.close();
        }
        if (nsd != null) {
            nsd.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // records, an alias, a TXT record of two strings
        "192.0.2.1, example.org, pass, 1, 0, 0",
        "2001:db8::1, example.org, pass, 1, 0, 0",
        "198.51.100.7, alias.example.org, pass, 2, 0, 0",
        "203.0.113.1, example.org, fail, 2, 0, 1",
        // NODATA and NXDOMAIN are void, and one more than two of them is a permerror
        "192.0.2.1, nodata.example.org, pass, 2, 2, 0",
        "192.0.2.1, void.example.org, permerror, 3, 3, 1",
        "192.0.2.1, dead.example.org, permerror, 1, 0, 1",
        "192.0.2.1, absent.example.org, none, 0, 0, 0",
        // SERVFAIL
        "192.0.2.1, servfail.example.org, temperror, 1, 0, 75",
        "192.0.2.1, broken.example, temperror, 0, 0, 75",
        // TXT over TCP
        "192.0.2.1, big.example.org, pass, 0, 0, 0",
        "192.0.2.2, big.example.org, fail, 0, 0, 1",
    })
    void checksThroughUnboundAndNsd(String ip, String domain, String verdict, int lookups, int voids, int status) {
        assertThat(run("check", "--json", "--ip", ip, "--helo", "mail.example.org", "--from", "a@" + domain))
                .isEqualTo(status);
        assertThat(out.toString())
                .startsWith("{\"result\":\"" + verdict + "\"")
                .contains("\"lookups\":" + lookups + ",\"voidLookups\":" + voids + ",");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void truncatesLongResponseOverUdp() throws IOException {
        SimpleResolver resolver = new SimpleResolver(loopback(port));
        resolver.setTimeout(Await.LIMIT);
        resolver.setIgnoreTruncation(true);
        resolver.setEDNS(0, 1232, 0);
        Name name = Name.fromConstantString("big.example.org.");
        Message answer = resolver.send(Message.newQuery(Record.newRecord(name, Type.TXT, DClass.IN)));
        assertThat(answer.getHeader().getFlag(Flags.TC)).isTrue();
    }

    @Test
    void explainsNodataNxdomainAndServfail() {
        run("explain", "--ip", "192.0.2.9", "--helo", "mail.example.org", "--from", "a@nodata.example.org");
        assertThat(out.toString())
                .contains("MX nodata.example.org: NODATA (no such record)")
                .contains("A absent.example.org: NXDOMAIN");
        run("explain", "--ip", "192.0.2.9", "--helo", "mail.example.org", "--from", "a@servfail.example.org");
        assertThat(out.toString()).contains("SERVFAIL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "explain"})
    void returnsTemperrorWhenServerNeverResponds(String command) throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThat(runAt(silent.getLocalPort(), command, "--ip", "192.0.2.1", "--helo", "mail.example.org"))
                    .isEqualTo(ExitStatus.TEMPFAIL);
        }
        assertThat(out.toString()).contains("temperror");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, '', 0",
        "dead.example.org, unresolvable-include, 1",
        "absent.example.org, no-record, 1",
        "nodata.example.org, unresolvable-name, 0",
        "servfail.example.org, dns-error, 75",
        "broken.example, dns-error, 75",
        "big.example.org, answer-size, 0",
    })
    void lintsThroughUnboundAndNsd(String domain, String code, int status) {
        assertThat(run("lint", "--json", domain)).isEqualTo(status);
        if (code.isEmpty()) {
            assertThat(out.toString()).isEmpty();
        } else {
            assertThat(out.toString()).contains("\"code\":\"" + code + "\"");
        }
    }

    private int run(String... words) {
        return runAt(port, words);
    }

    private int runAt(int server, String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "spf";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--dns";
        all[words.length + 2] = "127.0.0.1:" + server;
        return SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static String configured(String name, int port, int nsdPort) throws IOException {
        String text = resource(name)
                .replace("@FOLDER@", folder.toString())
                .replace("@PORT@", Integer.toString(port))
                .replace("@NSD@", Integer.toString(nsdPort));
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SpfResolverPeerTest.class.getResourceAsStream("/spf-peers/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
