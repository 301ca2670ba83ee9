package org.senderauth.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.LoopbackDnsServer;

/**
 * The service with the configuration that docs/milter.md has for it, and the hosts around it. The milter's connections go
 * through a proxy that can cut them.
 */
final class MilterService implements AutoCloseable {

    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);

    private final int socketmap = PeerProcess.freePort();
    private final int milter = PeerProcess.freePort();
    private final int beforeDkim = PeerProcess.freePort();
    private final int seen = PeerProcess.freePort();
    private final MailSink sink = new MailSink();
    private final StringWriter log = new StringWriter();
    private final LoopbackDnsServer dns;
    private final Path config;
    private final String settings;
    private final Service service;
    private final CuttingProxy proxy;

    /**
     * Starts it.
     *
     * @param folder for its files
     * @param permitted the term of example.net's SPF record
     */
    MilterService(Path folder, String permitted) throws IOException, ConfigException {
        this(folder, permitted, settings -> settings);
    }

    /**
     * Starts it with changed settings.
     *
     * @param folder for its files
     * @param permitted the term of example.net's SPF record
     * @param changed the change of the settings
     */
    MilterService(Path folder, String permitted, UnaryOperator<String> changed) throws IOException, ConfigException {
        this.dns = LoopbackDnsServer.serving(ZoneDnsClient.builder()
                .text("""
                        example.net.        300 IN TXT "v=spf1 %s -all"
                        signed.example.     300 IN TXT "v=spf1 -all"
                        _dmarc.signed.example. 300 IN TXT "v=DMARC1; p=reject"
                        callout.example.    300 IN MX 10 mx.callout.example.
                        mx.callout.example. 300 IN A 127.0.0.1
                        """.formatted(permitted))
                .trouble(DomainNames.of("away.example.net"), Cause.SERVER_FAILURE)
                .build());
        SecretFiles.create(folder.resolve("batv.key"), KEY);
        this.config = folder.resolve("senderauth.yaml");
        String callout = "  callout: {mode: off, port: " + sink.port() + ", allow-private-addresses: true}\n";
        this.settings = DocumentedConfig.of("milter.md")
                        .block("# /etc/senderauth/senderauth.yaml")
                        .replace("127.0.0.1:10033", "127.0.0.1:" + milter)
                        .replace("127.0.0.1:10032", "127.0.0.1:" + socketmap)
                        .replace(
                                "  http: 127.0.0.1:9797\n", "  milter-before-dkim: inet:127.0.0.1:" + beforeDkim + "\n")
                        .replace("on-tempfail: defer}", "on-tempfail: defer, unless-dkim-passes: dkim.mx.example.org}")
                        .replace("steps:\n", "steps:\n" + callout)
                + """
                          dns:
                            server: 127.0.0.1:%d
                          exempt: {loopback: false}
                          sender-domains:
                            callout.example: {callout: enforce}
                          """.formatted(dns.address().getPort());
        Files.writeString(config, changed.apply(settings));
        this.service = Service.start(config, new PrintWriter(log, true), InstantSource.system());
        this.proxy = new CuttingProxy(seen, milter);
    }

    /** A configuration of a mail server, with the ports of this service. */
    String ports(String text) {
        return text.replace("127.0.0.1:10033", "127.0.0.1:" + seen)
                .replace("127.0.0.1:10034", "127.0.0.1:" + beforeDkim)
                .replace("127.0.0.1:10032", "127.0.0.1:" + socketmap);
    }

    /** Reloads with changed settings; the change is of those that the guide has. */
    boolean reload(UnaryOperator<String> changed) throws IOException {
        Files.writeString(config, changed.apply(settings));
        return service.reload();
    }

    /** Where mail servers find the milter. */
    int proxyPort() {
        return seen;
    }

    CuttingProxy proxy() {
        return proxy;
    }

    /** Where all mail goes. */
    MailSink sink() {
        return sink;
    }

    /** What the service says. */
    String log() {
        return log.toString();
    }

    /** Waits until the log, which is written in the background, has a text. */
    void awaitLog(String text) {
        Await.until("the log has " + text, () -> log().contains(text));
    }

    /** An address with a tag that was made a while ago. */
    static String tagged(String address, Duration ago) {
        return Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(KEY)))
                .clock(InstantSource.offset(InstantSource.system(), ago.negated()))
                .build()
                .sign(MailAddress.of(address))
                .toString();
    }

    @Override
    public void close() {
        proxy.close();
        service.close();
        dns.close();
        sink.close();
    }
}
