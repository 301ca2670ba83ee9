package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.milter.MilterAnswer.AddRecipient;
import org.senderauth.milter.MilterAnswer.ChangeHeader;
import org.senderauth.milter.MilterAnswer.ChangeSender;
import org.senderauth.milter.MilterAnswer.DeleteRecipient;
import org.senderauth.milter.MilterAnswer.InsertHeader;
import org.senderauth.milter.MilterAnswer.Reply;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand.Connect;
import org.senderauth.milter.MilterCommand.Header;
import org.senderauth.milter.MilterCommand.Helo;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Network;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepResult;
import org.senderauth.policy.Transaction;
import org.senderauth.spf.SpfVerifier;

class PolicyMilterTest {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final String STRANGER = "198.51.100.7";
    private static final String DSN = "Content-Type: multipart/report; report-type=delivery-status\r\n";

    private final Batv batv = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of("a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII))))
            .clock(CLOCK)
            .untaggedDestinations(address -> address.domain().equals("lists.example"))
            .build();
    private final List<Transaction> decided = new ArrayList<>();
    private final List<Step> completed = new ArrayList<>();
    private final SenderPolicy policy = SenderPolicy.builder("mx.example.org")
            .spf(
                    SpfVerifier.builder()
                            .dns(ZoneDnsClient.builder()
                                    .text("example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.10 -all\"\n")
                                    .build())
                            .receiver("mx.example.org")
                            .build(),
                    SpfStrictness.FAIL_ONLY)
            .batv(new BounceFilter(batv, BounceRules.defaults(), CLOCK), true)
            .observer(new PolicyObserver() {
                @Override
                public void decided(Transaction transaction, Decision decision, Duration time) {
                    decided.add(transaction);
                }

                @Override
                public void stepCompleted(Step step, StepResult result, Duration time) {
                    completed.add(step);
                }
            })
            .build();
    private final PolicyMilter filter = PolicyMilter.builder(policy, "mx.example.org")
            .own(OwnMail.builder()
                    .networks(List.of(Network.parse("192.0.2.64/28").orElseThrow()))
                    .daemonNames(Set.of("ORIGINATING"))
                    .domains(Set.of("Example.org"))
                    .build())
            .signer(SenderSigner.of(batv))
            .stripper(SignatureStripper.of(batv))
            .build();

    private FakeMta from(String client) {
        return new FakeMta(filter).connected(client);
    }

    private String tagged(String address) {
        return batv.sign(MailAddress.of(address)).toString();
    }

    private static Header header(String line) {
        int colon = line.indexOf(':');
        return new Header(line.substring(0, colon), line.substring(colon + 1).stripTrailing());
    }

    @Test
    void spfFailIsRejectedAtRcpt() {
        FakeMta mta = from(STRANGER);
        assertThat(mta.mail("<bob@example.net>")).containsExactly(Simple.CONTINUE);
        assertThat(mta.rcpt("<alice@example.org>"))
                .first()
                .isInstanceOfSatisfying(
                        Reply.class,
                        reply -> assertThat(reply.lines().get(0).toString()).startsWith("550 5.7.23 "));
        assertThat(mta.session().isInMessage()).isTrue();
    }

    @Test
    void resultsGoWithTheirMessage() {
        FakeMta mta = from("192.0.2.10");
        mta.mail("<bob@example.net>");
        mta.rcpt("<alice@example.org>");
        mta.rcpt("<carol@example.org>");
        policy.decide(decided.get(0));
        assertThat(completed).containsOnlyOnce(Step.SPF);
        mta.content("text");
        policy.decide(decided.get(0));
        assertThat(completed).filteredOn(Step.SPF::equals).hasSize(2);
    }

    @Test
    void prependsOwnHeadersAndDeletesForgedOnes() {
        FakeMta mta = from("192.0.2.10");
        mta.mail("<bob@example.net>", "SIZE=100");
        mta.rcpt("<alice@example.org>");
        List<MilterAnswer> answers = mta.content(
                "text",
                header("Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=evil.example"),
                header("Authentication-Results: other.example; dkim=pass"),
                header("authentication-results: (a \"mx\" (comment)) \"MX.example\\.org\" 1; spf=pass"),
                header("X-Senderauth-Decision: forged"),
                header("Authentication-Results: mx.example.org.evil.example; none"),
                header("Subject: mx.example.org; spf=pass"));
        assertThat(answers.subList(0, 3))
                .containsExactlyInAnyOrder(
                        new ChangeHeader(3, "authentication-results", ""),
                        new ChangeHeader(1, "Authentication-Results", ""),
                        new ChangeHeader(1, "X-Senderauth-Decision", ""));
        assertThat(answers.indexOf(new ChangeHeader(3, "authentication-results", "")))
                .isLessThan(answers.indexOf(new ChangeHeader(1, "Authentication-Results", "")));
        assertThat(answers.subList(3, answers.size() - 1))
                .allSatisfy(
                        answer -> assertThat(((InsertHeader) answer).index()).isZero())
                .extracting(answer -> ((InsertHeader) answer).name())
                // Each goes on top of those before it.
                .containsExactly("X-Senderauth-Decision", "Received-SPF", "Authentication-Results");
        assertThat(answers)
                .filteredOn(answer -> answer instanceof InsertHeader inserted
                        && inserted.name().equals("Authentication-Results"))
                .extracting(answer -> ((InsertHeader) answer).value())
                .first()
                .asString()
                .startsWith(" mx.example.org; ")
                .contains("spf=pass smtp.mailfrom=bob@example.net");
        assertThat(answers).last().isEqualTo(Simple.CONTINUE);
        InsertHeader id = (InsertHeader) answers.get(3);
        assertThat(id.value()).isEqualTo(" " + decided.get(0).message().orElseThrow());
    }

    @Test
    void ourOwnHostsFieldsAreKept() {
        FakeMta mta = from("192.0.2.65");
        mta.mail("<alice@example.org>");
        mta.rcpt("<bob@example.org>");
        assertThat(mta.content("x", header("Authentication-Results: mx.example.org; spf=pass")))
                .containsExactly(Simple.CONTINUE);
    }

    @Test
    void rejectsMessageFullOfForgedFields() {
        FakeMta mta = from("192.0.2.10");
        mta.mail("<bob@example.net>");
        mta.rcpt("<alice@example.org>");
        Header[] fields = new Header[1200];
        java.util.Arrays.fill(fields, header("Authentication-Results: mx.example.org; spf=pass"));
        assertThat(mta.content("x", fields)).first().isInstanceOf(Reply.class);
    }

    // whose mail: client | macro of MAIL | its value
    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, {auth_authen}, alice",
        "198.51.100.7, {daemon_name}, ORIGINATING",
        "192.0.2.70, {mail_host}, x"
    })
    void ourOwnOutboundMailIsSignedAndNotChecked(String client, String macro, String value) {
        FakeMta mta = from(client);
        mta.macro('M', macro, value);
        mta.mail("<alice@example.org>");
        mta.rcpt("<bob@example.org>");
        mta.rcpt("<carol@example.net>");
        assertThat(mta.content("x"))
                .containsExactly(new ChangeSender("<" + tagged("alice@example.org") + ">", ""), Simple.CONTINUE);
        assertThat(decided).isEmpty();
    }

    @Test
    void mailThatStaysHereOrGoesToAListIsNotSigned() {
        for (String recipient : List.of("<bob@EXAMPLE.org>", "<postmaster>", "<all@lists.example>")) {
            FakeMta mta = from("192.0.2.70");
            mta.mail("<alice@example.org>");
            mta.rcpt(recipient);
            assertThat(mta.content("x")).as(recipient).containsExactly(Simple.CONTINUE);
        }
    }

    @Test
    void neverSignsMailOfOtherClientsInOurName() {
        FakeMta mta = from(STRANGER);
        mta.mail("<alice@example.org>");
        mta.rcpt("<carol@example.com>");
        assertThat(mta.content("x")).noneMatch(ChangeSender.class::isInstance);
    }

    @Test
    void genuineBounceIsDeliveredWithoutItsTag() {
        FakeMta mta = from(STRANGER);
        mta.mail("<>");
        String tagged = tagged("alice@example.org");
        assertThat(mta.rcpt("<" + tagged + ">")).containsExactly(Simple.CONTINUE);
        assertThat(mta.content("x", header(DSN)))
                .containsSubsequence(
                        new DeleteRecipient("<" + tagged + ">"),
                        new AddRecipient("<alice@example.org>"),
                        Simple.CONTINUE);
    }

    @Test
    void bouncesOfThisHostLoseTheirTagAndAreNeverRejected() {
        FakeMta mta = new FakeMta(filter);
        mta.say(FakeMta.OFFER, new Connect("localhost", '4', 0, "127.0.0.1"), new Helo("localhost"));
        mta.mail("");
        String tagged = tagged("alice@example.org");
        assertThat(mta.rcpt(tagged)).containsExactly(Simple.CONTINUE);
        assertThat(mta.rcpt("prvs=0123abcdef=bob@example.org")).containsExactly(Simple.CONTINUE);
        assertThat(mta.content("x", header(DSN)))
                .contains(new DeleteRecipient(tagged), new AddRecipient("<alice@example.org>"))
                .endsWith(Simple.CONTINUE);
        assertThat(decided).isEmpty();
    }

    // docs/batv.md: what the bounce filter decides at the end of data, on recorded kinds of messages
    @ParameterizedTest
    @CsvSource({
        "dsn-rfc3464, true",
        "dsn-in-multipart-mixed, true",
        "dsn-global-utf8, true",
        "bounce-in-plain-text, true",
        "bounce-failed-recipients, true",
        "virus-notice, true",
        "mdn-rfc8098, false",
        "out-of-office-rfc3834, false",
        "out-of-office-old, false",
        "list-with-null-sender, false"
    })
    void untaggedBounceIsDecidedOnByItsContent(String file, boolean rejected) throws IOException {
        String[] parts = message(file).split("\r\n\r\n", 2);
        FakeMta mta = from(STRANGER);
        mta.mail("<>");
        assertThat(mta.rcpt("<alice@example.org>")).containsExactly(Simple.CONTINUE);
        List<Header> fields = new ArrayList<>();
        for (String line : parts[0].split("\r\n(?![ \t])")) {
            fields.add(header(line.replace("\r\n", "\n")));
        }
        List<MilterAnswer> answers = mta.content(parts[1], fields.toArray(Header[]::new));
        if (rejected) {
            assertThat(answers)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Reply.class,
                            reply -> assertThat(reply.lines().get(0).toString()).startsWith("550 5.7.1 "));
        } else {
            assertThat(answers).last().isEqualTo(Simple.CONTINUE);
        }
    }

    private static String message(String file) throws IOException {
        try (InputStream in = java.nio.file.Files.newInputStream(
                java.nio.file.Path.of("../../batv/src/test/resources/org/senderauth/batv/messages", file + ".eml"))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).replaceAll("\r?\n", "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deliversBounceToValidTagsOnly(boolean tagFirst) {
        FakeMta mta = from(STRANGER);
        String tagged = "<" + tagged("bob@example.org") + ">";
        mta.mail("<>");
        mta.rcpt(tagFirst ? tagged : "<alice@example.org>");
        mta.rcpt(tagFirst ? "<alice@example.org>" : tagged);
        List<MilterAnswer> answers = mta.content("x", header(DSN));
        assertThat(answers)
                .contains(
                        new DeleteRecipient("<alice@example.org>"),
                        new DeleteRecipient(tagged),
                        new AddRecipient("<bob@example.org>"))
                .doesNotContain(new AddRecipient("<alice@example.org>"))
                .endsWith(Simple.CONTINUE);
    }

    @Test
    void rejectsUntaggedBounceWithLongTextBeforeStatus() {
        FakeMta mta = from(STRANGER);
        mta.mail("<>");
        mta.rcpt("<alice@example.org>");
        mta.say(header("From: mailer-daemon@example.net"), header("Content-Type: multipart/mixed;\n boundary=x"));
        mta.say(new MilterCommand.EndOfHeaders(), new MilterCommand.Body("--x\r\n\r\n"));
        for (int i = 0; i < 40; i++) {
            assertThat(mta.say(new MilterCommand.Body("text\r\n".repeat(10_000))))
                    .containsExactly(Simple.CONTINUE);
        }
        mta.say(new MilterCommand.Body(
                "\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--x--\r\n"));
        assertThat(mta.say(new MilterCommand.EndOfMessage("")))
                .singleElement()
                .isInstanceOfSatisfying(
                        Reply.class,
                        reply -> assertThat(reply.lines().get(0).toString()).startsWith("550 5.7.1 "));
    }

    @Test
    void bodyOfOrdinaryMailIsNotAskedFor() {
        FakeMta mta = from("192.0.2.10");
        mta.mail("<bob@example.net>");
        mta.rcpt("<alice@example.org>");
        mta.say(new MilterCommand.EndOfHeaders());
        assertThat(mta.say(new MilterCommand.Body("text"))).containsExactly(Simple.SKIP);
    }

    @Test
    void skipsClientWithoutAddress() {
        FakeMta mta = new FakeMta(filter);
        mta.say(FakeMta.OFFER, new Connect("unknown", 'U', 0, ""), new Helo("h"));
        mta.mail("<bob@example.net>");
        assertThat(mta.rcpt("<alice@example.org>")).containsExactly(Simple.CONTINUE);
        assertThat(decided).isEmpty();
    }

    @Test
    void nullSenderIsCheckedByTheHeloName() throws Exception {
        FakeMta mta = new FakeMta(filter);
        InetAddress client = InetAddress.getByName(STRANGER);
        mta.say(
                FakeMta.OFFER,
                new Connect("[" + STRANGER + "]", '4', 25, client.getHostAddress()),
                new Helo("example.net"));
        mta.mail("<>");
        assertThat(mta.rcpt("<alice@example.com>")).first().isInstanceOf(Reply.class);
    }
}
