package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.OnTrouble;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.Transaction;

class ConfigReaderTest {

    private static final String LEAST = "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:0}\n";
    private static final String SES = "ses:\n  keys: ses.keys\n  name-servers: [ns1.example.net]\n";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeKey() throws IOException {
        file = folder.resolve("senderauth.yaml");
        SecretFiles.create(folder.resolve("batv.key"), "sixteen octets..".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(
                folder.resolve("ses.keys"),
                ("example.org hmac-sha1 80/2/10 " + "5f".repeat(20)).getBytes(StandardCharsets.US_ASCII));
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
                        .replaceFirst("known are hostname, .*", "known are KNOWN"))
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
                  dnsbl: {mode: report, zones: [dnsbl.example]}
                  csv: {mode: report}
                  spf-helo: {mode: off}
                  spf: {mode: enforce, on-trouble: defer, refuse-softfail: true, refuse-permerror: true}
                  batv: {}
                  callout:
                    mode: off
                    trial: true
                    port: 2525
                    large-providers: [example.com]
                    private-hosts: true
                    state-file: callouts
                recipients-at:
                  example.net: {spf: report, batv: off}
                senders-at:
                  callout.example: {callout: enforce}
                batv: {key-file: batv.key, lifetime-days: 9, lower-case: true, refuse-untagged: false}
                """.formatted(folder));
        assertThat(config.hostname()).isEqualTo("mx.example.org");
        assertThat(config.domains()).containsExactly("example.org", "xn--bcher-kva.example");
        assertThat(config.dns().server()).isEqualTo(new InetSocketAddress("127.0.0.1", 53));
        assertThat(config.listen().policy()).hasSize(2);
        assertThat(PosixFilePermissions.toString(config.listen().socketMode())).isEqualTo("rw-rw-rw-");
        assertThat(config.limits().connections()).isEqualTo(100);
        assertThat(config.limits().deadline()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.steps().blockLists()).containsExactly("dnsbl.example");
        assertThat(config.steps().onTrouble())
                .containsEntry(Step.SPF, OnTrouble.DEFER)
                .containsEntry(Step.CSV, OnTrouble.CONTINUE);
        assertThat(config.steps().strictness().refusesSoftFail()).isTrue();
        assertThat(config.steps().callout())
                .isEqualTo(new ServeConfig.CalloutSettings(
                        List.of("example.com"), true, 2525, true, folder.resolve("callouts")));
        assertThat(config.batv()).isNotNull().satisfies(batv -> {
            assertThat(batv.lifetimeDays()).isEqualTo(9);
            assertThat(batv.lowerCase()).isTrue();
            assertThat(batv.refusesUntagged()).isFalse();
        });
        Transaction mail = Transaction.of(IpAddresses.parse("192.0.2.1").orElseThrow(), "h", "a@callout.example");
        assertThat(config.steps().modes().mode(Step.CALLOUT, mail)).isEqualTo(StepMode.ENFORCE);
        assertThat(config.steps().modes().mode(Step.BATV, mail)).isEqualTo(StepMode.ENFORCE);
        assertThat(config.steps().modes().mode(Step.SPF, mail.to("b@example.net")))
                .isEqualTo(StepMode.REPORT);
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
                  ses-without-redis: count-here
                """).redis();
        assertThat(redis).isNotNull();
        assertThat(redis.settings().uris()).hasSize(2);
        assertThat(redis.settings().deadline()).isEqualTo(Duration.ofMillis(100));
        assertThat(redis.settings().hosts()).isEqualTo(4);
        assertThat(redis.settings().prefix()).isEqualTo("mx");
        assertThat(redis.ses()).isEqualTo(ServeConfig.WithoutRedis.COUNT_HERE);
        assertThat(redis.toString()).doesNotContain("s3cret");
        assertThat(read(LEAST + "redis: {uri: redis://127.0.0.1:6379, hosts: 2}")
                        .redis())
                .isNotNull()
                .satisfies(least -> assertThat(least.ses()).isEqualTo(ServeConfig.WithoutRedis.DEFER));
        ServeConfig.Redis watched = read(LEAST + """
                redis:
                  uri: redis-sentinel://192.0.2.1:26379,192.0.2.2:26379#main
                  password-file: redis.password
                  sentinel-password-file: redis.password
                  hosts: 2
                """).redis();
        assertThat(watched).isNotNull();
        assertThat(watched.settings().sentinelPasswordFile()).isEqualTo(folder.resolve("redis.password"));
        assertThat(read(LEAST).redis()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {hosts: 2} | 3: "redis" has no place; add "uri: redis://127.0.0.1:6379" below it
            {uri: redis://127.0.0.1:6379} | 3: "redis" must know how many mail hosts share it; add "hosts: 2" or how many there are
            {uri: http://127.0.0.1, hosts: 2} | 3: "uri" must be redis://HOST:PORT, rediss://HOST:PORT for TLS, or redis-sentinel://HOST:PORT,HOST:PORT#MASTER; user and password stand in "user" and "password-file"
            {uri: redis://mail:s3cret@127.0.0.1, hosts: 2} | 3: "uri" must be redis://HOST:PORT, rediss://HOST:PORT for TLS, or redis-sentinel://HOST:PORT,HOST:PORT#MASTER; user and password stand in "user" and "password-file"
            {uri: [redis://192.0.2.1, redis://192.0.2.2], hosts: 2} | 3: several URIs are for a cluster; add "cluster: true" or leave one
            {uri: 'redis-sentinel://192.0.2.1:26379', hosts: 2} | 3: "uri" must be redis://HOST:PORT, rediss://HOST:PORT for TLS, or redis-sentinel://HOST:PORT,HOST:PORT#MASTER; user and password stand in "user" and "password-file"
            {uri: 'redis-sentinel://192.0.2.1#main', hosts: 2, cluster: true} | 3: a cluster has no sentinels; name some of its nodes, or leave "cluster: true" out
            {uri: redis://192.0.2.1, hosts: 2, sentinel-password-file: redis.password} | 3: the sentinels' password needs a "uri" of sentinels
            {uri: 'redis-sentinel://192.0.2.1#main', hosts: 2, sentinel-password-file: absent} | 3: absent: there is no such file
            {uri: redis://192.0.2.1, hosts: 0} | 3: "hosts: 0" must be a number from 1 to 10000
            {uri: redis://192.0.2.1, hosts: 2, user: mail} | 3: a user needs a password; add "password-file: FILE"
            {uri: redis://192.0.2.1, hosts: 2, password: s3cret} | 3: there is no setting "password" in redis; known are uri, cluster, user, password-file, sentinel-password-file, ca-file, prefix, deadline-ms, hosts, ses-without-redis
            {uri: redis://192.0.2.1, hosts: 2, ca-file: absent.pem} | 3: absent.pem cannot be read; name a file of certificates in PEM
            {uri: redis://192.0.2.1, hosts: 2, prefix: 'a{b}'} | 3: "prefix: a{b}" must be 1 to 64 letters, digits, dots, hyphens and underscores
            {uri: redis://192.0.2.1, hosts: 2, deadline-ms: 5} | 3: "deadline-ms: 5" must be a number from 10 to 10000
            {uri: redis://192.0.2.1, hosts: 2, ses-without-redis: allow} | 3: "ses-without-redis: allow" must be defer or count-here
            """)
    void eachMistakeAboutRedisIsToldWithItsRemedy(String section, String problem) throws IOException {
        assertThat(problems(LEAST + "redis: " + section)).contains(problem);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("", "1: the file is empty; docs/operations.md has one to start from"),
                Arguments.of("just text\n", "1: \"the file\" takes settings below it, each as \"name: value\""),
                Arguments.of(
                        "listen: {policy: inet:127.0.0.1:0}\n",
                        "1: \"hostname\" is missing; add this host's name, such as \"hostname: mx.example.org\""),
                Arguments.of(
                        "hostname: mx.example.org\n",
                        "1: nothing is served; add \"policy: inet:127.0.0.1:10031\" below \"listen:\""),
                Arguments.of(
                        "hostname: mx\nlisten: {policy: inet:127.0.0.1:0}\n",
                        "1: \"hostname: mx\" must be a domain name such as example.org, this host's own"),
                Arguments.of(LEAST + "hostname: b.example.org\n", "3: \"hostname\" is set twice; remove one"),
                Arguments.of(
                        LEAST + "steps:\n  spf: {mode: enforced}\n",
                        "4: \"mode: enforced\" must be off or report or enforce"),
                Arguments.of(
                        LEAST + "steps:\n  spf: {on-trouble: maybe}\n",
                        "4: \"on-trouble: maybe\" must be continue or defer"),
                Arguments.of(
                        LEAST + "steps:\n  spf: {refuse-softfail: yes}\n",
                        "4: \"refuse-softfail: yes\" must be true or false"),
                Arguments.of(
                        LEAST + "steps:\n  spf: enforce\n",
                        "4: \"spf\" takes settings below it, each as \"name: value\""),
                Arguments.of(
                        LEAST + "steps:\n  callout: {state-file: /no/such/folder/callouts}\n",
                        "4: there is no folder /no/such/folder for a file; create it"),
                Arguments.of(
                        LEAST + "steps:\n  callout: {state-file: callouts}\n"
                                + "redis: {uri: redis://127.0.0.1:6379, hosts: 2}\n",
                        "5: callouts are remembered in Redis; remove \"state-file\" below \"callout:\""),
                Arguments.of(
                        LEAST + "steps:\n  dnsbl: {mode: report}\n",
                        "4: the step dnsbl needs \"zones\"; add the lists to ask below \"dnsbl:\""),
                Arguments.of(
                        LEAST + "steps:\n  batv: {}\n",
                        "4: the step batv needs keys; add \"batv:\" with \"key-file: FILE\""),
                Arguments.of(
                        LEAST + "steps:\n  ses: {}\n", "4: the step ses needs keys; add \"ses:\" with \"keys: FILE\""),
                Arguments.of(
                        LEAST + "domains: [example.org]\nbatv: {key-file: absent}\n",
                        "4: absent: there is no such file"),
                Arguments.of(
                        LEAST + "batv: {key-file: batv.key}\n",
                        "3: a key needs domains to tag; add \"domains: [example.org]\" at the top"),
                Arguments.of(
                        LEAST + "domains: [example.org]\nbatv: {key-file: batv.key, lifetime-days: 1000}\n",
                        "4: \"lifetime-days: 1000\" must be a number from 1 to 998"),
                Arguments.of(
                        LEAST + "limits: {connections: many}\n",
                        "3: \"connections: many\" must be a number from 1 to 100000"),
                Arguments.of(
                        LEAST + "limits: {deadline-seconds: 100}\n",
                        "3: \"deadline-seconds: 100\" must be a number from 1 to 90"),
                Arguments.of(
                        LEAST + "exempt: {networks: [192.0.2.1/24]}\n",
                        "3: \"192.0.2.1/24\" in \"networks\" must be a network such as 192.0.2.0/24"),
                Arguments.of(
                        LEAST + "exempt: {senders: [example.net]}\n",
                        "3: \"example.net\" in \"senders\" must be an address such as alice@example.org"),
                Arguments.of(
                        LEAST + "exempt:\n  networks:\n    - {a: b}\n",
                        "5: \"networks\" takes a list of values, such as [one, two]"),
                Arguments.of(
                        LEAST + "recipients-at:\n  nodomain: {spf: report}\n",
                        "4: \"nodomain\" must be a domain name such as example.org"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {policy: 127.0.0.1:10031}\n",
                        "2: \"127.0.0.1:10031\" in \"policy\" must be an address such as inet:127.0.0.1:10031 or"
                                + " unix:/run/senderauth/policy"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {http: metrics.example.org:80}\n",
                        "2: \"http: metrics.example.org:80\" must be an address such as 127.0.0.1:9797"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:1, socketmap: inet:127.0.0.1:1}\n"
                                + "domains: [example.org]\nbatv: {key-file: batv.key}\n",
                        "2: two services listen on one address; give each its own"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {socketmap: inet:127.0.0.1:1}\n",
                        "2: a socketmap without keys has no map; add \"batv:\" or \"ses:\", or remove it"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {ses-dns: 127.0.0.1:5300}\n",
                        "2: \"ses-dns\" needs \"ses:\" with \"keys\" and \"name-servers\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {ses-powerdns: unix:/pdns}\n",
                        "2: \"ses-powerdns\" needs \"ses:\" with \"keys\" and \"name-servers\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {ses-powerdns: inet:127.0.0.1:1}\n",
                        "2: \"ses-powerdns: inet:127.0.0.1:1\" must be a socket such as unix:/run/senderauth/pdns"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten:\n  ses-powerdns: unix:/no/such/folder/pdns\n" + SES,
                        "3: there is no folder /no/such/folder for a socket; create it"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {ses-powerdns: unix:/s, policy: unix:/s}\n" + SES,
                        "2: two services listen on one address; give each its own"),
                Arguments.of(LEAST + SES + "  dnssec-key: absent\n", "6: absent: there is no such file"),
                Arguments.of(
                        LEAST + SES + "  dnssec-key: batv.key\n",
                        "6: batv.key: not a private DNSSEC key: no 'Private-key-format' and 'Algorithm'"),
                Arguments.of(
                        LEAST + SES + "  dnssec-key: zone.key\n",
                        "3: \"dnssec-key\" is for PowerDNS; add \"ses-powerdns: unix:/run/senderauth/pdns\" below"
                                + " \"listen:\""),
                Arguments.of(
                        LEAST + SES + "  message-ids: /no/such/folder/ids\n",
                        "6: there is no folder /no/such/folder for a file; create it"),
                Arguments.of(
                        LEAST + SES + "  message-ids: batv.key\n",
                        "6: batv.key: not a file of message ids; to begin anew could repeat numbers: name another, or"
                                + " remove it when a day old"),
                Arguments.of(
                        LEAST + SES + "  message-ids: ids\n  servers: 2\n  server: 2\n",
                        "8: \"server\" is 0 to 1 where \"servers\" is 2; change one"),
                Arguments.of(
                        LEAST + SES + "  message-ids: ids\n  servers: 0\n",
                        "7: \"servers: 0\" must be a number from 1 to 1000"),
                Arguments.of(
                        LEAST + SES + "  servers: 2\n",
                        "6: without a file nothing is counted; add \"message-ids: FILE\" below \"ses:\""),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:0, socket-mode: 660}\n",
                        "2: \"socket-mode: 660\" must be permissions such as rw-rw----"),
                Arguments.of(
                        LEAST + "dns: {zones: [absent.zone]}\n",
                        "3: absent.zone: there is no such file; mend the master file"),
                Arguments.of(
                        LEAST + "dns: {server: ns.example.org}\n",
                        "3: \"server: ns.example.org\" must be an address such as 127.0.0.1:53"),
                Arguments.of("--- ~x\n", "1: \"the file\" takes settings below it, each as \"name: value\""),
                Arguments.of("---\n", "1: the file is empty; docs/operations.md has one to start from"),
                Arguments.of("# nothing\n", "1: the file is empty; docs/operations.md has one to start from"),
                Arguments.of(
                        LEAST + "batv: {lifetime-days: 7}\n",
                        "3: \"batv\" has no key; add \"key-file: FILE\" or \"keys: FILE\" below it"),
                Arguments.of(
                        LEAST + "domains: [example.org]\nbatv: {key-file: batv.key, keys: batv.key}\n",
                        "4: \"keys\" and \"key-file\" exclude each other; remove one"),
                Arguments.of(LEAST + "ses: {}\n", "3: \"ses\" has no keys; add \"keys: FILE\" below it"),
                Arguments.of(
                        LEAST + "recipients-at:\n  example.org: {spf: report}\n  Example.ORG: {spf: off}\n",
                        "5: \"Example.ORG\" is set twice; remove one"),
                Arguments.of(
                        LEAST + "recipients-at:\n  example.org: {batv: report}\n",
                        "4: the step batv needs keys; add \"batv:\" with \"key-file: FILE\""),
                Arguments.of(
                        LEAST + "senders-at:\n  example.org: {dnsbl: report}\n",
                        "4: the step dnsbl needs \"zones\"; add the lists to ask below \"dnsbl:\""),
                Arguments.of(
                        LEAST + "steps:\n  dnsbl: {zones: [" + "a.".repeat(100) + "example]}\n",
                        "4: \"" + "a.".repeat(100) + "example\" in \"zones\" must be the domain name of a list"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten:\n  policy: unix:/no/such/folder/policy\n",
                        "3: there is no folder /no/such/folder for a socket; create it"),
                Arguments.of(
                        "hostname: mx.example.org\nlisten: {http: 127.0.0.1:1, policy: inet:127.0.0.1:1}\n",
                        "2: two services listen on one address; give each its own"),
                Arguments.of(
                        LEAST + "exempt: [authenticated]\n",
                        "3: \"exempt\" takes settings below it, each as \"name: value\""),
                Arguments.of(LEAST + "? [a, b]\n: c\n", "3: there is no setting \"\" in the file; known are KNOWN"),
                Arguments.of(
                        LEAST + "domains: {example.org: yes}\n",
                        "3: \"domains\" takes a list of values, such as [one, two]"));
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
                .isEqualTo("3: there is no setting \"stepps\" in the file; known are KNOWN");
        assertThat(problems(LEAST + "recipients-at:\n  example.net: {spff: report}\n"))
                .singleElement()
                .asString()
                .startsWith("4: there is no setting \"spff\" in example.net; known are dnsbl, csv, spf-helo, spf, ");
    }

    @Test
    void settingsOfTheGuideAreThereAndAreTheDefaults() throws Exception {
        String guide = Guide.of("operations.md").block("# all settings");
        ServeConfig all = read(guide);
        ServeConfig least = read(LEAST);
        assertThat(all.limits()).isEqualTo(least.limits());
        assertThat(all.listen().socketMode()).isEqualTo(least.listen().socketMode());
        assertThat(all.steps().strictness()).isEqualTo(least.steps().strictness());
        assertThat(all.steps().callout()).isEqualTo(least.steps().callout());
        assertThat(all.steps().onTrouble()).isEqualTo(least.steps().onTrouble());
        // Those that exclude others or need files are commented out there.
        ServeConfig switchedOn = read(guide.replaceAll("(?m)^( *)# (?=(dnsbl|ses|ses-dns|redis):|  [a-z-]+: )", "$1"));
        assertThat(switchedOn.ses()).isNotNull();
        assertThat(switchedOn.listen().sesDns()).isNotNull();
        assertThat(switchedOn.redis()).isNotNull();
        assertThat(switchedOn.steps().blockLists()).containsExactly("dnsbl.example.net");
    }

    @Test
    void messageIdsOfAServerAndTheKeyOfPowerDnsAreRead() throws Exception {
        ServeConfig config = read("hostname: mx.example.org\nlisten: {ses-powerdns: unix:/pdns}\n" + SES
                + "  message-ids: ids\n  servers: 2\n  server: 1\n  dnssec-key: zone.key\n");
        assertThat(config.listen().sesPowerDns()).isEqualTo(Path.of("/pdns"));
        assertThat(config.ses()).satisfies(ses -> {
            assertThat(ses.numbers()).isEqualTo(new ServeConfig.Numbers(folder.resolve("ids"), 2, 1));
            assertThat(ses.signingKey()).hasToString("SigningKey");
        });
        assertThat(read(LEAST + SES).ses())
                .satisfies(ses -> assertThat(ses.numbers()).isNull());
    }

    @Test
    void stepThatIsOffNeedsNothing() throws Exception {
        ServeConfig config = read(LEAST + "steps:\n  batv: {mode: off}\n  dnsbl: {mode: off}\n");
        assertThat(config.batv()).isNull();
        assertThat(config.steps().asksCallouts()).isFalse();
        assertThat(read(LEAST + "senders-at: {example.net: {callout: report}}\n")
                        .steps()
                        .asksCallouts())
                .isTrue();
    }

    @Test
    void textThatIsNotYamlIsToldWithItsLine() throws IOException {
        assertThat(problems("hostname: [a\nlisten: b\n"))
                .singleElement()
                .asString()
                .startsWith("2: this is not YAML: ")
                .endsWith("; look at indentation, colons and quotes");
        assertThat(problems("a: &x [1]\nb: *x\nc: *x\n")).isNotEmpty();
    }

    @Test
    void allMistakesAreToldAtOnceInTheOrderOfTheFile() throws IOException {
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
    void fileThatCannotBeReadIsToldInOneLine() throws IOException {
        assertThatThrownBy(() -> ConfigReader.read(folder.resolve("absent.yaml")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("absent.yaml: there is no such file");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> ConfigReader.read(file)).hasMessageEndingWith("the file is not UTF-8 text");
    }
}
