package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;

/** One verdict on a bounce from its three proofs, each in each mode. */
class BounceProofsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-06-15T12:00:00Z"));
    private static final String ALICE = "alice@example.org";
    private static final KeyPair OURS = Dkim2SigningKey.generate(Dkim2SigningKey.Type.RSA);
    private static final KeyPair REPORTER = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
    private static final Batv BATV = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of("a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII))))
            .clock(CLOCK)
            .build();
    private static final Batv OTHER_BATV = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of("another key, of 28 octets...".getBytes(StandardCharsets.US_ASCII))))
            .clock(CLOCK)
            .build();

    // Signing takes longer than all else here.
    private static final Map<List<?>, ReceivedMessage> MESSAGES = new HashMap<>();

    /** The recipient of the bounce. */
    private enum Tag {
        VALID,
        ABSENT,
        FORGED;

        String address() {
            return switch (this) {
                case VALID -> BATV.sign(MailAddress.of(ALICE)).toString();
                case ABSENT -> ALICE;
                case FORGED -> OTHER_BATV.sign(MailAddress.of(ALICE)).toString();
            };
        }
    }

    /** What the bounce returns. */
    private enum Returned {
        /** Our message, and the report is not signed. */
        OURS,
        /** Our message, and the report is signed by the domain we sent it to. */
        OURS_SIGNED,
        /** Our message after a change, in a report that is not signed. */
        ALTERED,
        /** Our message after a change, in a signed report. */
        ALTERED_SIGNED,
        /** Our message, in a report whose key is unavailable. */
        UNAVAILABLE,
        /** A message without DKIM2. */
        UNSIGNED
    }

    /** The kind of message: only the first is a delivery report. */
    private enum Kind {
        DSN,
        MDN
    }

    private static byte[] message(Kind kind, Returned returned, String recipient) {
        String mail = "From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nSubject: lunch\r\n\r\nHello Bob\r\n";
        Dkim2Signer signer = signer("example.org", OURS);
        String sent = returned == Returned.UNSIGNED
                ? mail
                : signer.trySign(bytes(mail), "<" + recipient + ">", List.of("<bob@example.net>"))
                                .header()
                                .orElseThrow()
                        + mail;
        if (returned == Returned.ALTERED || returned == Returned.ALTERED_SIGNED) {
            sent = sent.replace("lunch", "dinner");
        }
        String type = kind == Kind.DSN ? "delivery-status" : "disposition-notification";
        String report = "From: MAILER-DAEMON@example.net\r\nTo: alice@example.org\r\nSubject: Report\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=" + type + "; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: text/plain\r\n\r\nUser unknown\r\n"
                + "--b\r\nContent-Type: message/" + type + "\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
                + "Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"
                + "--b\r\nContent-Type: message/rfc822\r\n\r\n" + sent + "\r\n--b--\r\n";
        return switch (returned) {
            case OURS_SIGNED, ALTERED_SIGNED -> signed(report, "example.net", recipient);
            case UNAVAILABLE -> signed(report, "away.example.net", recipient);
            default -> bytes(report);
        };
    }

    private static byte[] signed(String report, String domain, String recipient) {
        return signer(domain, REPORTER)
                .trySign(bytes(report), "<>", List.of("<" + recipient + ">"))
                .prependTo(bytes(report));
    }

    private static Dkim2Signer signer(String domain, KeyPair key) {
        return Dkim2Signer.builder()
                .key(Dkim2SigningKey.of("mail", domain, key.getPrivate()))
                .clock(CLOCK)
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static SenderPolicy policy(StepMode batv, StepMode dkim2, StepMode content, TempfailAction onTempfail) {
        String record = Dkim2SigningKey.record(REPORTER.getPublic());
        Dkim2Bounces bounces = Dkim2Bounces.builder()
                .ownKeys(OwnKeys.builder()
                        .key("mail", "example.org", OURS.getPublic())
                        .build())
                .dns(ZoneDnsClient.builder()
                        .text("mail._domainkey.example.net. 300 IN TXT \"" + record + "\"\n")
                        .trouble(DomainNames.of("mail._domainkey.away.example.net"), Cause.SERVER_FAILURE)
                        .build())
                .clock(CLOCK)
                .build();
        return SenderPolicy.builder("mx.example.org")
                .batv(
                        new BounceFilter(
                                BATV,
                                BounceRules.builder()
                                        .onUnsigned(BounceAction.CHECK_CONTENT)
                                        .build(),
                                CLOCK),
                        true)
                .dkim2(bounces)
                .content(Set.of("example.org"))
                .modes(StepModes.builder()
                        .defaultMode(Step.BATV, batv)
                        .defaultMode(Step.DKIM2, dkim2)
                        .defaultMode(Step.CONTENT, content)
                        .build())
                .onTempfail(Step.DKIM2, onTempfail)
                .build();
    }

    private static Transaction bounceTo(String recipient) {
        return Transaction.of(InetAddress.getLoopbackAddress(), "mx.example.net", "")
                .to(recipient);
    }

    // As a server does: at RCPT, and at the end of the message if the decision awaits the content.
    private static Decision decide(SenderPolicy policy, Tag tag, Returned returned, Kind kind) {
        Transaction transaction = bounceTo(tag.address());
        Decision atRcpt = policy.decide(transaction);
        return atRcpt.smtpReply().isEmpty() && atRcpt.awaitsContent()
                ? policy.decide(
                        transaction,
                        MESSAGES.computeIfAbsent(
                                List.of(tag, returned, kind),
                                key -> ReceivedMessage.whole(message(kind, returned, tag.address()))))
                : atRcpt;
    }

    // Modes of BATV, DKIM2 and the content; tag, what is returned, kind; what becomes of it and the step that decides.
    @ParameterizedTest
    @CsvSource({
        // A tag alone is BATV as without DKIM2: at RCPT, or by the content.
        "enforce, off,     off,     VALID,  UNSIGNED,       DSN, CONTINUE, ",
        "enforce, off,     off,     FORGED, OURS,           DSN, REJECT,   batv: bad",
        "enforce, off,     off,     FORGED, OURS,           MDN, REJECT,   batv: bad",
        "enforce, off,     off,     ABSENT, OURS,           DSN, REJECT,   batv: unsigned",
        "enforce, off,     off,     ABSENT, UNSIGNED,       MDN, CONTINUE, no check failed",
        // A DKIM2 step that monitors lets BATV reject at RCPT, and speaks for a bounce at the end.
        "enforce, monitor, off,     FORGED, OURS,           DSN, REJECT,   batv: bad",
        "enforce, monitor, off,     ABSENT, OURS,           DSN, CONTINUE, bounce proven by dkim2: ours-unsigned-report",
        "enforce, monitor, off,     ABSENT, ALTERED_SIGNED, DSN, REJECT,   batv: unsigned",
        "enforce, monitor, off,     VALID,  ALTERED_SIGNED, DSN, CONTINUE, bounce proven by batv: valid",
        // While it enforces, BATV waits for it.
        "enforce, enforce, off,     VALID,  UNSIGNED,       DSN, CONTINUE, bounce proven by batv: valid",
        "enforce, enforce, off,     ABSENT, OURS,           DSN, CONTINUE, bounce proven by dkim2: ours-unsigned-report",
        "enforce, enforce, off,     ABSENT, OURS_SIGNED,    DSN, CONTINUE, bounce proven by dkim2: ours-authenticated",
        "enforce, enforce, off,     FORGED, OURS,           DSN, CONTINUE, bounce proven by dkim2: ours-unsigned-report",
        "enforce, enforce, off,     FORGED, UNSIGNED,       DSN, REJECT,   batv: bad",
        "enforce, enforce, off,     FORGED, UNSIGNED,       MDN, CONTINUE, not a delivery report",
        "enforce, enforce, off,     ABSENT, UNSIGNED,       DSN, REJECT,   batv: unsigned",
        "enforce, enforce, off,     ABSENT, ALTERED,        DSN, REJECT,   batv: unsigned",
        "enforce, enforce, off,     VALID,  ALTERED,        DSN, CONTINUE, bounce proven by batv: valid",
        "enforce, enforce, off,     VALID,  ALTERED_SIGNED, DSN, REJECT,   dkim2: altered",
        "enforce, enforce, off,     VALID,  UNAVAILABLE,    DSN, CONTINUE, bounce proven by batv: valid",
        "enforce, enforce, off,     ABSENT, UNAVAILABLE,    DSN, DEFER,    dkim2: temperror",
        // Without BATV, DKIM2 alone rejects only what it contradicts; the content rejects what nothing proves.
        "off,     enforce, off,     ABSENT, UNSIGNED,       DSN, CONTINUE, no check failed",
        "off,     enforce, off,     ABSENT, ALTERED,        DSN, CONTINUE, no check failed",
        "off,     enforce, off,     ABSENT, ALTERED_SIGNED, DSN, REJECT,   dkim2: altered",
        "off,     enforce, enforce, ABSENT, UNSIGNED,       DSN, REJECT,   content: dsn",
        "off,     enforce, enforce, ABSENT, ALTERED,        DSN, REJECT,   content: dsn",
        "off,     enforce, enforce, ABSENT, OURS,           DSN, CONTINUE, bounce proven by dkim2: ours-unsigned-report",
        "off,     enforce, enforce, ABSENT, UNSIGNED,       MDN, CONTINUE, no check failed",
        "off,     monitor, enforce, ABSENT, OURS,           DSN, CONTINUE, bounce proven by dkim2: ours-unsigned-report",
        "monitor, enforce, enforce, VALID,  UNSIGNED,       DSN, CONTINUE, bounce proven by batv: valid",
        "monitor, enforce, enforce, FORGED, UNSIGNED,       DSN, REJECT,   content: dsn",
        "monitor, monitor, monitor, FORGED, ALTERED_SIGNED, DSN, CONTINUE, no check failed",
    })
    void mergesProofs(
            String batv,
            String dkim2,
            String content,
            Tag tag,
            Returned returned,
            Kind kind,
            Decision.Action action,
            String reason) {
        SenderPolicy policy = policy(mode(batv), mode(dkim2), mode(content), TempfailAction.DEFER);
        Decision decision = decide(policy, tag, returned, kind);
        assertThat(decision.action()).as(decision.reason()).isEqualTo(action);
        if (reason != null) {
            assertThat(decision.reason()).startsWith(reason);
        }
    }

    private static StepMode mode(String text) {
        return StepMode.valueOf(text.toUpperCase(Locale.ROOT));
    }

    @Test
    void rulesHoldForAllCombinations() {
        int rejected = 0;
        for (StepMode batv : StepMode.values()) {
            for (StepMode dkim2 : StepMode.values()) {
                for (StepMode content : StepMode.values()) {
                    for (TempfailAction onTempfail : TempfailAction.values()) {
                        SenderPolicy policy = policy(batv, dkim2, content, onTempfail);
                        for (Tag tag : Tag.values()) {
                            for (Returned returned : Returned.values()) {
                                for (Kind kind : Kind.values()) {
                                    Decision decision = decide(policy, tag, returned, kind);
                                    assertRules(decision, List.of(batv, dkim2, content), tag, returned, kind);
                                    rejected += decision.action() == Decision.Action.REJECT ? 1 : 0;
                                }
                            }
                        }
                    }
                }
            }
        }
        assertThat(rejected).isPositive();
    }

    private static void assertRules(Decision decision, List<StepMode> modes, Tag tag, Returned returned, Kind kind) {
        StepMode batv = modes.get(0);
        StepMode dkim2 = modes.get(1);
        boolean rejects = decision.action() == Decision.Action.REJECT;
        String name = modes + " " + tag + " " + returned + " " + kind + ": " + decision.reason();
        boolean contradicted = returned == Returned.ALTERED_SIGNED && kind == Kind.DSN && dkim2 == StepMode.ENFORCE;
        boolean proven = tag == Tag.VALID && batv != StepMode.OFF
                || kind == Kind.DSN
                        && (returned == Returned.OURS || returned == Returned.OURS_SIGNED)
                        && dkim2 == StepMode.ENFORCE;
        if (contradicted) {
            // What BATV rejects at RCPT otherwise waits for DKIM2 too.
            assertThat(rejects).as(name).isTrue();
        } else if (proven) {
            assertThat(decision.action()).as(name).isEqualTo(Decision.Action.CONTINUE);
        } else if (!modes.contains(StepMode.ENFORCE) || kind == Kind.MDN && dkim2 == StepMode.ENFORCE) {
            assertThat(decision.action()).as(name).isEqualTo(Decision.Action.CONTINUE);
        } else if (kind == Kind.DSN && returned == Returned.UNAVAILABLE && dkim2 == StepMode.ENFORCE) {
            assertThat(rejects).as(name).isFalse();
        } else if (kind == Kind.DSN
                && returned == Returned.UNSIGNED
                && (batv == StepMode.ENFORCE || modes.get(2) == StepMode.ENFORCE)) {
            assertThat(rejects).as(name).isTrue();
        }
    }

    @Test
    void reasonHasTheResultOfEachProof() {
        SenderPolicy policy = policy(StepMode.ENFORCE, StepMode.ENFORCE, StepMode.MONITOR, TempfailAction.CONTINUE);
        assertThat(decide(policy, Tag.ABSENT, Returned.OURS, Kind.DSN).reason())
                .isEqualTo(
                        "bounce proven by dkim2: ours-unsigned-report (enforce): the report returns our message; the"
                                + " report is not signed; batv: unsigned (enforce): message without a tag, filtered by its"
                                + " content; content: dsn (monitor): report-type, status part, status fields, returned message, mailer-daemon");
    }

    @Test
    void beginningOfReportProvesItByHeaderOrNothing() {
        SenderPolicy policy = policy(StepMode.ENFORCE, StepMode.ENFORCE, StepMode.OFF, TempfailAction.CONTINUE);
        byte[] whole = message(Kind.DSN, Returned.OURS, ALICE);
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        byte[] inBody = bytes(text.substring(0, text.indexOf("Hello Bob") + 3));
        Decision proven = policy.decide(bounceTo(ALICE), ReceivedMessage.beginning(inBody));
        assertThat(proven.reason()).startsWith("bounce proven by dkim2: ours-unsigned-report");
        for (String last : new String[] {"Subject: lunch", "message/rfc822", "DKIM2-Signature"}) {
            byte[] before = bytes(text.substring(0, text.indexOf(last)));
            Decision undecided = policy.decide(bounceTo(ALICE), ReceivedMessage.beginning(before));
            assertThat(undecided.action()).as("cut before %s", last).isEqualTo(Decision.Action.CONTINUE);
            assertThat(undecided.reason()).contains("not verified").contains("dkim2: temperror");
        }
    }

    @Test
    void classifiedMessageIsDecidedWithoutDkim2() {
        SenderPolicy policy = policy(StepMode.ENFORCE, StepMode.ENFORCE, StepMode.OFF, TempfailAction.CONTINUE);
        byte[] message = message(Kind.DSN, Returned.OURS, ALICE);
        Decision decision = policy.decide(
                bounceTo(ALICE),
                ReceivedMessage.classified(ReceivedMessage.whole(message).content()));
        assertThat(decision.action()).isEqualTo(Decision.Action.REJECT);
    }

    @Test
    void otherDomainsAreLeftToTheOtherSteps() {
        SenderPolicy policy = policy(StepMode.OFF, StepMode.ENFORCE, StepMode.ENFORCE, TempfailAction.CONTINUE);
        assertThat(policy.decide(bounceTo("carol@example.com")).awaitsContent()).isFalse();
        Transaction ordinary = Transaction.of(InetAddress.getLoopbackAddress(), "h", "bob@example.net")
                .to(ALICE);
        assertThat(policy.decide(ordinary).awaitsContent()).isFalse();
    }

    @Test
    void contentNeverRejectsMailToRoleMailboxes() {
        SenderPolicy policy = policy(StepMode.OFF, StepMode.OFF, StepMode.ENFORCE, TempfailAction.CONTINUE);
        Transaction transaction = bounceTo("postmaster@example.org");
        assertThat(policy.decide(transaction).awaitsContent()).isFalse();
    }

    @Test
    void timeOfDecisionIsObservedOnce() {
        List<Decision> decided = new ArrayList<>();
        SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                .content(Set.of("example.org"))
                .observer(new PolicyObserver() {
                    @Override
                    public void decided(Transaction transaction, Decision decision, Duration time) {
                        decided.add(decision);
                    }
                })
                .build();
        Decision atRcpt = policy.decide(bounceTo(ALICE));
        Decision atEnd =
                policy.decide(bounceTo(ALICE), ReceivedMessage.whole(message(Kind.DSN, Returned.UNSIGNED, ALICE)));
        assertThat(atEnd.action()).isEqualTo(Decision.Action.CONTINUE);
        assertThat(decided).containsExactly(atRcpt, atEnd);
    }
}
