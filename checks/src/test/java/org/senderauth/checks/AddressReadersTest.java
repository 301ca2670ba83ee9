package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvVerdict;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.RolloutSchedule;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.csv.CsaResult;
import org.senderauth.csv.CsvQuery;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.csv.MprOutcome;
import org.senderauth.csv.MprQuery;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.StrippedAddress;
import org.senderauth.policy.Transaction;
import org.senderauth.postfix.AddressMaps;
import org.senderauth.postfix.MapReply;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLookup;
import org.senderauth.ses.SesVerdict;
import org.senderauth.ses.VerificationPurpose;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;

/** Whatever reads an address as text understands the same texts, and reports the others: none is misread silently. */
class AddressReadersTest {

    /** What a reader made of a text. */
    private enum Reading {
        /** It means what {@code carol@example.net} means. */
        UNDERSTOOD,
        /** The null reverse-path. */
        NULL,
        /** Half an address; readers that need a whole one may call it malformed. */
        PARTIAL,
        /** It is not an address, and the caller learns it. */
        MALFORMED
    }

    private static final Map<Reading, List<String>> TEXTS = Map.of(
            Reading.UNDERSTOOD,
                    List.of(
                            "carol@example.net",
                            "<carol@example.net>",
                            "carol@example.net.",
                            "<carol@example.net.>",
                            " carol@example.net",
                            "carol@example.net ",
                            "\tcarol@example.net\t",
                            " <carol@example.net> ",
                            "@relay.example:carol@example.net",
                            "<@relay.example:carol@example.net>",
                            "<@relay.example,@mx.example:carol@example.net>"),
            Reading.NULL, List.of("", "<>", " ", " <> "),
            Reading.PARTIAL, List.of("carol", "<carol>", "@example.net", "<@example.net>"),
            Reading.MALFORMED,
                    List.of(
                            "<carol@example.net",
                            "carol@example.net>",
                            "<<carol@example.net>>",
                            "<carol@example.net>>",
                            "< carol@example.net >",
                            "<carol@example.net >",
                            "carol@example.net SIZE=100",
                            "<carol@example.net> SIZE=100",
                            "carol@example.net AUTH=dave@example.org",
                            "Carol <carol@example.net>",
                            "carol@example.net (Carol)",
                            "carol@example.net, dave@example.org",
                            "carol@example.net;dave@example.org",
                            "carol@example.net <dave@example.org>",
                            "carol@ example.net",
                            "carol@",
                            "<carol@>",
                            "@",
                            "<@>",
                            "< >",
                            "\"carol@example.net",
                            "\"carol\"x@example.net",
                            "carol@exam\"ple.net",
                            "carol@example.net\r\n",
                            "carol@example.net\nRCPT TO:<dave@example.org>",
                            "carol\u0000@example.net",
                            "carol@example.net\u007f",
                            "\uD83Dcarol@example.net",
                            "<@relay.example:>",
                            "<@relay.example:@example.net>",
                            "<@re lay.example:carol@example.net>"));

    private static final InetAddress CLIENT = IpAddresses.parse("198.51.100.1").orElseThrow();
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder().text("""
                    example.net.           300 IN TXT "v=spf1 exists:%{l}._spf_verify.%{d} -all"
                    _mp._smtp.example.net. 300 IN A   127.0.0.1
                    """).build();
    private static final SpfVerifier SPF =
            SpfVerifier.builder().dns(ZONE).clock(CLOCK).build();
    private static final Batv BATV = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of(new byte[20])))
            .clock(CLOCK)
            .build();
    private static final Ses SES = Ses.builder()
            .keyring(SesKeyring.builder()
                    .add("example.net", SesKey.of(SecretKeys.of(new byte[20])))
                    .build())
            .clock(CLOCK)
            .build();
    private static final MailAddress CAROL = MailAddress.of("carol@example.net");
    private static final String TAGGED = BATV.sign(CAROL).localPart();
    private static final String SIGNED = SES.sign(CAROL).localPart();
    private static final SenderPolicy POLICY = SenderPolicy.builder("mx.example.org")
            .spf(SPF, SpfStrictness.FAIL_ONLY)
            .batv(new BounceFilter(
                    BATV, BounceRules.builder().onUnsigned(BounceAction.REJECT).build(), CLOCK))
            .ses(SES, Set.of("example.net"))
            .build();

    /** A reader: the local part that takes carol's place in the texts, what it makes of one, what it can tell apart. */
    private record Reader(String name, String localPart, Function<String, Reading> read, Set<Reading> also) {

        static Reader of(String name, Function<String, Reading> read, Reading... also) {
            return new Reader(name, "carol", read, Set.of(also));
        }

        /** For addresses that are signed. */
        Reader with(String localPart) {
            return new Reader(name, localPart, read, also);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Reader> readers() {
        return List.of(
                Reader.of("EnvelopePath.parse", AddressReadersTest::path, Reading.NULL, Reading.PARTIAL),
                Reader.of(
                        "EnvelopePath.require",
                        text -> orMalformed(said -> required(EnvelopePath.require(said, "sender")), text)),
                Reader.of("SpfQuery.mailFrom", AddressReadersTest::spf, Reading.NULL, Reading.PARTIAL),
                Reader.of("Transaction.sender", AddressReadersTest::sender, Reading.NULL, Reading.PARTIAL),
                Reader.of("Transaction.to", AddressReadersTest::recipient),
                Reader.of("Transaction.to, tagged", AddressReadersTest::taggedRecipient)
                        .with(TAGGED),
                Reader.of("Transaction.to, signed", AddressReadersTest::signedRecipient)
                        .with(SIGNED),
                Reader.of("Exemptions.sender", text -> exempt(text, true), Reading.PARTIAL),
                Reader.of("Exemptions.recipient", text -> exempt(text, false), Reading.PARTIAL),
                Reader.of("Batv.verify", AddressReadersTest::batv),
                Reader.of("Batv.verify, tagged", AddressReadersTest::batvTagged).with(TAGGED),
                Reader.of("Ses.verify", AddressReadersTest::ses).with(SIGNED),
                Reader.of("SesLookup.lookup", AddressReadersTest::sesLookup).with(SIGNED),
                Reader.of("RolloutSchedule.of", AddressReadersTest::rollOut),
                Reader.of("CalloutRequest.sender", AddressReadersTest::callout, Reading.NULL),
                Reader.of(
                        "MprQuery.mailFrom",
                        text -> mpr(MprQuery.mailFrom(text, csa()), text),
                        Reading.NULL,
                        Reading.PARTIAL),
                Reader.of(
                        "MprQuery.from",
                        text -> mpr(MprQuery.from(text, "", csa()), text),
                        Reading.NULL,
                        Reading.PARTIAL),
                Reader.of(
                        "AddressMaps.sign",
                        text -> map(
                                AddressMaps.sign(BATV), text, BATV.sign(CAROL).toString())),
                Reader.of("AddressMaps.strip", text -> map(AddressMaps.strip(BATV), text, "carol@example.net"))
                        .with(TAGGED),
                Reader.of("AddressMaps.sesStrip", text -> map(AddressMaps.sesStrip(SES), text, "carol@example.net"))
                        .with(SIGNED),
                Reader.of("AddressMaps.sesSign", AddressReadersTest::sesSign),
                Reader.of("SignatureStripper.strip", AddressReadersTest::strip).with(TAGGED));
    }

    static Stream<Arguments> cases() {
        return readers().stream()
                .flatMap(reader -> TEXTS.entrySet().stream()
                        .flatMap(entry ->
                                entry.getValue().stream().map(text -> Arguments.of(reader, text, entry.getKey()))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void everyReaderUnderstandsOrReports(Reader reader, String text, Reading meaning) {
        Reading expected =
                meaning == Reading.UNDERSTOOD || reader.also().contains(meaning) ? meaning : Reading.MALFORMED;
        assertThat(reader.read().apply(text.replace("carol", reader.localPart())))
                .as("%s of '%s'", reader, text)
                .isEqualTo(expected);
    }

    private static Reading path(String text) {
        EnvelopePath path = EnvelopePath.parse(text);
        if (path instanceof EnvelopePath.Mailbox found) {
            assertThat(found.mailbox()).isEqualTo(CAROL);
            return Reading.UNDERSTOOD;
        }
        return path instanceof EnvelopePath.Null
                ? Reading.NULL
                : path instanceof EnvelopePath.Partial ? Reading.PARTIAL : Reading.MALFORMED;
    }

    private static Reading required(MailAddress address) {
        assertThat(address).isEqualTo(CAROL);
        return Reading.UNDERSTOOD;
    }

    private static Reading orMalformed(Function<String, Reading> read, String text) {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("[A-Za-z ]+ must be an? [ -~]+");
            return Reading.MALFORMED;
        }
    }

    private static Reading spf(String text) {
        SpfQuery query = SpfQuery.mailFrom(CLIENT, text, "mail.example.com");
        SpfResult result = SPF.verify(query);
        if (result.problem().isPresent()) {
            assertThat(result.verdict()).isEqualTo(SpfVerdict.NONE);
            assertThat(result.problem().get().message()).startsWith("malformed sender: ");
            return Reading.MALFORMED;
        }
        assertThat(query.identity()).isEqualTo(SpfIdentity.MAIL_FROM);
        if (query.mailFrom().isEmpty()) {
            assertThat(result.domain()).isEqualTo("mail.example.com");
            return Reading.NULL;
        }
        if (!query.mailFrom().equals("carol@example.net")) {
            assertThat(query.mailFrom()).isIn("carol", "@example.net");
            return Reading.PARTIAL;
        }
        assertThat(result.verdict()).isEqualTo(SpfVerdict.FAIL);
        return Reading.UNDERSTOOD;
    }

    private static String code(Transaction transaction) {
        return POLICY.decide(transaction)
                .smtpReply()
                .map(reply -> reply.code() + " " + reply.enhancedCode())
                .orElse("go on");
    }

    private static Reading sender(String text) {
        Transaction transaction = Transaction.of(CLIENT, "mail.example.com", text);
        if (transaction.isBounce()) {
            return Reading.NULL;
        }
        if (List.of("carol", "@example.net").contains(transaction.sender())) {
            return Reading.PARTIAL;
        }
        String code = code(transaction.to("dave@example.org"));
        assertThat(code).isIn("550 5.7.23", "501 5.1.7");
        return code.equals("501 5.1.7") ? Reading.MALFORMED : Reading.UNDERSTOOD;
    }

    private static String stepOf(String recipient, String step) {
        return POLICY.decide(Transaction.of(CLIENT, "mail.example.com", "<>").to(recipient)).steps().stream()
                .filter(report -> report.step().text().equals(step))
                .map(report ->
                        report.result().outcome().text() + " " + report.result().explanation())
                .findFirst()
                .orElseThrow();
    }

    private static Reading recipient(String text) {
        String batv = stepOf(text, "batv");
        if (batv.equals("skipped sender or recipient is not a valid address")) {
            return Reading.MALFORMED;
        }
        assertThat(batv).startsWith("fail ");
        return Reading.UNDERSTOOD;
    }

    private static Reading taggedRecipient(String text) {
        String batv = stepOf(text, "batv");
        return batv.startsWith("pass ") ? Reading.UNDERSTOOD : recipient(text);
    }

    private static Reading signedRecipient(String text) {
        String ses = stepOf(text, "ses");
        assertThat(ses).matches("pass .*|fail .*|skipped not signed|skipped invalid address");
        return ses.startsWith("pass ") ? Reading.UNDERSTOOD : Reading.MALFORMED;
    }

    private static Reading exempt(String text, boolean sender) {
        Reading reading = orMalformed(
                said -> {
                    Exemptions.Builder builder = Exemptions.builder();
                    Exemptions exemptions = (sender ? builder.sender(said) : builder.recipient(said)).build();
                    Transaction carol = sender
                            ? Transaction.of(CLIENT, "h", "carol@example.net")
                            : Transaction.of(CLIENT, "h", "dave@example.org").to("carol@example.net");
                    if (exemptions.reason(carol).isPresent()) {
                        return Reading.UNDERSTOOD;
                    }
                    assertThat(said).isIn("carol", "<carol>");
                    return Reading.PARTIAL;
                },
                text);
        // A domain alone is rejected, a local part alone accepted: RCPT may name postmaster without a domain.
        boolean domain = EnvelopePath.parse(text) instanceof EnvelopePath.Partial half
                && half.localPart().isEmpty();
        return domain && reading == Reading.MALFORMED ? Reading.PARTIAL : reading;
    }

    private static Reading batv(String text) {
        var result = BATV.verify(text);
        if (result.verdict() == BatvVerdict.MALFORMED) {
            return Reading.MALFORMED;
        }
        assertThat(result.verdict()).isEqualTo(BatvVerdict.UNSIGNED);
        return required(result.original().orElseThrow());
    }

    private static Reading batvTagged(String text) {
        var result = BATV.verify(text);
        return result.isValid() ? required(result.original().orElseThrow()) : batv(text);
    }

    private static Reading ses(String text) {
        var result = SES.verify(text, VerificationPurpose.BOUNCE_PROBE);
        if (result.isValid()) {
            return required(result.original().orElseThrow());
        }
        boolean unsigned =
                result.verdict() == SesVerdict.UNSIGNED && !text.toLowerCase().contains("ses=");
        assertThat(unsigned || result.verdict() == SesVerdict.MALFORMED).isTrue();
        return Reading.MALFORMED;
    }

    private static Reading sesLookup(String text) {
        var result = SesLookup.of(ZONE).lookup(text, CLIENT);
        if (result.queried().isPresent()) {
            assertThat(result.queried().get().toString()).startsWith(SIGNED);
            return Reading.UNDERSTOOD;
        }
        assertThat(result.reason()).startsWith(text.toLowerCase().contains("ses=") ? "malformed: " : "the address is");
        return Reading.MALFORMED;
    }

    private static Reading rollOut(String text) {
        return orMalformed(
                said -> {
                    RolloutSchedule plan =
                            RolloutSchedule.of(Map.of(said, RolloutSchedule.Dates.ALWAYS), RolloutSchedule.Dates.NEVER);
                    assertThat(plan.stage(CAROL, CLOCK.instant())).isEqualTo(RolloutSchedule.Stage.ENFORCE);
                    return Reading.UNDERSTOOD;
                },
                // One word is a domain there.
                text.contains("@") ? text : text + "@");
    }

    private static Reading callout(String text) {
        List<MailAddress> probed = new ArrayList<>();
        try (CalloutVerifier verifier = CalloutVerifier.builder((request, listener) -> {
                    probed.add(request.address());
                    ProbeReport report = ProbeReport.ofNothingSent(CalloutReason.ACCEPTED, ProbeStage.RCPT, null);
                    listener.verdict(report);
                    listener.finished(report);
                })
                .clock(CLOCK)
                .executor(Runnable::run)
                .build()) {
            CalloutReason reason = verifier.verify(
                            CalloutRequest.sender(text).client(CLIENT).build())
                    .reason();
            if (reason == CalloutReason.NULL_SENDER) {
                return Reading.NULL;
            }
            if (reason == CalloutReason.BAD_SYNTAX) {
                return Reading.MALFORMED;
            }
            assertThat(probed).containsExactly(CAROL);
            return Reading.UNDERSTOOD;
        }
    }

    private static CsaResult csa() {
        return CsvVerifier.builder()
                .dns(ZONE)
                .build()
                .verify(CsvQuery.of(CLIENT, "mail.example.com"))
                .csa();
    }

    private static Reading mpr(MprQuery query, String text) {
        MprOutcome finding =
                CsvVerifier.builder().dns(ZONE).build().mailPolicy(query).join().detail();
        if (finding instanceof MprOutcome.MalformedIdentity) {
            return Reading.MALFORMED;
        }
        if (finding instanceof MprOutcome.NoIdentity) {
            return Reading.NULL;
        }
        assertThat(query.domain()).isIn("example.net", "carol");
        return text.contains("carol@example.net") ? Reading.UNDERSTOOD : Reading.PARTIAL;
    }

    private static Reading map(Function<String, MapReply> map, String text, String value) {
        MapReply reply = map.apply(text);
        if (reply instanceof MapReply.Found found) {
            assertThat(found.value()).isEqualTo(value);
            return Reading.UNDERSTOOD;
        }
        assertThat(reply).isEqualTo(MapReply.NOT_FOUND);
        return Reading.MALFORMED;
    }

    private static Reading sesSign(String text) {
        if (AddressMaps.sesSign(SES).apply(text) instanceof MapReply.Found found) {
            return required(SES.verify(found.value(), VerificationPurpose.BOUNCE_PROBE)
                    .original()
                    .orElseThrow());
        }
        return Reading.MALFORMED;
    }

    private static Reading strip(String text) {
        return SignatureStripper.of(BATV).strip(text) instanceof StrippedAddress.Original original
                ? required(MailAddress.of(original.address()))
                : Reading.MALFORMED;
    }

    /** Names of hosts and domains, from clients and from programs. */
    @ParameterizedTest
    @MethodSource("names")
    void everyReaderOfNamesUnderstandsOrReports(String text, boolean name) {
        SpfResult spf = SPF.verify(SpfQuery.helo(CLIENT, text));
        assertThat(spf.problem().isEmpty()).isEqualTo(name);
        var csv = CsvVerifier.builder().dns(ZONE).build().verify(CsvQuery.of(CLIENT, text));
        assertThat(csv.verdict().text().equals("not_applicable")).isNotEqualTo(name);
        String helo = Transaction.of(CLIENT, text, "").helo();
        assertThat(helo.equals("mail.example.com")).isEqualTo(name);
    }

    static Stream<Arguments> names() {
        return Stream.concat(
                Stream.of("mail.example.com", " mail.example.com", "mail.example.com ", "\tmail.example.com ")
                        .map(text -> Arguments.of(text, true)),
                Arrays.stream(new String[] {
                            "<mail.example.com>",
                            "mail.example.com SIZE=1",
                            "carol@mail.example.com",
                            "mail.example.com\r\n",
                            "mail\"example.com",
                            "mail.example.com\u0000",
                            "mail.example.com>"
                        })
                        .map(text -> Arguments.of(text, false)));
    }
}
