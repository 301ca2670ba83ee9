package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.dkim2.TestKeys.MESSAGE;
import static org.senderauth.dkim2.TestKeys.RECIPIENT;
import static org.senderauth.dkim2.TestKeys.SENDER;
import static org.senderauth.dkim2.TestKeys.TIME;
import static org.senderauth.dkim2.TestKeys.bounces;
import static org.senderauth.dkim2.TestKeys.bytes;
import static org.senderauth.dkim2.TestKeys.hop;
import static org.senderauth.dkim2.TestKeys.instance;
import static org.senderauth.dkim2.TestKeys.ourMessage;
import static org.senderauth.dkim2.TestKeys.report;
import static org.senderauth.dkim2.TestKeys.signed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.CountingDnsClient;

/** Every rule of the bounce check. */
class BounceRulesTest {

    private static final String WHOLE = "Content-Type: message/rfc822";
    private static final String HEADERS = "Content-Type: text/rfc822-headers";

    private static Dkim2BounceResult check(String report) {
        return bounces().build().verify(bytes(report), "<>", List.of(SENDER));
    }

    private static String withFields(byte[] signed) {
        return new String(signed, StandardCharsets.ISO_8859_1);
    }

    private static String signedReport(String report, String hop) {
        return withFields(signed(report, List.of(instance(report, 1)), List.of(hop)));
    }

    private static String reporterHop(String domain) {
        return hop(1, 1, domain, "<>", SENDER);
    }

    @Test
    void unsignedReportOfOurMessageIsOurs() {
        Dkim2BounceResult result = check(report(WHOLE, ourMessage()));
        assertThat(result.verdict()).as(result.toString()).isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
        assertThat(result.reason()).isEqualTo(Dkim2Reason.VERIFIED);
        assertThat(result.domain()).contains("example.org");
        assertThat(result.recipients()).containsExactly(RECIPIENT);
        assertThat(result.signedAt().orElseThrow().getEpochSecond()).isEqualTo(TIME);
        assertThat(result.reporter()).isEmpty();
        assertThat(result.queries()).isZero();
        assertThat(result.smtpReply()).isEmpty();
        assertThat(result.authResult()).hasToString("dkim2=pass policy.dsn=ours-unsigned-report");
    }

    @Test
    void signedReportOfRecipientIsAuthenticated() {
        Dkim2BounceResult result = check(signedReport(report(WHOLE, ourMessage()), reporterHop("example.net")));
        assertThat(result.verdict()).as(result.toString()).isEqualTo(Dkim2BounceVerdict.OURS_AUTHENTICATED);
        assertThat(result.reporter()).contains("example.net");
        assertThat(result.queries()).isEqualTo(1);
        assertThat(result.authResult()).hasToString("dkim2=pass policy.dsn=ours-authenticated header.d=example.net");
    }

    @Test
    void headerAloneProvesToo() {
        String header = ourMessage().replaceFirst("(?s)\r\n\r\n.*", "\r\n");
        assertThat(check(report(HEADERS, header)).verdict().isOurs()).isTrue();
        assertThat(check(report(HEADERS, header + "\r\nanother body")).verdict().isOurs())
                .isTrue();
        assertThat(check(report("Content-Type: message/global-headers", header))
                        .verdict()
                        .isOurs())
                .isTrue();
        assertThat(check(report(WHOLE, header)).verdict()).isEqualTo(Dkim2BounceVerdict.ALTERED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.org", "<alice@example.org>"})
    void onlyNullSenderReports(String sender) {
        Dkim2BounceResult result =
                bounces().build().verify(bytes(report(WHOLE, ourMessage())), sender, List.of(SENDER));
        assertThat(result.verdict()).isEqualTo(Dkim2BounceVerdict.NOT_A_REPORT);
        assertThat(result.reason()).isEqualTo(Dkim2Reason.NOT_A_BOUNCE);
    }

    @Test
    void reportHasOneRecipient() {
        byte[] report = bytes(report(WHOLE, ourMessage()));
        assertThat(bounces()
                        .build()
                        .verify(report, "<>", List.of(SENDER, "<b@example.org>"))
                        .verdict())
                .isEqualTo(Dkim2BounceVerdict.NOT_A_REPORT);
        assertThat(bounces().build().verify(report, "", List.of()).verdict())
                .isEqualTo(Dkim2BounceVerdict.NOT_A_REPORT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
            multipart/report; report-type=delivery-status            ! multipart/mixed                                       ! NOT_A_REPORT
            report-type=delivery-status;                             ! report-type=disposition-notification;                 ! NOT_A_REPORT
            report-type=delivery-status;                             ! x=y;                                                  ! NOT_A_REPORT
            boundary="b1"                                            ! x="b1"                                                ! NOT_A_REPORT
            boundary="b1"                                            ! boundary="b2"                                         ! NO_EVIDENCE
            boundary="b1"                                            ! boundary=b1; boundary=b2                              ! NOT_A_REPORT
            boundary="b1"                                            ! boundary = b1 (comment \\) here)                       ! OURS_UNSIGNED_REPORT
            boundary="b1"                                            ! boundary="b\\1"                                        ! OURS_UNSIGNED_REPORT
            boundary="b1"                                            ! boundary=""                                           ! MALFORMED
            boundary="b1"                                            ! boundary=b1; name=my mail=?.eml                        ! OURS_UNSIGNED_REPORT
            multipart/report; report-type=delivery-status            ! Multipart/REPORT; Report-Type=Delivery-Status         ! OURS_UNSIGNED_REPORT
            Content-Type: multipart/report                           ! Content-Type: text/plain\\nContent-Type: multipart/report  ! NOT_A_REPORT
            MIME-Version: 1.0                                        ! not a field                                           ! MALFORMED
            """)
    void reportIsRecognizedByItsType(String from, String to, Dkim2BounceVerdict verdict) {
        String report = report(WHOLE, ourMessage()).replace(from, to.replace("\\n", "\r\n"));
        assertThat(check(report).verdict()).as(check(report).toString()).isEqualTo(verdict);
    }

    @Test
    void onlyOneReturnedPartOfFirstLevelCounts() {
        String again = report(WHOLE, ourMessage() + "\r\n--b1\r\n" + WHOLE + "\r\n\r\n" + ourMessage());
        assertThat(check(again).verdict()).isEqualTo(Dkim2BounceVerdict.MALFORMED);
        String nested = "--b2\r\n" + WHOLE + "\r\n\r\n" + ourMessage() + "\r\n--b2--\r\n";
        assertThat(check(report("Content-Type: multipart/mixed; boundary=b2", nested))
                        .verdict())
                .isEqualTo(Dkim2BounceVerdict.NO_EVIDENCE);
        assertThat(check(report("Content-Type: text/plain", ourMessage())).verdict())
                .isEqualTo(Dkim2BounceVerdict.NO_EVIDENCE);
    }

    @Test
    void revisedReportIsNotRejected() {
        String once = "Message-Instance: m=1;\r\n" + report(WHOLE, ourMessage());
        String twice = "Message-Instance: m=2;\r\n" + once;
        List<String> eve = List.of("<eve@example.org>");
        assertThat(bounces().build().verify(bytes(once), "<>", eve).smtpReply()).isPresent();
        Dkim2BounceResult revised = bounces().build().verify(bytes(twice), "<>", eve);
        assertThat(revised.verdict()).isEqualTo(Dkim2BounceVerdict.WRONG_RECIPIENT);
        assertThat(revised.smtpReply()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Dkim2Reason.class)
    void neverRejectsForUnknownAlgorithmOrLimit(Dkim2Reason reason) {
        Dkim2BounceResult result =
                new Dkim2BounceResult.Builder(true).build(Dkim2BounceVerdict.REPORT_FAILED, reason, "");
        assertThat(result.smtpReply().isEmpty())
                .isEqualTo(reason == Dkim2Reason.LIMIT_EXCEEDED || reason == Dkim2Reason.UNKNOWN_ALGORITHM);
    }

    @Test
    void boundaryWithoutQuotesIsRead() {
        String report = report(WHOLE, ourMessage()).replace("--b1", "--A1/=b.c").replace("\"b1\"", "A1/=b.c");
        assertThat(check(report).verdict())
                .as(check(report).toString())
                .isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-A: b\nSubject: Forged\n\nForged body", "X-A: b\rSubject: Forged", "X-A: \r\r\n b"})
    void bareNewlineInHeaderIsMalformed(String field) {
        String message = field + "\r\n" + ourMessage();
        assertThat(check(report(WHOLE, message)).verdict()).isEqualTo(Dkim2BounceVerdict.MALFORMED);
        assertThat(check(field + "\r\n" + report(WHOLE, ourMessage())).verdict())
                .isEqualTo(Dkim2BounceVerdict.MALFORMED);
    }

    @Test
    void missingFinalDelimiterIsAccepted() {
        assertThat(check(report(WHOLE, ourMessage()).replace("\r\n--b1--\r\n", ""))
                        .verdict()
                        .isOurs())
                .isTrue();
    }

    @Test
    void encodedPartIsDecoded() {
        String base64 = Base64.getMimeEncoder().encodeToString(bytes(ourMessage()));
        String encoding = "\r\nContent-Transfer-Encoding: ";
        assertThat(check(report(WHOLE + encoding + "base64", base64)).verdict().isOurs())
                .isTrue();
        String quoted = ourMessage().replace("=", "=3D").replace("Hello Bob", "Hello=\r\n =42ob  ");
        assertThat(check(report(WHOLE + encoding + "Quoted-Printable", quoted))
                        .verdict()
                        .isOurs())
                .isTrue();
        assertThat(check(report(WHOLE + encoding + "8-bit", ourMessage()))
                        .verdict()
                        .isOurs())
                .isTrue();
        String stored =
                Base64.getMimeEncoder().encodeToString(bytes(ourMessage().replace("\r\n", "\n")));
        assertThat(check(report(WHOLE + encoding + "base64", stored)).verdict().isOurs())
                .isTrue();
        assertThat(check(report(WHOLE + encoding + "x-other", ourMessage())).verdict())
                .isEqualTo(Dkim2BounceVerdict.MALFORMED);
        assertThat(check(report(WHOLE + encoding + "base64", "=" + base64)).verdict())
                .isEqualTo(Dkim2BounceVerdict.MALFORMED);
    }

    @Test
    void messageWithoutSignatureIsNoEvidence() {
        Dkim2BounceResult result = check(report(WHOLE, MESSAGE));
        assertThat(result.verdict()).isEqualTo(Dkim2BounceVerdict.NO_EVIDENCE);
        assertThat(result.reason()).isEqualTo(Dkim2Reason.UNSIGNED);
    }

    @Test
    void messageOfOtherSignerIsNotOurs() {
        String other = withFields(signed(
                MESSAGE,
                List.of(instance(MESSAGE, 1)),
                List.of(hop(1, 1, "example.com", "<a@example.com>", RECIPIENT))));
        assertThat(check(report(WHOLE, other)).verdict()).isEqualTo(Dkim2BounceVerdict.NOT_OURS);
        assertThat(check(report(WHOLE, other)).authResult().result()).isEqualTo("none");
    }

    @Test
    void domainsMayBeFewerThanKeys() {
        Dkim2Bounces bounces = bounces().domains(List.of("example.com")).build();
        assertThat(bounces.verify(bytes(report(WHOLE, ourMessage())), "<>", List.of(SENDER))
                        .verdict())
                .isEqualTo(Dkim2BounceVerdict.NOT_OURS);
    }

    @Test
    void badStructureInsideIsMalformed() {
        String twice = ourMessage().replaceFirst("(?s)(Message-Instance: .*?;\r\n)", "$1$1");
        assertThat(check(report(WHOLE, twice)).verdict()).isEqualTo(Dkim2BounceVerdict.MALFORMED);
        assertThat(check(report(WHOLE, "no field\r\n" + ourMessage())).verdict())
                .isEqualTo(Dkim2BounceVerdict.MALFORMED);
        String handed = withFields(signed(
                MESSAGE,
                List.of(instance(MESSAGE, 1)),
                List.of("i=1; m=1; t=" + TIME + "; d=example.org; nd=example.net; s=e1:ed25519-sha256:?;")));
        assertThat(check(report(WHOLE, handed)).verdict()).isEqualTo(Dkim2BounceVerdict.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "<bounce@EXAMPLE.org>,true",
        "bounce@example.org,true",
        "<Bounce@example.org>,false",
        "<other@example.org>,false",
    })
    void recipientOfReportIsSignedSender(String rcptTo, boolean ours) {
        Dkim2BounceResult result = bounces().build().verify(bytes(report(WHOLE, ourMessage())), "<>", List.of(rcptTo));
        assertThat(result.verdict().isOurs()).isEqualTo(ours);
        assertThat(result.verdict() == Dkim2BounceVerdict.WRONG_RECIPIENT).isEqualTo(!ours);
        assertThat(result.smtpReply()).as("an unsigned report is not rejected").isEmpty();
    }

    @Test
    void signatureOfOthersIsForged() {
        String forged = ourMessage().replaceFirst("(?s)e1:ed25519-sha256:.*?;", "e1:ed25519-sha256:YWJj;");
        assertThat(check(report(WHOLE, forged)).reason()).isEqualTo(Dkim2Reason.BAD_SIGNATURE);
        assertThat(check(report(WHOLE, forged)).verdict()).isEqualTo(Dkim2BounceVerdict.FORGED);
        String unknown = ourMessage().replace("s=e1:", "s=e9:");
        assertThat(check(report(WHOLE, unknown)).reason()).isEqualTo(Dkim2Reason.UNKNOWN_KEY);
        String algorithm = ourMessage().replace("ed25519-sha256", "ml-dsa-44");
        assertThat(check(report(WHOLE, algorithm)).verdict()).isEqualTo(Dkim2BounceVerdict.FORGED);
        String unaligned = withFields(signed(
                MESSAGE,
                List.of(instance(MESSAGE, 1)),
                List.of(hop(1, 1, "example.org", "<a@example.com>", RECIPIENT))));
        assertThat(check(report(WHOLE, unaligned)).reason()).isEqualTo(Dkim2Reason.SENDER_NOT_ALIGNED);
    }

    @Test
    void otherMessageWithOurFieldsIsAltered() {
        assertThat(check(report(WHOLE, ourMessage().replace("Lunch", "Dinner"))).verdict())
                .isEqualTo(Dkim2BounceVerdict.ALTERED);
        assertThat(check(report(WHOLE, ourMessage().replace("Hello Bob", "Buy now")))
                        .verdict())
                .isEqualTo(Dkim2BounceVerdict.ALTERED);
    }

    @ParameterizedTest
    @CsvSource({"example.net,OURS_AUTHENTICATED", "mail.example.net,MISALIGNED", "example.com,MISALIGNED"})
    void signerOfReportIsRecipientDomainOrAbove(String domain, Dkim2BounceVerdict verdict) {
        Dkim2BounceResult result = check(signedReport(report(WHOLE, ourMessage()), reporterHop(domain)));
        assertThat(result.verdict()).as(result.toString()).isEqualTo(verdict);
        assertThat(result.smtpReply().isPresent()).isEqualTo(verdict == Dkim2BounceVerdict.MISALIGNED);
    }

    @Test
    void badReportSignatureIsRejected() {
        String report = report(WHOLE, ourMessage());
        Dkim2BounceResult result =
                check(signedReport(report, reporterHop("example.net").replace("?", "YWJj")));
        assertThat(result.verdict()).isEqualTo(Dkim2BounceVerdict.REPORT_FAILED);
        assertThat(result.smtpReply().orElseThrow().toString()).startsWith("550 5.7.1 Bounce rejected: ");
        assertThat(check(signedReport(report, hop(1, 1, "example.net", "<a@example.net>", SENDER)))
                        .verdict())
                .isEqualTo(Dkim2BounceVerdict.REPORT_FAILED);
        assertThat(check("Message-Instance: x\r\n" + report).verdict()).isEqualTo(Dkim2BounceVerdict.REPORT_FAILED);
        assertThat(check("DKIM2-Signature: x\r\n" + report).verdict()).isEqualTo(Dkim2BounceVerdict.REPORT_FAILED);
    }

    @Test
    void signedReportOfAlteredMessageIsRejected() {
        String altered = report(WHOLE, ourMessage().replace("Lunch", "Dinner"));
        Dkim2BounceResult result = check(signedReport(altered, reporterHop("example.net")));
        assertThat(result.verdict()).isEqualTo(Dkim2BounceVerdict.ALTERED);
        assertThat(result.smtpReply().orElseThrow().code()).isEqualTo(550);
        assertThat(result.queries()).as("decided without DNS").isZero();
    }

    @Test
    void signedReportWithRecipesCountsAsUnsigned() {
        String report = report(WHOLE, ourMessage());
        String revised = withFields(signed(
                report,
                List.of(instance(MESSAGE, 1), instance(report, 2)),
                List.of(hop(1, 1, "example.net", "<>", "<a@example.com>"), hop(2, 2, "example.com", "<>", SENDER))));
        assertThat(check(revised).verdict()).isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
        assertThat(check(revised).reason()).isEqualTo(Dkim2Reason.RECIPE_NEEDED);
    }

    @ParameterizedTest
    @CsvSource({"1209600,true", "1209601,false", "-300,true", "-301,false"})
    void ourSignatureExpiresAfterFourteenDays(long seconds, boolean ours) {
        Dkim2Bounces bounces = bounces()
                .clock(InstantSource.offset(InstantSource.fixed(TestKeys.NOW), Duration.ofSeconds(seconds - 60)))
                .build();
        Dkim2BounceResult result = bounces.verify(bytes(report(WHOLE, ourMessage())), "<>", List.of(SENDER));
        assertThat(result.verdict().isOurs()).as(result.toString()).isEqualTo(ours);
        assertThat(result.verdict() == Dkim2BounceVerdict.EXPIRED).isEqualTo(!ours);
    }

    @Test
    void ageIsMeasuredAtTimeOfSignedReport() {
        long week = 7 * 86_400;
        String report = signedReport(
                report(WHOLE, ourMessage()), reporterHop("example.net").replace("t=" + TIME, "t=" + (TIME + week)));
        Dkim2Bounces later = bounces()
                .clock(InstantSource.fixed(TestKeys.NOW.plusSeconds(2 * week)))
                .build();
        assertThat(later.verify(bytes(report), "<>", List.of(SENDER)).verdict())
                .isEqualTo(Dkim2BounceVerdict.OURS_AUTHENTICATED);
    }

    @Test
    void unsignedReportNeedsNoDns() {
        CountingDnsClient dns =
                CountingDnsClient.of(ZoneDnsClient.builder().text(TestKeys.ZONE).build());
        Dkim2Bounces bounces = bounces().dns(dns).build();
        bounces.verify(bytes(report(WHOLE, ourMessage())), "<>", List.of(SENDER));
        assertThat(dns.questions()).isEmpty();
        bounces.verify(
                bytes(signedReport(report(WHOLE, ourMessage()), reporterHop("example.net"))), "<>", List.of(SENDER));
        assertThat(dns.questions()).hasSize(1);
    }

    @Test
    void returnedMessageCanBeCheckedAlone() {
        Dkim2Bounces bounces = bounces().build();
        byte[] message = bytes(ourMessage());
        assertThat(bounces.verify(ReturnedMessage.whole(message), SENDER).verdict())
                .isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
        assertThat(bounces.verify(ReturnedMessage.headersOnly(message), SENDER).verdict())
                .isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
        assertThat(bounces.verify(ReturnedMessage.whole(message), "<eve@example.org>")
                        .verdict())
                .isEqualTo(Dkim2BounceVerdict.WRONG_RECIPIENT);
    }
}
