package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.callout.reply.PostmasterCheck.ACCEPTED;
import static org.senderauth.callout.reply.PostmasterCheck.REJECTED;
import static org.senderauth.callout.reply.PostmasterCheck.UNKNOWN;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.reply.ReplyClassification.Next;

/** The meaning of replies to a callout. */
class ReplyClassifierTest {

    private static ReplyClassification rcpt(PostmasterCheck postmaster, String... lines) {
        return ReplyClassifier.classify(ServerReply.of(List.of(lines)), ReplyStage.RCPT, postmaster);
    }

    private static CalloutReason reason(ReplyStage stage, String... lines) {
        return ReplyClassifier.classify(ServerReply.of(List.of(lines)), stage, UNKNOWN)
                .reason();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "250 2.1.5 OK | ACCEPTED",
                "251 2.1.5 will forward | ACCEPTED",
                "252 2.5.2 cannot verify | CANNOT_VERIFY",
                "235 2.7.0 what? | PROTOCOL_ERROR",
                "354 go ahead | PROTOCOL_ERROR",
                "650 what? | PROTOCOL_ERROR",
                "550 5.1.1 no | NO_SUCH_MAILBOX",
                "550 5.1.6 moved | MOVED",
                "550 5.2.1 mailbox disabled | DISABLED",
                "550 5.0.101 no | UNCLEAR_REJECTION",
                "550 0.5.101 no | UNCLEAR_REJECTION",
                "550 no | UNCLEAR_REJECTION",
                "550 relay not permitted | RELAY_DENIED",
                "550 Administrative prohibition | POLICY_REFUSED",
                "450 4.7.1 Client host rejected: cannot find your hostname | POLICY_DEFERRED",
                "451 4.7.1 try again later | GREYLISTED",
                "451 4.7.0 try again later | TEMPFAIL",
                "451 4.7.24 SPF validation error | POLICY_DEFERRED",
                "450 4.2.0 Greylisted | GREYLISTED",
                "450 4.2.1 mailbox busy | MAILBOX_BUSY",
                "450 mailbox busy | MAILBOX_BUSY",
                "450 4.2.1 is receiving mail too quickly, the recipient is receiving mail too quickly | MAILBOX_BUSY",
                "452 4.5.3 Too many recipients | TOO_MANY_RECIPIENTS",
                "552 Too many recipients | TOO_MANY_RECIPIENTS",
                "421 4.3.2 shutting down | TEMPFAIL",
                "530 Must issue a STARTTLS command first | TLS_REQUIRED",
                "550 5.7.10 Encryption needed | TLS_REQUIRED",
                "530 Authentication required | POLICY_REFUSED",
                "550 5.6.7 no | SMTPUTF8_UNSUPPORTED",
                "550 5.1.7 <>: Bogus sender | NULL_SENDER_REFUSED",
                "550 Empty envelope senders not allowed | NULL_SENDER_REFUSED",
                "503 5.5.1 nested MAIL command | PROTOCOL_ERROR",
                "521 mx.example.org does not accept mail | HOST_ACCEPTS_NO_MAIL",
            })
    void givesTheReasonOfAReplyToRcpt(String reply, CalloutReason reason) {
        assertThat(rcpt(ACCEPTED, reply).reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BANNER | 220 mx.example.org ESMTP | CANNOT_VERIFY",
                "BANNER | 421 4.3.2 busy | HOST_BUSY",
                "BANNER | 421 too many connections from your host | POLICY_DEFERRED",
                "BANNER | 521 mx.example.org does not accept mail | HOST_ACCEPTS_NO_MAIL",
                "BANNER | 521 your host is blocked | POLICY_REFUSED",
                "BANNER | 554 no SMTP service here | POLICY_REFUSED",
                "EHLO | 250 mx.example.org | CANNOT_VERIFY",
                "EHLO | 550 5.1.1 no such user | POLICY_REFUSED",
                "EHLO | 451 later | HOST_BUSY",
                "EHLO | 354 what | PROTOCOL_ERROR",
                "MAIL | 250 OK | CANNOT_VERIFY",
                "MAIL | 451 later | TEMPFAIL",
                "MAIL | 451 4.1.8 domain of sender address does not resolve | POLICY_DEFERRED",
                "MAIL | 550 5.1.1 no such user | NULL_SENDER_REFUSED",
                "MAIL | 550 5.7.1 your host is blocked | POLICY_REFUSED",
                "MAIL | 530 5.7.0 must issue a STARTTLS command first | TLS_REQUIRED",
            })
    void decidesNoAddressBeforeRcpt(ReplyStage stage, String reply, CalloutReason reason) {
        assertThat(reason(stage, reply)).isEqualTo(reason);
        assertThat(reason.verdict()).isEqualTo(CalloutVerdict.UNDECIDED);
    }

    @Test
    void otherSenderIsNotNullSender() {
        ServerReply reply = ServerReply.of(List.of("550 5.1.8 sender rejected"));
        assertThat(ReplyClassifier.classify(reply, ReplyStage.MAIL, UNKNOWN, false)
                        .reason())
                .isEqualTo(CalloutReason.POLICY_REFUSED);
        assertThat(ReplyClassifier.classify(reply, ReplyStage.MAIL, UNKNOWN, true)
                        .reason())
                .isEqualTo(CalloutReason.NULL_SENDER_REFUSED);
    }

    @Test
    void postmasterCheckVotesOnWeakTextsOnly() {
        assertThat(rcpt(UNKNOWN, "550 mailbox unavailable").next()).isEqualTo(Next.POSTMASTER_CHECK);
        assertThat(rcpt(ACCEPTED, "550 mailbox unavailable").reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
        assertThat(rcpt(REJECTED, "550 mailbox unavailable").reason()).isEqualTo(CalloutReason.UNCLEAR_REJECTION);
        assertThat(rcpt(PostmasterCheck.UNDECIDED, "550 mailbox unavailable").reason())
                .isEqualTo(CalloutReason.TEMPFAIL);
        assertThat(rcpt(REJECTED, "550 5.1.1 user unknown").reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
        assertThat(rcpt(UNKNOWN, "550 5.1.1 user unknown").next()).isEqualTo(Next.END);
        assertThat(rcpt(ACCEPTED, "550 no").reason()).isEqualTo(CalloutReason.UNCLEAR_REJECTION);
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 421 4.3.2 busy, NEXT_HOST",
        "RCPT, 421 later, NEXT_HOST",
        "RCPT, 451 later, END",
        "RCPT, 451 4.3.0 later, NEXT_HOST",
        "MAIL, 450 4.7.1 your host is throttled, NEXT_HOST",
        "RCPT, 451 4.2.0 later, END",
        "RCPT, 421 your host is throttled, NEXT_HOST",
        "RCPT, 450 4.7.1 your host is throttled, END",
        "RCPT, 503 bad sequence, LOCK_STEP",
        "RCPT, 354 what, END",
        "RCPT, 530 use STARTTLS, START_TLS",
        "RCPT, 550 5.6.7 no, NEXT_HOST",
        "RCPT, 521 no mail here, NEXT_HOST",
        "MAIL, 451 later, NEXT_HOST",
        "MAIL, 550 5.7.1 blocked, END",
        "BANNER, 554 no, NEXT_HOST",
        "EHLO, 550 no, NEXT_HOST",
    })
    void saysWhatASessionDoesNext(ReplyStage stage, String reply, Next next) {
        assertThat(ReplyClassifier.classify(ServerReply.of(List.of(reply)), stage, UNKNOWN)
                        .next())
                .isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "550 User unknown #5.1.1",
                "550 (#5.1.1)",
                "550 #5.1.1 rejected address",
                "550 <bob@192.0.2.1> 5.1.1",
            })
    void readsAnEnhancedCodeAnywhere(String reply) {
        assertThat(rcpt(UNKNOWN, reply).reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "550 5.1.1.4 no",
                "550 15.1.1 no",
                "550 5.1.1234 no",
                "550 5.01.1 no",
                "550 5.1 no",
                "550 5.0.101 no"
            })
    void takesNoNumberForAnEnhancedCode(String reply) {
        assertThat(rcpt(ACCEPTED, reply).reason()).isEqualTo(CalloutReason.UNCLEAR_REJECTION);
    }

    @Test
    void ignoresWordsInsideAddressesAndHosts() {
        assertThat(rcpt(ACCEPTED, "550 <user-unknown@no-such-user.example>: rejected")
                        .rule())
                .isEqualTo("mailbox-unavailable");
        assertThat(rcpt(ACCEPTED, "550 see https://example.org/?e=NoSuchUser").reason())
                .isEqualTo(CalloutReason.UNCLEAR_REJECTION);
        assertThat(rcpt(ACCEPTED, "550 5.1.1 <your-ip-is-blocked@spam.example>: user unknown")
                        .reason())
                .isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
    }

    @Test
    void contradictoryRepliesDecideNothing() {
        assertThat(rcpt(ACCEPTED, "250-OK", "550 5.1.1 user unknown").rule()).isEqualTo("mixed-codes");
        assertThat(rcpt(ACCEPTED, "550-5.1.1 user unknown", "250 OK").reason().verdict())
                .isEqualTo(CalloutVerdict.UNDECIDED);
        assertThat(rcpt(ACCEPTED, "553-5.1.1 user unknown", "550 5.1.1 user unknown")
                        .reason())
                .isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
        assertThat(rcpt(ACCEPTED, "550 4.1.1 user unknown").reason()).isEqualTo(CalloutReason.UNCLEAR_REJECTION);
    }

    @Test
    void leavesTooLongTextUndecided() {
        String[] lines = new String[20];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "550" + (i == lines.length - 1 ? " " : "-") + "5.1.1 user unknown " + "x".repeat(300);
        }
        assertThat(rcpt(ACCEPTED, lines).rule()).isEqualTo("too-long");
    }

    @Test
    void longTextIsReadUpToItsLimitOnly() {
        String longest = "5.1.1 user unknown" + " ".repeat(ReplyText.MAX_LENGTH - "5.1.1 user unknown".length());
        assertThat(classified(550, longest).rule()).isEqualTo("user-unknown");
        assertThat(classified(550, longest + " ").reason()).isEqualTo(CalloutReason.UNCLEAR_REJECTION);
        assertThat(classified(450, longest + " ").reason()).isEqualTo(CalloutReason.TEMPFAIL);
        assertThat(classified(250, longest + " ").reason()).isEqualTo(CalloutReason.PROTOCOL_ERROR);
    }

    private static ReplyClassification classified(int code, String text) {
        return ReplyClassifier.classify(new ServerReply(code, List.of(), text, false, false), ReplyStage.RCPT, UNKNOWN);
    }

    @Test
    void everyRowHasNameAndSource() {
        Set<String> ids = new HashSet<>();
        for (ReplyRule rule : ReplyRules.TABLE) {
            assertThat(ids.add(rule.id())).as("one row named %s", rule.id()).isTrue();
            assertThat(rule.source()).as(rule.id()).isNotBlank();
        }
    }

    @Test
    void rejectingRowsNameTheMailbox() {
        assertThat(ReplyRules.TABLE)
                .filteredOn(rule -> rule.reason().verdict() == CalloutVerdict.UNDELIVERABLE
                        && rule.reason() != CalloutReason.SMTPUTF8_UNSUPPORTED)
                .allSatisfy(rule -> {
                    assertThat(rule.stages()).containsExactly(ReplyStage.RCPT);
                    assertThat(rule.weight()).isNotEqualTo(ReplyRule.Weight.DECIDES);
                    assertThat(rule.replyCodes().matcher("450").matches()).isFalse();
                    assertThat(rule.replyCodes().matcher("535").matches()).isFalse();
                    assertThat(rule.replyCodes().matcher("503").matches()).isFalse();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The same in a second language, and relaying, are not vetoes.
                "550 User unknown. Benutzer unbekannt | NO_SUCH_MAILBOX",
                "550 5.1.1 user unknown, relaying denied | NO_SUCH_MAILBOX",
                // A failure that passes vetoes a missing mailbox, not a disabled one.
                "550 5.1.1 user unknown, try again later | UNCLEAR_REJECTION",
                "550 5.2.1 mailbox temporarily disabled | DISABLED",
                // Words between those of a row are vetoes.
                "550 user of your host unknown | POLICY_REFUSED",
                "550 user unknown, 5.7.25 | POLICY_REFUSED",
                // Some senders only; an account of the client.
                "550 user unknown to external hosts | UNCLEAR_REJECTION",
                "550 mailbox not found for external mail | UNCLEAR_REJECTION",
                "550 your account is unknown | POLICY_REFUSED",
                "550 SMTP account unknown | UNCLEAR_REJECTION",
                // General words with an IP address are about us.
                "550 mailbox unavailable | NO_SUCH_MAILBOX",
                "550 mailbox unavailable 192.0.2.4 | UNCLEAR_REJECTION",
                "550 RCP_NOUSER 192.0.2.1: user not found | NO_SUCH_MAILBOX",
            })
    void otherCausesVetoMissingMailbox(String reply, CalloutReason reason) {
        assertThat(rcpt(ACCEPTED, reply).reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "BANNER, 554 5.1.8 sender rejected, POLICY_REFUSED",
        "EHLO, 550 5.1.8 sender rejected, POLICY_REFUSED",
        "MAIL, 550 5.1.8 sender rejected, NULL_SENDER_REFUSED",
        "RCPT, 550 5.1.8 sender rejected, NULL_SENDER_REFUSED",
        "MAIL, 450 4.1.8 sender rejected, POLICY_DEFERRED",
        "RCPT, 450 4.1.8 sender rejected, POLICY_DEFERRED",
        "RCPT, 450 your host is blocked, POLICY_DEFERRED",
        "RCPT, 550 your host is blocked, POLICY_REFUSED",
    })
    void rejectedSenderIsOursAfterBannerOnly(ReplyStage stage, String reply, CalloutReason reason) {
        assertThat(reason(stage, reply)).isEqualTo(reason);
    }

    @Test
    void namesRowAndSourceOfDecision() {
        ReplyClassification unknown = rcpt(UNKNOWN, "550 5.1.1 user unknown");
        assertThat(unknown.rule()).isEqualTo("user-unknown");
        assertThat(unknown.source()).contains("Postfix");
        ReplyClassification mixed = rcpt(UNKNOWN, "250-a", "550 b");
        assertThat(mixed)
                .isEqualTo(new ReplyClassification(
                        CalloutReason.PROTOCOL_ERROR,
                        "mixed-codes",
                        "RFC 5321 section 4.2.1: one code in all lines",
                        Next.END));
        assertThat(classified(550, "x".repeat(ReplyText.MAX_LENGTH + 1)))
                .isEqualTo(new ReplyClassification(
                        CalloutReason.UNCLEAR_REJECTION, "too-long", "longer than any real reply", Next.END));
    }

    @Test
    void postmasterCheckLeavesRowAndEnds() {
        for (PostmasterCheck made : List.of(ACCEPTED, REJECTED, PostmasterCheck.UNDECIDED)) {
            ReplyClassification found = rcpt(made, "550 mailbox unavailable");
            assertThat(found.rule()).isEqualTo("mailbox-unavailable");
            assertThat(found.next()).isEqualTo(Next.END);
        }
        assertThat(rcpt(UNKNOWN, "550 mailbox unavailable").reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
    }

    @Test
    void everyReplyHasAMeaning() {
        for (ReplyStage stage : ReplyStage.values()) {
            for (int code = 0; code < 1000; code++) {
                String reply = "%03d something".formatted(code);
                assertThat(reason(stage, reply)).as(reply).isNotNull();
            }
        }
    }
}
