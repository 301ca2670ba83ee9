package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.core.SecretFiles;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dns.IpAddresses;
import org.senderauth.milter.Relays;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.Network;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.TempfailAction;
import org.senderauth.policy.Transaction;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.VoidLookupCounting;

class ConfigReaderTest {

    private static final String LEAST = "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:0}\n";
    private static final String SES = "ses:\n  keys: ses.keys\n  name-servers: [ns1.example.net]\n";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeKey() throws IOException {
        file = folder.resolve("senderauth.yaml");
        SecretFiles.create(folder.resolve("short.key"), "short".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(folder.resolve("batv.key"), "sixteen octets..".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(folder.resolve("web.token"), "sixteen octets..".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(folder.resolve("srs.secret"), "sixteen octets..".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(
                folder.resolve("ses.keys"),
                ("example.org hmac-sha1 80/2/10 " + "5f".repeat(20)).getBytes(StandardCharsets.US_ASCII));
        KeyPair pair = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
        Files.writeString(
                folder.resolve("own.keys"),
                "mail._domainkey.example.org " + Dkim2SigningKey.record(pair.getPublic()) + "\n");
        SecretFiles.create(
                folder.resolve("mail.pem"),
                Dkim2SigningKey.pem(pair.getPrivate()).getBytes(StandardCharsets.US_ASCII));
        Files.writeString(folder.resolve("empty.keys"), "# none yet\n");
        SecretFiles.create(
                folder.resolve("zone.key"),
                "Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\n".getBytes(StandardCharsets.US_ASCII));
    }

    private ServeConfig read(String text) throws Exception {
        Files.writeString(file, text);
        return ConfigReader.read(file);
    }

    private List<String> problems(String text) throws IOException {
        Files.writeString(file, text);
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
        assertThat(thrown).as("the file is taken: " + text).isNotNull();
        return thrown.problems().stream()
                .map(problem -> problem.replace(file + ":", "")
                        .replace(folder + "/", "")
                        .replaceFirst("known: hostname, .*", "known: KNOWN"))
                .toList();
    }

    @Test
    void stepsThatTheFileDoesNotNameAreOff() throws Exception {
        ServeConfig config = read(LEAST);
        Transaction mail = Transaction.of(IpAddresses.parse("192.0.2.1").orElseThrow(), "h", "a@example.net");
        for (Step step : Step.values()) {
            assertThat(config.steps().modes().mode(step, mail)).isEqualTo(StepMode.OFF);
        }
        assertThat(config.limits().deadline()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void everySettingIsRead() throws Exception {
        ServeConfig config = read("""
                hostname: MX.example.org
                domains: [example.org, bücher.example]
                dns: {server: 127.0.0.1}
                listen:
                  policy: [inet:127.0.0.1:10031, unix:%s/policy]
                  socketmap: inet:127.0.0.1:10032
                  http: 127.0.0.1:9797
                  socket-mode: rw-rw-rw-
                limits: {connections: 100, deadline-seconds: 15}
                exempt:
                  authenticated: false
                  networks: [127.0.0.0/8, "::1"]
                  senders: [alice@example.net]
                  sender-domains: example.com
                  recipients: [postmaster@example.org]
                steps:
                  dnsbl: {mode: monitor, zones: [dnsbl.example]}
                  csv: {mode: monitor}
                  spf-helo: {mode: off}
                  spf: {mode: enforce, on-tempfail: defer, reject-softfail: true, reject-permerror: true}
                  batv: {}
                  callout:
                    mode: off
                    reject-code: 450
                    max-deferral-hours: 48
                    port: 2525
                    high-volume-domains: [example.com]
                    allow-private-addresses: true
                    state-file: callouts
                recipient-domains:
                  example.net: {spf: monitor, batv: off}
                sender-domains:
                  callout.example: {callout: enforce}
                batv: {key-file: batv.key, lifetime-days: 9, lower-case: false, reject-untagged: never}
                """.formatted(folder));
        assertThat(config.hostname()).isEqualTo("mx.example.org");
        assertThat(config.domains()).containsExactly("example.org", "xn--bcher-kva.example");
        assertThat(config.dns().server()).isEqualTo(new InetSocketAddress("127.0.0.1", 53));
        assertThat(config.listen().policy()).hasSize(2);
        assertThat(PosixFilePermissions.toString(config.listen().socketMode())).isEqualTo("rw-rw-rw-");
        assertThat(config.limits().connections()).isEqualTo(100);
        assertThat(config.limits().deadline()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.steps().blockLists()).containsExactly("dnsbl.example");
        assertThat(config.steps().onTempfail())
                .containsEntry(Step.SPF, TempfailAction.DEFER)
                .containsEntry(Step.CSV, TempfailAction.CONTINUE);
        assertThat(config.steps().strictness().rejectsSoftfail()).isTrue();
        CalloutSettings callout = config.steps().callout();
        assertThat(callout.highVolumeDomains()).containsExactly("example.com");
        assertThat(callout.replies().rejectsTemporarily()).isTrue();
        assertThat(callout.replies().maxDeferral()).isEqualTo(Duration.ofHours(48));
        assertThat(callout.probe().port()).isEqualTo(2525);
        assertThat(callout.probe().allowsPrivateAddresses()).isTrue();
        assertThat(callout.stateFile()).isEqualTo(folder.resolve("callouts"));
        assertThat(config.batv()).isNotNull().satisfies(batv -> {
            assertThat(batv.lifetimeDays()).isEqualTo(9);
            assertThat(batv.lowerCase()).isFalse();
            assertThat(batv.rejectUntagged())
                    .isEqualTo(new ServeConfig.Rejections(
                            ServeConfig.RejectUntagged.NEVER, ServeConfig.RejectUntagged.NEVER));
        });
        Transaction mail = Transaction.of(IpAddresses.parse("192.0.2.1").orElseThrow(), "h", "a@callout.example");
        assertThat(config.steps().modes().mode(Step.CALLOUT, mail)).isEqualTo(StepMode.ENFORCE);
        assertThat(config.steps().modes().mode(Step.BATV, mail)).isEqualTo(StepMode.MONITOR);
        assertThat(config.steps().modes().mode(Step.SPF, mail.to("b@example.net")))
                .isEqualTo(StepMode.MONITOR);
        assertThat(config.toString()).doesNotContain("sixteen octets");
    }

    @Test
    void redisIsReadWithItsPasswordInAFile() throws Exception {
        SecretFiles.create(folder.resolve("redis.password"), "s3cret\n".getBytes(StandardCharsets.US_ASCII));
        ServeConfig.Redis redis = read(LEAST + """
                redis:
                  uri: [rediss://192.0.2.1:6379, rediss://192.0.2.2:6379]
                  cluster: true
                  user: mail
                  password-file: redis.password
                  prefix: mx
                  deadline-ms: 100
                  hosts: 4
                  ses-on-outage: local
                """).redis();
        assertThat(redis).isNotNull();
        assertThat(redis.settings().uris()).hasSize(2);
        assertThat(redis.settings().deadline()).isEqualTo(Duration.ofMillis(100));
        assertThat(redis.settings().hosts()).isEqualTo(4);
        assertThat(redis.settings().prefix()).isEqualTo("mx");
        assertThat(redis.ses()).isEqualTo(ServeConfig.SesOnOutage.LOCAL);
        assertThat(redis.toString()).doesNotContain("s3cret");
        assertThat(read(LEAST + "redis: {uri: redis://127.0.0.1:6379, hosts: 2}")
                        .redis())
                .isNotNull()
                .satisfies(least -> assertThat(least.ses()).isEqualTo(ServeConfig.SesOnOutage.DEFER));
        ServeConfig.Redis watched = read(LEAST + """
                redis:
                  uri: redis-sentinel://192.0.2.1:26379,192.0.2.2:26379#main
                  password-file: redis.password
                  sentinel-password-file: redis.password
                  hosts: 2
                """).redis();
        assertThat(watched).isNotNull();
        assertThat(watched.settings().sentinelPasswordFile()).hasValue(folder.resolve("redis.password"));
        assertThat(read(LEAST).redis()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {hosts: 2} | 3: redis: missing "uri"; add "uri: redis://127.0.0.1:6379"
            {uri: redis://127.0.0.1:6379} | 3: redis: missing "hosts" (number of mail servers sharing it)
            {uri: http://127.0.0.1, hosts: 2} | 3: uri: must be redis://HOST:PORT, rediss://HOST:PORT for TLS, or redis-sentinel://HOST:PORT,HOST:PORT#MASTER; put user and password in "user" and "password-file"
            {uri: redis://mail:s3cret@127.0.0.1, hosts: 2} | 3: uri: must be redis://HOST:PORT, rediss://HOST:PORT for TLS, or redis-sentinel://HOST:PORT,HOST:PORT#MASTER; put user and password in "user" and "password-file"
            {uri: [redis://192.0.2.1, redis://192.0.2.2], hosts: 2} | 3: several URIs require a cluster; add "cluster: true" or keep one
            {uri: 'redis-sentinel://192.0.2.1:26379', hosts: 2} | 3: uri: must be redis://HOST:PORT, rediss://HOST:PORT for TLS, or redis-sentinel://HOST:PORT,HOST:PORT#MASTER; put user and password in "user" and "password-file"
            {uri: 'redis-sentinel://192.0.2.1#main', hosts: 2, cluster: true} | 3: a cluster has no sentinels; list some of its nodes, or remove "cluster: true"
            {uri: redis://192.0.2.1, hosts: 2, sentinel-password-file: redis.password} | 3: sentinel-password-file requires a redis-sentinel "uri"
            {uri: 'redis-sentinel://192.0.2.1#main', hosts: 2, sentinel-password-file: absent} | 3: absent: there is no such file
            {uri: redis://192.0.2.1, hosts: 0} | 3: hosts: must be a number from 1 to 10000, was "0"
            {uri: redis://192.0.2.1, hosts: 2, user: mail} | 3: user requires a password; add "password-file: FILE"
            {uri: redis://192.0.2.1, hosts: 2, password: s3cret} | 3: unknown setting "password"; known: uri, cluster, user, password-file, sentinel-password-file, ca-file, prefix, deadline-ms, hosts, ses-on-outage
            {uri: redis://192.0.2.1, hosts: 2, ca-file: absent.pem} | 3: absent.pem: not readable; use a file of certificates in PEM
            {uri: redis://192.0.2.1, hosts: 2, prefix: 'a{b}'} | 3: prefix: must be 1 to 64 letters, digits, dots, hyphens and underscores, was "a{b}"
            {uri: redis://192.0.2.1, hosts: 2, deadline-ms: 5} | 3: deadline-ms: must be a number from 10 to 10000, was "5"
            {uri: redis://192.0.2.1, hosts: 2, ses-on-outage: allow} | 3: ses-on-outage: must be defer or local, was "allow"
            """)
    void reportsEachRedisMistakeWithFix(String section, String problem) throws IOException {
        assertThat(problems(LEAST + "redis: " + section)).contains(problem);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("", "1: empty file; see docs/operations.md for an example"),
                Arguments.of("just text\n", "1: the file: must contain settings, each as \"name: value\""),
                Arguments.of(
                        "listen: {policy: inet:127.0.0.1:0}\n",
                        "1: missing \"hostname\"; add this host's name, such as \"hostname: mx.example.org\""),
                Arguments.of(
                        "hostname: mx.example.org\n",
                        "1: no listener configured; add \"policy: inet:127.0.0.1:10031\" under \"listen:\""),
                Arguments.of(
                        "hostname: mx\nlisten: {policy: inet:127.0.0.1:0}\n",
                        "1: hostname: must be a domain name such as example.org, this host's own, was \"mx\""),
                Arguments.of(LEAST + "hostname: b.example.org\n", "3: duplicate setting \"hostname\"; remove one"),
                Arguments.of(
                        LEAST + "steps:\n  spf: {mode: enforced}\n",
                        "4: mode: must be off, monitor or enforce, was \"enforced\""),
                Arguments.of(
                        LEAST + "steps:\n  spf: {on-tempfail: maybe}\n",
                        "4: on-tempfail: must be continue or defer, was \"maybe\""),
                Arguments.of(
                        LEAST + "steps:\n  spf: {reject-softfail: yes}\n",
                        "4: reject-softfail: must be true or false, was \"yes\""),
                Arguments.of(
                        LEAST + "steps:\n  spf: enforce\n", "4: spf: must contain settings, each as \"name: value\""),
                Arguments.of(
                        LEAST + "steps:\n  callout: {state-file: /no/such/folder/callouts}\n",
                        "4: directory /no/such/folder does not exist; create it"),
                Arguments.of(
                        LEAST + "steps:\n  callout: {state-file: /}\n", "4: state-file: must be a file, was \"/\""),
                Arguments.of(
                        LEAST + "steps:\n  callout: {state-file: callouts}\n"
                                + "redis: {uri: redis://127.0.0.1:6379, hosts: 2}\n",
                        "5: callout results are cached in Redis; remove \"state-file\" under \"callout:\""),
                Arguments.of(
                        LEAST + "steps:\n  dnsbl: {mode: monitor}\n",
                        "4: step dnsbl requires zones; add \"zones: [LIST]\" under \"dnsbl:\""),
                Arguments.of(
                        LEAST + "steps:\n  batv: {}\n", "4: step batv requires keys; add \"batv: {key-file: FILE}\""),
                Arguments.of(
                        LEAST.replace("policy:", "milter:") + "steps:\n  dkim2: {}\n",
                        "4: step dkim2 requires keys; add \"dkim2: {own-keys: FILE}\""),
                Arguments.of(
                        LEAST + "steps:\n  content: {}\ndkim2: {own-keys: own.keys}\n",
                        "4: step content requires a milter, which sees the content; add \"milter: inet:127.0.0.1:10033\""
                                + " under \"listen:\""),
                Arguments.of(LEAST + "dkim2: {}\n", "3: dkim2: missing \"own-keys\"; add \"own-keys: FILE\""),
                Arguments.of(LEAST + "dkim2: {own-keys: absent}\n", "3: absent: there is no such file"),
                Arguments.of(
                        LEAST + "dkim2: {own-keys: empty.keys}\n",
                        "3: empty.keys: no keys; add the line that \"senderauth dkim2 keygen\" printed"),
                Arguments.of(
                        LEAST + "dkim2: {own-keys: own.keys, draft: 07}\n", "3: draft: must be 06 or 09, was \"07\""),
                Arguments.of(
                        LEAST + "dkim2: {own-keys: own.keys, signing-keys: {mail._domainkey.example.org: mail.pem}}\n",
                        "3: only a milter signs; add \"milter: inet:127.0.0.1:10033\" under \"listen:\""),
                Arguments.of(
                        LEAST + "dkim2: {own-keys: own.keys, signing-keys: {mail: mail.pem}}\n",
                        "3: signing-keys: must be SELECTOR._domainkey.DOMAIN, was \"mail\""),
                Arguments.of(
                        LEAST + "dkim2: {own-keys: own.keys, signing-keys: {mail._domainkey.example.org: zone.key}}\n",
                        "3: zone.key: not a PKCS #8 private key in PEM (-----BEGIN PRIVATE KEY-----)"),
                Arguments.of(
                        LEAST.replace("policy:", "milter:")
                                + "dkim2: {own-keys: own.keys, signing-keys: {old._domainkey.example.org: mail.pem}}\n",
                        "3: own-keys has no record for old._domainkey.example.org, or that of another key; add the line that"
                                + " \"senderauth dkim2 keygen\" printed"),
                Arguments.of(LEAST + "steps:\n  ses: {}\n", "4: step ses requires keys; add \"ses: {keys: FILE}\""),
                Arguments.of(
                        LEAST + "domains: [example.org]\nbatv: {key-file: absent}\n",
                        "4: absent: there is no such file; create it: senderauth batv keygen absent"),
                Arguments.of(
                        LEAST + "domains: [example.org]\nbatv: {key-file: short.key}\n",
                        "4: short.key: a secret key needs at least 16 octets and this has 5; for peers that use a"
                                + " shorter one, ask for a weak key"),
                Arguments.of(
                        LEAST + "batv: {key-file: batv.key}\n",
                        "3: key-file requires domains; add \"domains: [example.org]\" at the top"),
                Arguments.of(
                        LEAST + "domains: [example.org]\nbatv: {key-file: batv.key, lifetime-days: 1000}\n",
                        "4: lifetime-days: must be a number from 1 to 998, was \"1000\""),
                Arguments.of(
                        LEAST + "limits: {connections: many}\n",
                        "3: connections: must be a number from 1 to 100000, was \"many\""),
                Arguments.of(
                        LEAST + "limits: {deadline-seconds: 100}\n",
                        "3: deadline-seconds: must be a number from 1 to 90, was \"100\""),
                Arguments.of(
                        LEAST + "exempt: {networks: [192.0.2.1/24]}\n",
                        "3: networks: must be a network such as 192.0.2.0/24, was \"192.0.2.1/24\"; it has bits set after"
                                + " the prefix: use 192.0.2.0/24"),
                Arguments.of(
                        LEAST + "exempt: {senders: [example.net]}\n",
                        "3: senders: must be an address such as alice@example.org, was \"example.net\""),
                Arguments.of(
                        LEAST + "exempt:\n  networks:\n    - {a: b}\n",
                        "5: networks: must be a list of values, such as [one, two]"),
                Arguments.of(
                        LEAST + "recipient-domains:\n  nodomain: {spf: monitor}\n",
                        "4: recipient-domains: must be a domain name such as example.org, was \"nodomain\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {policy: 127.0.0.1:10031}\n",
                        "2: policy: must be an address such as inet:127.0.0.1:10031 or"
                                + " unix:/run/senderauth/policy, was \"127.0.0.1:10031\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {http: metrics.example.org:80}\n",
                        "2: http: must be an address such as 127.0.0.1:9797, was \"metrics.example.org:80\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:1, socketmap: inet:127.0.0.1:1}\n"
                                + "domains: [example.org]\nbatv: {key-file: batv.key}\n",
                        "2: duplicate listen address; each service needs its own"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {dns: 127.0.0.1:5300}\n",
                        "2: \"dns\" requires \"ses:\" with \"keys\" and \"name-servers\", or \"spf-zone:\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {powerdns: unix:/pdns}\n",
                        "2: \"powerdns\" requires \"ses:\" with \"keys\" and \"name-servers\", or \"spf-zone:\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {powerdns: inet:127.0.0.1:1}\n",
                        "2: powerdns: must be a socket such as unix:/run/senderauth/pdns, was \"inet:127.0.0.1:1\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten:\n  powerdns: unix:/no/such/folder/pdns\n" + SES,
                        "3: socket directory /no/such/folder does not exist; create it"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {powerdns: unix:/s, policy: unix:/s}\n" + SES,
                        "2: duplicate listen address; each service needs its own"),
                Arguments.of(
                        LEAST + "spf-zone: {name-servers: [ns1.example.org], records: {example.org: v=spf1 -all}}\n",
                        "3: spf-zone is not served; add \"dns: 192.0.2.53:53\" under \"listen:\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {dns: 127.0.0.1:1}\nspf-zone: {name-servers: [n.example], records: {example.org: v=spf1 ipv4:1 }}\n",
                        "3: example.org: invalid SPF record: neither a mechanism (all, include, a, mx, ptr, ip4, ip6, exists)"
                                + " nor a modifier (name=value)"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {dns: 127.0.0.1:1}\nspf-zone: {records: {example.org: v=spf1 -all}}\n",
                        "3: spf-zone: missing \"name-servers\"; add \"name-servers: [ns1.example.org]\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {dns: 127.0.0.1:1}\nspf-zone: {name-servers: [ns._spf.example.org], records: {example.org: v=spf1 -all}}\n",
                        "3: ns._spf.example.org is inside the zone; use a name outside it"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {dns: 127.0.0.1:1}\nspf-zone: {name-servers: [ns.example.org]}\n",
                        "3: spf-zone: missing \"records\"; add \"records: {example.org: \"v=spf1 include:... -all\"}\""),
                Arguments.of(LEAST + SES + "  dnssec-key: absent\n", "6: absent: there is no such file"),
                Arguments.of(
                        LEAST + SES + "  dnssec-key: batv.key\n",
                        "6: batv.key: not a private DNSSEC key: no 'Private-key-format' and 'Algorithm'"),
                Arguments.of(
                        LEAST + SES + "  dnssec-key: zone.key\n",
                        "3: dnssec-key requires PowerDNS; add \"powerdns: unix:/run/senderauth/pdns\" under"
                                + " \"listen:\""),
                Arguments.of(
                        LEAST + SES + "  serial-file: /no/such/folder/ids\n",
                        "6: there is no folder /no/such/folder for a file; create it"),
                Arguments.of(
                        LEAST + SES + "  serial-file: batv.key\n",
                        "6: batv.key: not a file of serial numbers; to begin anew could repeat numbers: name another, or"
                                + " remove it when a day old"),
                Arguments.of(
                        LEAST + SES + "  serial-file: ids\n  servers: 2\n  server: 2\n",
                        "8: server: must be a number from 0 to 1, was \"2\""),
                Arguments.of(
                        LEAST + SES + "  serial-file: ids\n  servers: 0\n",
                        "7: servers: must be a number from 1 to 1000, was \"0\""),
                Arguments.of(
                        LEAST + SES + "  servers: 2\n",
                        "6: servers requires a serial file; add \"serial-file: FILE\" under \"ses:\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:0, socket-mode: 660}\n",
                        "2: socket-mode: must be permissions such as rw-rw----, was \"660\""),
                Arguments.of(
                        LEAST + "dns: {zones: [absent.zone]}\n",
                        "3: absent.zone: there is no such file; correct the zone file"),
                Arguments.of(
                        LEAST + "dns: {server: ns.example.org}\n",
                        "3: server: must be an address such as 127.0.0.1:53, was \"ns.example.org\""),
                Arguments.of("--- ~x\n", "1: the file: must contain settings, each as \"name: value\""),
                Arguments.of("---\n", "1: empty file; see docs/operations.md for an example"),
                Arguments.of("# nothing\n", "1: empty file; see docs/operations.md for an example"),
                Arguments.of(LEAST + "batv: {lifetime-days: 7}\n", "3: batv: missing \"key-file\" (or \"keys\")"),
                Arguments.of(
                        LEAST + "domains: [example.org]\nbatv: {key-file: batv.key, keys: batv.key}\n",
                        "4: use either \"keys\" or \"key-file\", not both"),
                Arguments.of(LEAST + "ses: {}\n", "3: ses: missing \"keys\"; add \"keys: FILE\""),
                Arguments.of(
                        LEAST + "recipient-domains:\n  example.org: {spf: monitor}\n  Example.ORG: {spf: off}\n",
                        "5: duplicate setting \"Example.ORG\"; remove one"),
                Arguments.of(
                        LEAST + "recipient-domains:\n  example.org: {batv: monitor}\n",
                        "4: step batv requires keys; add \"batv: {key-file: FILE}\""),
                Arguments.of(
                        LEAST + "sender-domains:\n  example.org: {dnsbl: monitor}\n",
                        "4: step dnsbl requires zones; add \"zones: [LIST]\" under \"dnsbl:\""),
                Arguments.of(
                        LEAST + "steps:\n  dnsbl: {zones: [" + "a.".repeat(100) + "example]}\n",
                        "4: zones: must be the domain name of a list, was \"" + "a.".repeat(100) + "example\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten:\n  policy: unix:/no/such/folder/policy\n",
                        "3: socket directory /no/such/folder does not exist; create it"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {http: 127.0.0.1:1, policy: inet:127.0.0.1:1}\n",
                        "2: duplicate listen address; each service needs its own"),
                Arguments.of(
                        LEAST + "exempt: [authenticated]\n",
                        "3: exempt: must contain settings, each as \"name: value\""),
                Arguments.of(LEAST + "? [a, b]\n: c\n", "3: unknown setting \"\"; known: KNOWN"),
                Arguments.of(
                        LEAST + "domains: {example.org: yes}\n",
                        "3: domains: must be a list of values, such as [one, two]"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakeGivesOneLineWithItsPlaceAndItsRemedy(String text, String problem) throws IOException {
        assertThat(problems(text)).containsExactly(problem);
    }

    @Test
    void misspeltSettingIsNamedWithThoseThatAreKnown() throws IOException {
        assertThat(problems(LEAST + "stepps: {}\n"))
                .singleElement()
                .asString()
                .isEqualTo("3: unknown setting \"stepps\"; did you mean \"steps\"? known: KNOWN");
        assertThat(problems(LEAST + "recipient-domains:\n  example.net: {spff: monitor}\n"))
                .singleElement()
                .asString()
                .startsWith("4: unknown setting \"spff\"; did you mean \"spf\"? known: dnsbl, csv, spf-helo, spf, ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            steps: {spf: {on-trouble: defer}}          | unknown setting "on-trouble"; it is now "on-tempfail"
            steps: {spf: {refuse-softfail: true}}      | unknown setting "refuse-softfail"; it is now "reject-softfail"
            steps: {spf: {refuse-permerror: true}}     | unknown setting "refuse-permerror"; it is now "reject-permerror"
            steps: {callout: {trial: true}}            | unknown setting "trial"; it is now "reject-code: 450"
            steps: {callout: {large-providers: []}}    | unknown setting "large-providers"; it is now "high-volume-domains"
            steps: {callout: {private-hosts: true}}    | unknown setting "private-hosts"; it is now "allow-private-addresses"
            recipients-at: {}                          | unknown setting "recipients-at"; it is now "recipient-domains"
            senders-at: {}                             | unknown setting "senders-at"; it is now "sender-domains"
            steps: {spf: {mode: report}}               | mode: must be off, monitor or enforce, was "report"; it is now "monitor"
            """)
    void namesNewSettingForOldOne(String text, String problem) throws IOException {
        assertThat(problems(LEAST + text + "\n")).singleElement().asString().endsWith(": " + problem);
    }

    @Test
    void settingsOfTheGuideAreThereAndAreTheDefaults() throws Exception {
        String guide = DocumentedConfig.of("operations.md").block("# all settings");
        ServeConfig all = read(guide);
        ServeConfig least = read(LEAST);
        assertThat(all.limits()).isEqualTo(least.limits());
        assertThat(all.listen().socketMode()).isEqualTo(least.listen().socketMode());
        assertThat(all.steps().strictness()).isEqualTo(least.steps().strictness());
        assertThat(all.steps().spfLimits()).isEqualTo(least.steps().spfLimits()).isEqualTo(SpfLimits.RFC_7208);
        assertThat(all.steps().callout()).isEqualTo(least.steps().callout());
        assertThat(all.steps().onTempfail()).isEqualTo(least.steps().onTempfail());
        // Those that exclude others or need files are commented out there.
        ServeConfig switchedOn = read(guide.replaceAll(
                "(?m)^( *)# (?=(dnsbl|ses|srs|dkim2|content|callforward|dns|spf-zone|milter|redis|history|web):|  [a-z-]+: )",
                "$1"));
        assertThat(switchedOn.ses()).isNotNull();
        assertThat(switchedOn.listen().nameServer()).isNotNull();
        assertThat(switchedOn.redis()).isNotNull();
        assertThat(switchedOn.history()).satisfies(history -> {
            assertThat(history.directory()).isEqualTo(folder.resolve("history"));
            assertThat(history.files()).isEqualTo(least.history().files());
            assertThat(history.traces()).isEqualTo(least.history().traces());
        });
        assertThat(switchedOn.web()).satisfies(web -> {
            assertThat(web.hosts()).isEmpty();
            assertThat(web.userHeader()).isNull();
        });
        assertThat(switchedOn.srs()).satisfies(srs -> {
            assertThat(srs.lifetimeDays()).isEqualTo(21);
            assertThat(srs.overLong()).isEqualTo(SrsSettings.Treatment.LEAVE);
        });
        assertThat(switchedOn.dkim2())
                .satisfies(dkim2 -> assertThat(dkim2.signers()).hasSize(1));
        assertThat(switchedOn.listen().milter()).hasSize(1);
        assertThat(switchedOn.milter().own().daemonNames()).containsExactly("ORIGINATING");
        assertThat(switchedOn.steps().blockLists()).containsExactly("dnsbl.example.net");
        assertThat(switchedOn.steps().callforward().hosts()).containsOnlyKeys("example.org");
    }

    @Test
    void historyRequiresReaderAndOneLocation() throws Exception {
        assertThat(problems(LEAST + "history: {traces: false}\n"))
                .singleElement()
                .asString()
                .contains("no one can read the history; add \"directory: DIRECTORY\" here");
        assertThat(problems(LEAST + "history:\n  directory: kept\n  memory-megabytes: 8\n"))
                .singleElement()
                .asString()
                .endsWith("use either \"directory\" or \"memory-megabytes\", not both");
        assertThat(problems(LEAST + "history: {directory: no/such/place}\n"))
                .singleElement()
                .asString()
                .endsWith("cannot be created; its parent must exist");
        assertThat(problems("hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:0, control: unix:"
                        + folder.resolve("control") + "}\nhistory: {keep-days: 3}\n"))
                .singleElement()
                .asString()
                .endsWith("keep-days requires \"directory\", the history is in memory");
    }

    @Test
    void messageIdsOfAServerAndTheKeyOfPowerDnsAreRead() throws Exception {
        ServeConfig config = read("hostname: mx.example.org\nlisten: {powerdns: unix:/pdns}\n" + SES
                + "  serial-file: ids\n  servers: 2\n  server: 1\n  dnssec-key: zone.key\n");
        assertThat(config.listen().powerDns()).isEqualTo(Path.of("/pdns"));
        assertThat(config.ses()).satisfies(ses -> {
            assertThat(ses.numbers()).isEqualTo(new ServeConfig.Numbers(folder.resolve("ids"), 2, 1));
            assertThat(ses.signingKey()).hasToString("SigningKey");
        });
        assertThat(read(LEAST + SES).ses())
                .satisfies(ses -> assertThat(ses.numbers()).isNull());
    }

    @Test
    void milterSettingsMakeUntaggedBouncesAwaitContent() throws Exception {
        String batv = "domains: [example.org]\nbatv: {key-file: batv.key}\n";
        assertThat(read(LEAST + batv).batv())
                .satisfies(settings ->
                        assertThat(settings.rejectUntagged().ofPolicy()).isEqualTo(ServeConfig.RejectUntagged.AT_RCPT));
        ServeConfig config = read("hostname: mx.example.org\nlisten: {milter: inet:127.0.0.1:10033}\n" + batv
                + "limits: {deadline-seconds: 20}\n"
                + "milter: {networks: [192.0.2.0/24], daemon-names: [MSA], unsigned-domains: [lists.example]}\n");
        assertThat(config.batv()).satisfies(settings -> {
            assertThat(settings.rejectUntagged().ofMilter()).isEqualTo(ServeConfig.RejectUntagged.BY_CONTENT);
            // The policy protocol never sees the content.
            assertThat(settings.rejectUntagged().ofPolicy()).isEqualTo(ServeConfig.RejectUntagged.AT_RCPT);
        });
        assertThat(config.milter().sign()).isEqualTo(ServeConfig.SignWith.BATV);
        assertThat(config.milter().own().domains()).containsExactly("example.org");
        assertThat(config.milter().own().networks()).hasToString("[192.0.2.0/24]");
        assertThat(config.milter().unsignedDomains()).containsExactly("lists.example");
        // Sendmail waits for 10 seconds.
        assertThat(config.limits().ofMilter()).hasSeconds(8);
    }

    @Test
    void readsWhenUnsignedBouncesAreRejected() throws Exception {
        assertThat(read(LEAST + SES).ses())
                .satisfies(ses ->
                        assertThat(ses.rejectUnsigned().ofPolicy()).isEqualTo(ServeConfig.RejectUntagged.AT_RCPT));
        assertThat(read(LEAST + SES + "  reject-unsigned: never\n").ses())
                .satisfies(
                        ses -> assertThat(ses.rejectUnsigned().ofPolicy()).isEqualTo(ServeConfig.RejectUntagged.NEVER));
        assertThat(read("hostname: mx.example.org\ndomains: [example.org]\nlisten: {milter: inet:127.0.0.1:0}\n" + SES)
                        .ses())
                .satisfies(ses ->
                        assertThat(ses.rejectUnsigned().ofMilter()).isEqualTo(ServeConfig.RejectUntagged.BY_CONTENT));
        assertThat(problems(LEAST + SES + "  reject-unsigned: by-content\n"))
                .singleElement()
                .asString()
                .contains("only a milter sees the content");
    }

    @Test
    void dkimVerifierRequiresBothMilters() throws Exception {
        String spf = "steps: {spf: {mode: enforce, unless-dkim-passes: dkim.mx.example.org}}\n";
        ServeConfig config = read("hostname: mx.example.org\n"
                + "listen: {milter: inet:127.0.0.1:10033, milter-before-dkim: inet:127.0.0.1:10034}\n" + spf);
        assertThat(config.steps().dkimVerifier()).isEqualTo("dkim.mx.example.org");
        assertThat(config.listen().milterBeforeDkim()).hasSize(1);
        assertThat(problems(LEAST + spf))
                .containsExactly("3: unless-dkim-passes requires \"milter:\" and \"milter-before-dkim:"
                        + " inet:127.0.0.1:10034\" under \"listen:\"");
        assertThat(problems("hostname: mx.example.org\n"
                        + "listen: {milter: inet:127.0.0.1:10033, milter-before-dkim: inet:127.0.0.1:10034}\n"
                        + spf.replace("dkim.mx", "mx")))
                .containsExactly("3: unless-dkim-passes must not be the hostname; give the DKIM verifier another name");
        assertThat(problems("hostname: mx.example.org\nlisten: {milter-before-dkim: inet:127.0.0.1:10034}\n"))
                .containsExactly("2: milter-before-dkim requires \"spf: {unless-dkim-passes: AUTHSERV-ID}\" under"
                        + " \"steps:\"");
    }

    @Test
    void relaysAreReadForBothProtocols() throws Exception {
        ServeConfig config = read("hostname: mx.example.org\nlisten: {milter: inet:127.0.0.1:10033}\n"
                + "relays: [192.0.2.0/28]\nrelays-reject: true\n");
        assertThat(config.milter().relays())
                .isEqualTo(new Relays(List.of(Network.parse("192.0.2.0/28").orElseThrow()), true));
        Transaction fromRelay = Transaction.of(InetAddress.getByName("192.0.2.1"), "mx2.example.org", "");
        assertThat(config.exemptions().reason(fromRelay)).isPresent();
        assertThat(read(LEAST).milter().relays()).isEqualTo(Relays.NONE);
        assertThat(problems(LEAST + "relays-reject: true\n"))
                .containsExactly(
                        "3: relays-reject requires networks; add \"relays: [192.0.2.25]\"",
                        "3: only a milter sees the client of a relay; add \"milter: inet:127.0.0.1:10033\" under"
                                + " \"listen:\"");
    }

    @Test
    void milterThatLacksSomethingIsReported() throws IOException {
        assertThat(problems(LEAST + "milter: {sign: batv}\n"))
                .containsExactly(
                        "3: milter requires a listener; add \"milter: inet:127.0.0.1:10033\" under \"listen:\"",
                        "3: sign: batv requires keys; add \"batv:\"");
        assertThat(problems(
                        LEAST + "domains: [example.org]\nbatv: {key-file: batv.key, reject-untagged: by-content}\n"))
                .containsExactly("4: only a milter sees the content; add \"milter: inet:127.0.0.1:10033\" under"
                        + " \"listen:\"");
    }

    @Test
    void stepThatIsOffNeedsNothing() throws Exception {
        ServeConfig config = read(LEAST + "steps:\n  batv: {mode: off}\n  dnsbl: {mode: off}\n");
        assertThat(config.batv()).isNull();
        assertThat(config.steps().asksCallouts()).isFalse();
        assertThat(read(LEAST + "sender-domains: {example.net: {callout: monitor}}\n")
                        .steps()
                        .asksCallouts())
                .isTrue();
    }

    @Test
    void tagsSendersInLowerCaseUnlessConfigured() throws Exception {
        assertThat(read(LEAST + "domains: [example.org]\nbatv: {key-file: batv.key}\n")
                        .batv())
                .satisfies(batv -> assertThat(batv.lowerCase()).isTrue());
    }

    @Test
    void stepWithoutModeOnlyReports() throws Exception {
        ServeConfig config = read(LEAST + "steps: {csv: {}, spf: {}, spf-helo: {on-tempfail: defer}}\n");
        Transaction mail = Transaction.of(IpAddresses.parse("192.0.2.1").orElseThrow(), "h", "a@example.net");
        assertThat(List.of(Step.CSV, Step.SPF, Step.SPF_HELO))
                .allSatisfy(step ->
                        assertThat(config.steps().modes().mode(step, mail)).isEqualTo(StepMode.MONITOR));
    }

    @Test
    void bouncesToPostmasterAndAbuseOfOurDomainsAreExempt() throws Exception {
        Exemptions exemptions = read(LEAST + "domains: [example.org]\n").exemptions();
        Transaction bounce = Transaction.of(IpAddresses.parse("192.0.2.1").orElseThrow(), "h", "");
        assertThat(exemptions.reason(bounce.to("Postmaster@example.org"))).isPresent();
        assertThat(exemptions.reason(bounce.to("abuse@example.org"))).isPresent();
        assertThat(exemptions.reason(bounce.to("alice@example.org"))).isEmpty();
    }

    @Test
    void reportsInvalidYamlWithLine() throws IOException {
        assertThat(problems("hostname: [a\nlisten: b\n"))
                .singleElement()
                .asString()
                .startsWith("2: invalid YAML: ")
                .endsWith("; check indentation, colons and quotes");
        assertThat(problems("a: &x [1]\nb: *x\nc: *x\n")).isNotEmpty();
    }

    @Test
    void reportsAllMistakesInOrderOfTheFile() throws IOException {
        assertThat(problems("hostname: mx\nlisten: {policy: x}\nlimits: {connections: 0}\n"))
                .extracting(problem -> problem.substring(0, 2))
                .containsExactly("1:", "2:", "3:");
    }

    @Test
    void secretThatOthersMayReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(folder.resolve("batv.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(problems(LEAST + "domains: [example.org]\nbatv: {key-file: batv.key}\n"))
                .containsExactly("4: batv.key: others may read or write this secret; run: chmod 640 batv.key");
    }

    @Test
    void reportsUnreadableFileInOneLine() throws IOException {
        assertThatThrownBy(() -> ConfigReader.read(folder.resolve("absent.yaml")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("absent.yaml: no such file");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> ConfigReader.read(file))
                .hasMessageEndingWith("senderauth.yaml:1: not valid UTF-8; save it as UTF-8");
    }

    @Test
    void readsLimitsOfSpf() throws Exception {
        ServeConfig config = read(LEAST + """
                steps:
                  spf: {max-lookups: 11, max-void-lookups: 3, max-mx: 12, max-queries: 100,
                        max-transaction-queries: 150, void-counting: queries}
                """);
        assertThat(config.steps().spfLimits())
                .isEqualTo(SpfLimits.builder()
                        .lookups(11)
                        .voidLookups(3)
                        .mxNames(12)
                        .queries(100)
                        .transactionQueries(150)
                        .voidLookupCounting(VoidLookupCounting.QUERIES)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-lookups: 101 | max-lookups: must be a number from 0 to 100, was \"101\"",
                "max-queries: 0   | max-queries: must be a number from 1 to 10000, was \"0\"",
                "void-counting: x | void-counting: must be terms or queries, was \"x\"",
            })
    void rejectsInvalidLimitsOfSpf(String setting, String problem) throws IOException {
        assertThat(problems(LEAST + "steps: {spf: {" + setting + "}}\n"))
                .singleElement()
                .asString()
                .endsWith(": " + problem);
    }
}
