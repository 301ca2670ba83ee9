package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.core.SecretFiles;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;

/** Settings, key files and records of the guides that no mail server reads: read as the service or the command does. */
class GuideSettingsTest {

    private static final String LISTEN = "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:0}\n";

    @TempDir
    Path folder;

    private ServeConfig read(String text) throws Exception {
        Path file = folder.resolve("senderauth.yaml");
        Files.writeString(file, text);
        return ConfigReader.read(file);
    }

    private void secret(String name, String text) throws IOException {
        SecretFiles.create(folder.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void operations() throws Exception {
        DocumentedConfig guide = DocumentedConfig.of("operations.md");
        assertThat(read(LISTEN + guide.block("mode: monitor"))).isNotNull();
        // The unit of the packages, which SystemdTest and checks/package.sh use.
        assertThat(Files.readString(Path.of("..", "packaging", "files", "senderauth.service")))
                .endsWith(guide.block("[Unit]"));
    }

    @Test
    void web() throws Exception {
        secret("web.token", "a token of the test");
        DocumentedConfig guide = DocumentedConfig.of("web.md");
        String host = "hostname: mx.example.org\n";
        assertThat(read(host + guide.block("listen:\n  web: 127.0.0.1:9798\n")).web())
                .isNotNull();
        assertThat(read(host + guide.block("listen:\n  web: 127.0.0.1:9798  ")).web())
                .satisfies(web -> assertThat(web.hosts()).isEmpty());
        String proxied = guide.block("listen:\n  web: unix").replace("/run/senderauth", folder.toString());
        assertThat(read(host + proxied).web())
                .satisfies(web -> assertThat(web.userHeader()).isEqualTo("X-Remote-User"));
    }

    @Test
    void milter() throws Exception {
        DocumentedConfig guide = DocumentedConfig.of("milter.md");
        assertThat(read("hostname: mx.example.org\n"
                                + guide.block("listen:\n  milter: inet:127.0.0.1:10033\n  milter-before"))
                        .steps()
                        .dkimVerifier())
                .isEqualTo("dkim.mx.example.org");
        assertThat(read("hostname: mx.example.org\nlisten: {milter: inet:127.0.0.1:0}\n" + guide.block("relays:"))
                        .milter()
                        .relays()
                        .networks())
                .hasSize(2);
    }

    @Test
    void history() throws Exception {
        String block = DocumentedConfig.of("history.md").block("listen:\n  policy: inet:127.0.0.1:10031\n  control");
        ServeConfig config = read("hostname: mx.example.org\n"
                + block.replace("/run/senderauth", folder.toString())
                        .replace("/var/lib/senderauth", folder.toString()));
        assertThat(config.listen().control()).isNotNull();
        assertThat(config.history().directory()).isEqualTo(folder.resolve("history"));
    }

    @Test
    void dkim2() throws Exception {
        KeyPair keys = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
        secret("mail.pem", Dkim2SigningKey.pem(keys.getPrivate()));
        secret("batv.key", "sixteen octets..");
        Files.writeString(
                folder.resolve("own.keys"),
                "mail._domainkey.example.org " + Dkim2SigningKey.record(keys.getPublic()) + "\n");
        DocumentedConfig guide = DocumentedConfig.of("dkim2.md");
        String rest = "hostname: mx.example.org\nlisten: {milter: inet:127.0.0.1:0}\ndomains: [example.org]\n"
                + "batv: {key-file: batv.key}\n";
        assertThat(read(rest + guide.block("# steps and keys that are added"))).isNotNull();
        assertThat(read(rest + guide.block("dkim2:\n  own-keys"))).isNotNull();
    }

    @Test
    void redis() throws Exception {
        DocumentedConfig guide = DocumentedConfig.of("redis.md");
        assertThat(read(LISTEN + guide.block("redis:\n  uri: redis://")).redis())
                .satisfies(redis -> assertThat(redis.settings().hosts()).isEqualTo(2));
        secret("redis.password", "s3cret of the test\n");
        secret("s.password", "s3cret of the test\n");
        Files.writeString(folder.resolve("redis-ca.pem"), "");
        // A password of sentinels needs sentinels, which another block shows.
        String all = guide.block("redis:\n  uri: rediss://").replaceFirst("(?m)^  sentinel-password-file: .*\n", "");
        assertThat(read(LISTEN + all).redis()).satisfies(redis -> {
            assertThat(redis.settings().hosts()).isEqualTo(4);
            assertThat(redis.settings().prefix()).isEqualTo("senderauth");
            assertThat(redis.ses()).isEqualTo(ServeConfig.SesOnOutage.DEFER);
        });
    }

    @Test
    void sesZoneInPowerDns() throws Exception {
        secret("ses.keys", "example.org hmac-sha1 80/2/10 " + "5f".repeat(20));
        secret("zone.key", "Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\n");
        String block = DocumentedConfig.of("ses.md").block("listen:\n  powerdns");
        ServeConfig config = read("hostname: mx.example.org\n" + block.replace("/run/senderauth", folder.toString()));
        assertThat(config.listen().powerDns()).isEqualTo(folder.resolve("pdns"));
    }

    @Test
    void sesStep() throws Exception {
        secret("ses.keys", "example.org hmac-sha1 80/2/10 " + "5f".repeat(20));
        assertThat(read(LISTEN + DocumentedConfig.of("ses.md").block("steps:\n  ses:"))
                        .ses())
                .isNotNull();
    }

    @Test
    void sesKeys() throws Exception {
        String block = DocumentedConfig.of("ses.md").block("example.org hmac-sha1");
        secret("ses.keys", block.replaceAll("[0-9a-f]+\\.\\.\\.[0-9a-f]+", "5f".repeat(20)));
        assertThat(SesKeyFile.read(folder.resolve("ses.keys"))).isNotNull();
    }

    @Test
    void batvKeys() throws Exception {
        for (String name : new String[] {"2026a.key", "2026b.key", "master.key"}) {
            secret(name, "sixteen octets.. of " + name);
        }
        secret("batv.keys", DocumentedConfig.of("batv.md").block("[example.org example.net]"));
        assertThat(BatvKeyFile.read(folder.resolve("batv.keys"))).isNotNull();
    }

    @Test
    void srs() throws Exception {
        secret("srs.secret", "our own secret of the test");
        DocumentedConfig guide = DocumentedConfig.of("srs.md");
        assertThat(read(guide.block("# /etc/senderauth/senderauth.yaml")).srs())
                .satisfies(srs -> assertThat(srs.lifetimeDays()).isEqualTo(21));
        // The same table as in the guide for Postfix, whose tests use it.
        assertThat(guide.block("# /etc/postfix/senderauth-srs"))
                .isEqualTo(DocumentedConfig.of("postfix.md").block("# /etc/postfix/senderauth-srs"));
    }

    @Test
    void records() throws Exception {
        DocumentedConfig ses = DocumentedConfig.of("ses.md");
        ZoneDnsClient zone = ZoneDnsClient.builder()
                .text(ses.block("_spf_verify.example.org.") + ses.block("example.org.  3600  IN  TXT")
                        + "example.org. 60 IN MX 10 mail.example.org.\nmail.example.org. 60 IN A 192.0.2.1\n")
                .build();
        assertThat(verdict(zone)).isEqualTo(SpfVerdict.PASS);
        ZoneDnsClient spf = ZoneDnsClient.builder()
                .text(DocumentedConfig.of("spf.md").block("$ORIGIN example.org."))
                .build();
        assertThat(verdict(spf)).isEqualTo(SpfVerdict.PASS);
    }

    @Test
    void servedSpfRecord() throws Exception {
        DocumentedConfig guide = DocumentedConfig.of("spf.md");
        ServeConfig config = read("hostname: mx.example.org\n" + guide.block("listen:\n  dns"));
        assertThat(config.spfZone())
                .satisfies(zone -> assertThat(zone.records())
                        .containsEntry("example.org", "v=spf1 include:_spf.example.net include:_spf.example.com -all"));
        ZoneDnsClient published = ZoneDnsClient.builder()
                .text("$TTL 60\n" + guide.block("example.org.       TXT")
                        + "1.2.0.192.in-addr._spf.example.org. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n")
                .build();
        assertThat(verdict(published)).isEqualTo(SpfVerdict.PASS);
    }

    private static SpfVerdict verdict(ZoneDnsClient dns) throws IOException {
        return SpfVerifier.builder()
                .dns(dns)
                .build()
                .verify(SpfQuery.mailFrom(InetAddress.getByName("192.0.2.1"), "alice@example.org", "mail.example.org"))
                .verdict();
    }
}
