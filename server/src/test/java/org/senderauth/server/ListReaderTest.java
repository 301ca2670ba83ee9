package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Step;
import org.senderauth.policy.Transaction;

/** Lists from files: the plain and the Postfix form, what each entry exempts, and what is rejected with its line. */
class ListReaderTest {

    private static final String CONFIG = """
            hostname: mx.example.org
            domains: [example.org, file:domains]
            listen: {policy: inet:127.0.0.1:10031, milter: inet:127.0.0.1:10033}
            exempt:
              networks: ["192.0.2.0/25", file:networks]
              helo-names: file:helo-names
              senders: [file:senders]
              sender-domains: [file:sender-domains]
              recipients: [file:recipients]
              recipient-domains: [file:recipient-domains]
              steps:
                spf: {sender-domains: [broken.example, file:no-spf]}
            milter: {unsigned-domains: [file:unsigned], sign: off}
            """;

    @TempDir
    Path folder;

    private void write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
    }

    private ServeConfig read() throws Exception {
        write("senderauth.yaml", CONFIG);
        for (String name : List.of(
                "domains",
                "networks",
                "helo-names",
                "senders",
                "sender-domains",
                "recipients",
                "recipient-domains",
                "no-spf",
                "unsigned")) {
            if (Files.notExists(folder.resolve(name))) {
                write(name, "");
            }
        }
        return ConfigReader.read(folder.resolve("senderauth.yaml"));
    }

    private List<String> problems() {
        ConfigException thrown = catchThrowableOfType(ConfigException.class, this::read);
        return thrown.problems().stream()
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }

    private static Transaction mail(String client, String helo, String sender, String recipient) {
        return Transaction.of(IpAddresses.parse(client).orElseThrow(), helo, sender)
                .to(recipient);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.129  | h.example        | a@example.com  | b@example.org    | the client is in the exempt network 192.0.2.129/32 (networks)
            192.0.2.1    | h.example        | a@example.com  | b@example.org    | the client is in the exempt network 192.0.2.0/25
            203.0.113.9  | h.example        | a@example.com  | b@example.org    | the client is in the exempt network 203.0.113.0/24 (networks)
            2001:db8::9  | h.example        | a@example.com  | b@example.org    | the client is in the exempt network 2001:db8:0:0:0:0:0:0/32 (networks)
            127.0.0.9    | h.example        | a@example.com  | b@example.org    | the client is in the exempt network 127.0.0.0/8
            ::1          | h.example        | a@example.com  | b@example.org    | the client is in the exempt network 0:0:0:0:0:0:0:1/128
            198.51.100.1 | mail.example.net | a@example.com  | b@example.org    | the HELO name is exempt: mail.example.net (helo-names)
            198.51.100.1 | h.example        | bob@example.net | b@example.org   | the sender is exempt: bob@example.net (senders)
            198.51.100.1 | h.example        | x@a.friend.example | b@example.org | the sender's domain is exempt: .friend.example (sender-domains)
            198.51.100.1 | h.example        | x@bücher.example | b@example.org  | the sender's domain is exempt: xn--bcher-kva.example (sender-domains)
            198.51.100.1 | h.example        | a@example.com  | help@example.org | the recipient is exempt: help@example.org (recipients)
            198.51.100.1 | h.example        | a@example.com  | x@lists.example.org | the recipient's domain is exempt: lists.example.org (recipient-domains)
            198.51.100.1 | h.example        | -              | postmaster@example.net | postmaster and abuse accept bounces from any host
            """)
    void readsBothFormsAndNamesTheFile(String client, String helo, String sender, String recipient, String reason)
            throws Exception {
        write("domains", "# as relay_domains\nexample.net\tanything\n");
        write("networks", "192.0.2.129 OK\n203.0.113   PERMIT known host\n[2001:db8::]/32 1\r\n");
        write("helo-names", "mail.example.net\n\n  # a comment\n");
        write("senders", "bob@example.net\n    OK\ncarol@example.net # plain, with a comment\n");
        write("sender-domains", ".friend.example\nbücher.example OK\n");
        write("recipients", "help@example.org");
        write("recipient-domains", "lists.example.org ok");
        ServeConfig config = read();
        assertThat(config.exemptions().reason(mail(client, helo, sender.equals("-") ? "" : sender, recipient)))
                .hasValue(reason);
        assertThat(config.exemptions().reason(mail("198.51.100.1", "h.example", "a@example.com", "b@example.org")))
                .isEmpty();
        assertThat(config.domains()).containsExactly("example.org", "example.net");
    }

    @Test
    void guidesListIsRead() throws Exception {
        DocumentedConfig guide = DocumentedConfig.of("operations.md");
        write("exempt-networks", guide.block("# exempt-networks"));
        write("broken-spf", "example.net\n");
        write(
                "senderauth.yaml",
                "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:10031}\n"
                        + guide.block("exempt:\n  networks: [192.0.2.0/24, file:exempt-networks]"));
        ServeConfig config = ConfigReader.read(folder.resolve("senderauth.yaml"));
        for (String client : List.of("192.0.2.7", "203.0.113.4", "198.51.100.9", "2001:db8::25")) {
            assertThat(config.exemptions().reason(mail(client, "h.example", "a@example.com", "b@example.org")))
                    .as(client)
                    .isPresent();
        }
        assertThat(config.exemptions()
                        .reason(Step.SPF, mail("192.0.3.1", "h.example", "a@example.net", "b@example.org")))
                .isPresent();
    }

    @Test
    void exemptsFromOneStep() throws Exception {
        write("no-spf", "example.net\n");
        Transaction listed = mail("198.51.100.1", "h.example", "a@example.net", "b@example.org");
        assertThat(read().exemptions().reason(Step.SPF, listed))
                .hasValue("the sender's domain is exempt: example.net (no-spf)");
        assertThat(read().exemptions().reason(Step.BATV, listed)).isEmpty();
        assertThat(read().exemptions().reason(listed)).isEmpty();
    }

    @Test
    void sendsMailToListedDestinationsUnsigned() throws Exception {
        write("unsigned", "lists.example.net smtp:[192.0.2.1]\n.example.edu\n");
        ServeConfig.MilterSettings milter = read().milter();
        assertThat(List.of("lists.example.net", "Lists.Example.NET", "a.b.example.edu"))
                .allMatch(milter::isUnsigned);
        assertThat(List.of("example.edu", "example.net", "xexample.edu")).noneMatch(milter::isUnsigned);
    }

    @Test
    void reportsEachBadLine() throws Exception {
        write("senders", "bob@example.net REJECT\ncarol@example.net\n\nexample.net\ndave@example.net DUNNO\n");
        write("networks", "192.0.2.1/24\n192.0.2.0/24 550 no\n");
        assertThat(problems())
                .containsExactly(
                        "senderauth.yaml:5: networks:1: networks: must be a network such as 192.0.2.0/24, was"
                                + " \"192.0.2.1/24\"; it has bits set after the prefix: use 192.0.2.0/24",
                        "senderauth.yaml:5: networks:2: the action of 192.0.2.0/24: must be OK or absent, was \"550"
                                + " no\"",
                        "senderauth.yaml:7: senders:1: the action of bob@example.net: must be OK or absent, was"
                                + " \"REJECT\"",
                        "senderauth.yaml:7: senders:4: senders: must be an address such as alice@example.org, was"
                                + " \"example.net\"",
                        "senderauth.yaml:7: senders:5: the action of dave@example.net: must be OK or absent, was"
                                + " \"DUNNO\"");
    }

    @Test
    void reportsTenBadLinesOfAFileAndTheNumberOfTheRest() throws Exception {
        write("senders", "no address\n".repeat(100));
        assertThat(problems()).hasSize(11).last().asString().endsWith("senders: 90 more lines like these");
    }

    @Test
    void acceptsHundredThousandEntriesAndNoMore() throws Exception {
        String many = IntStream.range(0, ListReader.MAX_ENTRIES)
                .mapToObj(i -> "user" + i + "@example.net OK\n")
                .collect(Collectors.joining());
        write("senders", many);
        assertThat(read().exemptions()
                        .reason(mail("198.51.100.1", "h.example", "user99999@example.net", "b@example.org")))
                .isPresent();
        write("senders", many + "one@example.net\n");
        assertThat(problems())
                .containsExactly("senderauth.yaml:7: senders:100001: too many entries; a file may have 100000, all"
                        + " files together 300000");
    }

    @Test
    void rejectsAFileThatIsTooLarge() throws Exception {
        write("senders", "#".repeat(ListReader.MAX_BYTES) + "\n");
        assertThat(problems()).containsExactly("senderauth.yaml:7: senders: senders: larger than 8388608 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "a directory", "not UTF-8"})
    void rejectsAFileThatCannotBeRead(String kind) throws Exception {
        Path file = folder.resolve("senders");
        switch (kind) {
            case "a directory" -> Files.createDirectory(file);
            case "not UTF-8" ->
                Files.write(file, "a@example.net\nb@ex\u00e4mple.net\n".getBytes(StandardCharsets.ISO_8859_1));
            default -> {
                write("senders", "");
                read();
                Files.delete(file);
                assertThat(catchThrowableOfType(
                                        ConfigException.class,
                                        () -> ConfigReader.read(folder.resolve("senderauth.yaml")))
                                .problems())
                        .singleElement()
                        .asString()
                        .endsWith("senders: no such file");
                return;
            }
        }
        assertThat(problems())
                .containsExactly(
                        kind.equals("not UTF-8")
                                ? "senderauth.yaml:7: senders: senders:2: not valid UTF-8; save it as UTF-8"
                                : "senderauth.yaml:7: senders: senders: is a directory; name a file");
    }

    @Test
    void loopbackIsExemptUnlessSwitchedOff() throws Exception {
        Transaction local = mail("127.0.0.1", "h.example", "a@example.com", "b@example.org");
        assertThat(read().exemptions().reason(local)).isPresent();
        Files.writeString(
                folder.resolve("other.yaml"),
                "hostname: mx.example.org\nlisten: {policy: inet:127.0.0.1:10031}\nexempt: {loopback: false}\n");
        assertThat(ConfigReader.read(folder.resolve("other.yaml")).exemptions().reason(local))
                .isEqualTo(Optional.empty());
    }
}
