package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageContentTest {

    private static MessageContent of(String message) {
        return MessageContent.of(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "dsn-rfc3464.eml, DSN",
        "dsn-delayed-with-comments.eml, DSN",
        "dsn-global-utf8.eml, DSN",
        "dsn-in-multipart-mixed.eml, DSN",
        "mdn-rfc8098.eml, MDN",
        "out-of-office-rfc3834.eml, AUTO_REPLY",
        "out-of-office-old.eml, AUTO_REPLY",
        "bounce-in-plain-text.eml, BACKSCATTER",
        "bounce-failed-recipients.eml, BACKSCATTER",
        "virus-notice.eml, BACKSCATTER",
        "list-with-null-sender.eml, OTHER",
        "forwarded-dsn-as-attachment.eml, OTHER",
        "feedback-report.eml, OTHER",
    })
    void sampleIsOfItsKind(String sample, MessageKind kind) throws IOException {
        try (InputStream in = MessageContentTest.class.getResourceAsStream("messages/" + sample)) {
            byte[] message = in.readAllBytes();
            assertThat(MessageContent.of(message).kind())
                    .as(MessageContent.of(message).why())
                    .isEqualTo(kind);
            byte[] crlf = new String(message, StandardCharsets.UTF_8)
                    .replace("\n", "\r\n")
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(MessageContent.of(crlf).kind()).isEqualTo(kind);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          multipart/report; report-type=delivery-status; boundary=x         | DSN
          Multipart/Report; BOUNDARY="x"; Report-Type="Delivery-Status"      | DSN
          multipart/report (a (nested) comment); report-type=delivery-status | DSN
          multipart/report; x="a;b\\";report-type=none"; report-type=delivery-status | DSN
          multipart/report; report-type=disposition-notification             | MDN
          multipart/report; report-type=disposition-notification; report-type=delivery-status | MDN
          multipart/report; report-type                                       | OTHER
          multipart/report                                                    | OTHER
          multipart/mixed; report-type=delivery-status                        | OTHER
          text/plain; report-type=delivery-status                             | OTHER
          multipart/report; comment="report-type=delivery-status"             | OTHER
          multipart/report; (report-type=delivery-status)                     | OTHER
          multipart/report (a \\) b); report-type=delivery-status             | DSN
          multipart/report (a \\( b); report-type=delivery-status             | DSN
          multipart/report; report-type="delivery\\-status"                   | DSN
          multipart/report; x="\\"; report-type=delivery-status               | OTHER
          multipart/report; x; report-type=delivery-status                    | DSN
          multipart/report; report-type=delivery-status; x="\\                | DSN
          (                                                                   | OTHER
          "                                                                   | OTHER
        """)
    void contentTypeIsReadByItsGrammar(String field, MessageKind kind) {
        assertThat(of("Content-Type: " + field + "\n\nbody\n").kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          Auto-Submitted: auto-replied                    | AUTO_REPLY | Auto-Submitted
          Auto-Submitted: Auto-Replied; owner=x           | AUTO_REPLY | Auto-Submitted
          Auto-Submitted: auto-generated                  | OTHER      | nothing that marks a notice
          Auto-Submitted: no                              | OTHER      | nothing that marks a notice
          Precedence: AUTO_REPLY                          | AUTO_REPLY | an older mark of automatic answers
          X-Autoreply: yes                                | AUTO_REPLY | an older mark of automatic answers
          X-Autorespond: Holiday                          | AUTO_REPLY | an older mark of automatic answers
          Subject: Out of Office: Re: Monday              | AUTO_REPLY | Subject
          Subject: Automatic reply: Monday                | AUTO_REPLY | Subject
          Subject: Re: out of office hours                | OTHER      | nothing that marks a notice
          X-Failed-Recipients: ann@example.net            | BACKSCATTER | X-Failed-Recipients
          Subject: failure notice                         | BACKSCATTER | Subject
          Subject: Undelivered Mail Returned to Sender    | BACKSCATTER | Subject
          From: Mail Delivery System <MAILER-DAEMON@example.net> | BACKSCATTER | From
          Subject: Hello                                  | OTHER      | nothing that marks a notice
        """)
    void fieldsTellWhatCarriesNoReport(String field, MessageKind kind, String why) {
        assertThat(of(field + "\n\nbody\n")).isEqualTo(new MessageContent(kind, why));
    }

    @Test
    void foldedFieldIsOneField() {
        assertThat(of("Content-Type: multipart/report;\n\treport-type=\n delivery-status\n\nbody\n")
                        .kind())
                .isEqualTo(MessageKind.DSN);
    }

    @Test
    void firstFieldOfANameCountsAndTheBodyHasNone() {
        assertThat(of("Subject: Hello\nSubject: failure notice\n\nbody").kind()).isEqualTo(MessageKind.OTHER);
        assertThat(of("Subject: Hello\n\nX-Failed-Recipients: a@example.net\n").kind())
                .isEqualTo(MessageKind.OTHER);
        assertThat(of(" Subject: failure notice\nnot a field\n: nor this\nSubject : failure notice\n")
                        .kind())
                .isEqualTo(MessageKind.BACKSCATTER);
    }

    @Test
    void partTellsAReceiptAsWell() {
        String header = "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/";
        assertThat(of(header + "disposition-notification\n\n--x--\n"))
                .isEqualTo(new MessageContent(MessageKind.MDN, "a part message/disposition-notification"));
        assertThat(of(header + "global-disposition-notification\n\n--x--\n").kind())
                .isEqualTo(MessageKind.MDN);
    }

    @Test
    void messageThatBeginsWithAnEmptyLineHasNoHeader() {
        byte[] message = "\nSubject: failure notice\n\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(MessageContent.of(message).kind()).isEqualTo(MessageKind.OTHER);
    }

    @Test
    void partsBeyondTheLimitAreNotLookedAt() {
        String part = "--x\nContent-Type: text/plain\n\n1\n";
        String report = "--x\nContent-Type: message/delivery-status\n\n1\n--x--\n";
        String header = "Content-Type: multipart/mixed; boundary=x\n\n";

        assertThat(of(header + part.repeat(MessageContent.MAX_PARTS - 1) + report)
                        .kind())
                .isEqualTo(MessageKind.DSN);
        assertThat(of(header + part.repeat(MessageContent.MAX_PARTS) + report).kind())
                .isEqualTo(MessageKind.OTHER);
        assertThat(of(header + "--x--\n" + report).kind()).isEqualTo(MessageKind.OTHER);
        assertThat(of(header.replace("=x", "=" + "x".repeat(71)) + report.replace("--x", "--" + "x".repeat(71)))
                        .kind())
                .isEqualTo(MessageKind.OTHER);
        assertThat(of(header.replace("=x", "=" + "x".repeat(70)) + report.replace("--x", "--" + "x".repeat(70)))
                        .kind())
                .isEqualTo(MessageKind.DSN);
        assertThat(of("Content-Type: text/plain; boundary=x\n\n" + report).kind())
                .isEqualTo(MessageKind.OTHER);
    }

    @Test
    void onlyTheBeginningIsRead() throws IOException {
        byte[] endless = "a".repeat(MessageContent.MAX_OCTETS + 7).getBytes(StandardCharsets.US_ASCII);
        ByteArrayInputStream in = new ByteArrayInputStream(endless);

        assertThat(MessageContent.read(in).kind()).isEqualTo(MessageKind.OTHER);
        assertThat(in.available()).isEqualTo(7);
        String late = "X-A: " + "a".repeat(MessageContent.MAX_OCTETS) + "\nSubject: failure notice\n\n";
        assertThat(of(late).kind()).isEqualTo(MessageKind.OTHER);
    }

    @Test
    void longFieldIsCutAndNotTheOthers() {
        String folded =
                "Subject: a\n" + (" " + "b".repeat(900) + "\n").repeat(10) + "X-Failed-Recipients: a@example.net\n\n";

        assertThat(of(folded).kind()).isEqualTo(MessageKind.BACKSCATTER);
        assertThat(HeaderFields.parse(folded, 0).first("subject")).hasSize(2048);
    }

    @Property
    void noMessageMakesItThrow(@ForAll byte[] octets, @ForAll("messageLike") String message) {
        assertThat(MessageContent.of(octets).kind()).isNotNull();
        assertThat(of(message).kind()).isNotNull();
    }

    @Provide
    Arbitrary<String> messageLike() {
        return Arbitraries.of(
                        "Content-Type: ",
                        "multipart/report",
                        "; ",
                        "report-type",
                        "=",
                        "\"",
                        "(",
                        ")",
                        "\\",
                        "boundary",
                        "x",
                        "--x",
                        "--x--",
                        "\n",
                        "\n\n",
                        " ",
                        ":",
                        "message/delivery-status",
                        "Subject: ",
                        "\t",
                        "\0",
                        "é")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }
}
