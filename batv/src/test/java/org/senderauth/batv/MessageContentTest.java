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
          multipart/report; report-type*0=delivery-; report-type*1=status      | DSN
          multipart/report; report-type*1=status; report-type*0="delivery-"    | DSN
          multipart/report; report-type*0=delivery; report-type*2=-status      | OTHER
          (                                                                   | OTHER
          "                                                                   | OTHER
        """)
    void readsContentTypeByGrammar(String field, MessageKind kind) {
        assertThat(of("From: mailer-daemon@example.net\nContent-Type: " + field + "\n\nbody\n")
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          Auto-Submitted: auto-replied                    | AUTO_REPLY | auto-replied
          Auto-Submitted: Auto-Replied; owner=x           | AUTO_REPLY | auto-replied
          Auto-Submitted: auto-generated                  | OTHER      | no mark of a notice
          Auto-Submitted: no                              | OTHER      | no mark of a notice
          Precedence: AUTO_REPLY                          | AUTO_REPLY | auto-reply field
          X-Autoreply: yes                                | AUTO_REPLY | auto-reply field
          X-Autorespond: Holiday                          | AUTO_REPLY | auto-reply field
          X-Autoreply-From: ann@example.net               | AUTO_REPLY | auto-reply field
          X-Mail-Autoreply: yes                           | AUTO_REPLY | auto-reply field
          Subject: Out of Office: Re: Monday              | AUTO_REPLY | auto-reply subject
          Subject: Automatic reply: Monday                | AUTO_REPLY | auto-reply subject
          Subject: Abwesenheitsnotiz: Hello               | AUTO_REPLY | auto-reply subject
          Subject: Vacation pictures                      | OTHER      | no mark of a notice
          Subject: Absence de Marie                       | OTHER      | no mark of a notice
          Subject: Re: out of office hours                | OTHER      | no mark of a notice
          X-Failed-Recipients: ann@example.net            | OTHER      | X-Failed-Recipients
          Subject: failure notice                         | OTHER      | subject
          Subject: Undelivered Mail Returned to Sender    | OTHER      | subject
          From: Mail Delivery System <MAILER-DAEMON@example.net> | OTHER | mailer-daemon
          Subject: Hello                                  | OTHER      | no mark of a notice
        """)
    void oneMarkAloneNeverMakesBounce(String field, MessageKind kind, String why) {
        String from = field.startsWith("From:") ? "" : "From: ann@example.net\n";
        MessageContent content = of(from + field + "\n\nbody\n");

        assertThat(content.kind()).isEqualTo(kind);
        assertThat(content.why()).isEqualTo(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          550 5.1.1 gone                         | true
          host mx.example.net said: 550-5.1.1 x  | true
          #5.1.1                                 | true
          550 Mailbox gone                       | true
          Reason: 550 sorry, gone                | true
          (550 <ann@example.net>: gone)          | true
          550 ann@example.net... gone            | true
          <<< 554 denied                         | true
          It costs 500 euros                     | false
          550 attendees                          | false
          Price: 599 USD                         | false
          We need 550 user licenses              | false
          On 450 4.12.2026 pages                 | false
          Our server had an error 500            | false
          1,550 user                             | false
          Ask for: 5501 sorry                    | false
          Price: 550                             | false
        """)
    void replyIsMoreThanNumberBeforeWord(String line, boolean reply) {
        MessageContent content = of("From: mailer-daemon@example.net\n\nHello\n" + line + "\n");

        assertThat(content.marks().contains(ContentMark.DIAGNOSTIC_TEXT)).isEqualTo(reply);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          postmaster@example.net                          | postmaster
          "Example Postmaster" <noreply@example.net>      | postmaster
          System Administrator <it@example.net>           | postmaster
          administrator@example.net                       | postmaster
          "Jane Roe, Office Administrator" <jane@example.net> | no mark of a notice
          "Max Doe (Systemadministrator)" <max@example.net>   | no mark of a notice
          James Miller <james@example.net>                | no mark of a notice
          Server Team <server-team@example.net>           | no mark of a notice
          Example Ltd <mail@example.net>                  | no mark of a notice
          admin@example.net                               | no mark of a notice
          noreply@example.net                             | program
          Joe                                             | program
        """)
    void nameOfPersonIsNotMark(String from, String why) {
        assertThat(of("From: " + from + "\n\nHello\n").why()).isEqualTo(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          noreply@example.net       | Hello          | your message was rejected              | OTHER
          noreply@example.net       | Hello          | your message was rejected; 550 5.1.1   | OTHER
          noreply@example.net       | failure notice | your message was rejected              | BACKSCATTER
          postmaster@example.net    | Hello          | your message was rejected              | OTHER
          postmaster@example.net    | Hello          | it was rejected as spam: 550 5.7.1     | OTHER
          postmaster@example.net    | Hello          | your message was rejected: 550 5.1.1   | BACKSCATTER
          postmaster@example.net    | failure notice | your message was rejected              | BACKSCATTER
          mailer-daemon@example.net | Hello          | your message was rejected              | BACKSCATTER
          mailer-daemon@example.net | Hello          | our quota: 552 5.2.2                   | OTHER
          mailer-daemon@example.net | failure notice | our quota: 552 5.2.2                   | BACKSCATTER
          ann@example.net           | failure notice | your message was rejected              | BACKSCATTER
          ann@example.net           | Mail error 404 | address unknown                        | OTHER
          ann@example.net           | Rejected: trip | Your request was deleted: 550 5.7.1    | OTHER
          ann@example.net           | Delivery unsuccessful | Your item was not delivered     | OTHER
          ann@example.net           | 退信问题         | 昨天的邮件又退信了                         | OTHER
          mailer-daemon@example.net | 退信问题         | 昨天的邮件又退信了                         | BACKSCATTER
        """)
    void peopleAndProgramsWriteOfFailuresToo(String from, String subject, String text, MessageKind kind) {
        assertThat(of("From: " + from + "\nSubject: " + subject + "\n\n" + text + "\n")
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          Auto-Submitted: auto-replied    | postmaster@example.net    | AUTO_REPLY
          X-Autoreply: yes                | postmaster@example.net    | AUTO_REPLY
          Subject: Automatic reply: Hello | postmaster@example.net    | AUTO_REPLY
          X-Autoreply: yes;Subject: Returned mail    | noreply@example.net    | AUTO_REPLY
          X-Autoreply: yes;Subject: Returned mail    | postmaster@example.net | BACKSCATTER
          Auto-Submitted: auto-replied    | mailer-daemon@example.net | BACKSCATTER
          X-Failed-Recipients: a          | postmaster@example.net    | BACKSCATTER
        """)
    void automaticReplyIsNotBounceByItsText(String field, String from, MessageKind kind) {
        assertThat(of("From: " + from + "\n" + field.replace(';', '\n') + "\n\nyour message was rejected: 550 5.1.1\n")
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          ann@example.net        | message/rfc822      | it came back: 550 5.1.1   | OTHER
          ann@example.net        | message/rfc822      | your message was rejected | OTHER
          noreply@example.net    | message/rfc822      | it came back: 550 5.1.1   | OTHER
          noreply@example.net    | message/rfc822      | your message was rejected | BACKSCATTER
          postmaster@example.net | message/rfc822      | it came back: 550 5.1.1   | BACKSCATTER
          ann@example.net        | text/rfc822-headers | it came back: 550 5.1.1   | OTHER
          noreply@example.net    | text/rfc822-headers | we had complaints by mail | OTHER
          ann@example.net        | text/rfc822-headers | your message was rejected | BACKSCATTER
          postmaster@example.net | text/rfc822-headers | Hello                     | BACKSCATTER
        """)
    void peopleAttachMailToo(String from, String type, String text, MessageKind kind) {
        assertThat(of("From: " + from + "\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n" + text
                                + "\n--x\nContent-Type: " + type + "\n\nFrom: joe@example.org\n\n--x--\n")
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          ann@example.net        | Fwd: Hello | See below.                               | OTHER
          ann@example.net        | WG: Hello  | See below.                               | OTHER
          ann@example.net        | Hello      | -------- Forwarded Message --------      | OTHER
          ann@example.net        | Hello      | Anfang der weitergeleiteten Nachricht:   | OTHER
          ann@example.net        | Hello      | See below.                               | DSN
          postmaster@example.net | Fwd: Hello | -------- Forwarded Message --------      | DSN
        """)
    void partsOfReportMayBeForwarded(String from, String subject, String text, MessageKind kind) {
        assertThat(of("From: " + from + "\nSubject: " + subject
                                + "\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n" + text
                                + "\n--x\nContent-Type: message/delivery-status\n\nAction: failed\n--x--\n")
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void boundaryMayBeContinued() {
        assertThat(of("From: ann@example.net\nContent-Type: multipart/mixed;\n boundary*0=\"a B\"; boundary*1=c\n\n"
                                + "--a Bc\nContent-Type: message/delivery-status\n\nAction: failed\n--a Bc--\n")
                        .kind())
                .isEqualTo(MessageKind.DSN);
    }

    @Test
    void unfoldsFields() {
        assertThat(of("From: <>\nContent-Type: multipart/report;\n\treport-type=\n delivery-status\n\nbody\n")
                        .kind())
                .isEqualTo(MessageKind.DSN);
    }

    @Test
    void readsFirstFieldOfEachNameAndNoneInBody() {
        String daemon = "From: mailer-daemon@example.net\nX-Failed-Recipients: a@example.net\n";
        assertThat(of("From: ann@example.net\n" + daemon + "\nbody").kind()).isEqualTo(MessageKind.OTHER);
        assertThat(of("From: ann@example.net\n\n" + daemon).kind()).isEqualTo(MessageKind.OTHER);
        assertThat(of(" Subject: x\nnot a field\n: nor this\nX-Failed-Recipients : a@example.net\n" + daemon)
                        .kind())
                .isEqualTo(MessageKind.BACKSCATTER);
    }

    @Test
    void receiptPartMakesMdn() {
        String header = "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/";
        assertThat(of(header + "disposition-notification\n\n--x--\n").kind()).isEqualTo(MessageKind.MDN);
        assertThat(of(header + "global-disposition-notification\n\n--x--\n").kind())
                .isEqualTo(MessageKind.MDN);
    }

    @Test
    void messageThatBeginsWithEmptyLineHasNoHeader() {
        byte[] message =
                "\nFrom: mailer-daemon@a.example\nX-Failed-Recipients: a\n\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(MessageContent.of(message).kind()).isEqualTo(MessageKind.OTHER);
    }

    @Test
    void ignoresPartsBeyondLimit() {
        String part = "--x\nContent-Type: text/plain\n\n1\n";
        String report = "--x\nContent-Type: message/delivery-status\n\nAction: failed\n--x--\n";
        String header = "From: ann@example.net\nContent-Type: multipart/mixed; boundary=x\n\n";

        // the multipart itself is one
        assertThat(of(header + part.repeat(MessageContent.MAX_PARTS - 2) + report)
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
        assertThat(of("From: ann@example.net\nContent-Type: text/plain; boundary=x\n\n" + report)
                        .kind())
                .isEqualTo(MessageKind.OTHER);
    }

    @Test
    void readsMultipartsToLimitedDepth() {
        StringBuilder nested = new StringBuilder("From: ann@example.net\n");
        for (int i = 0; i < MimeParts.MAX_DEPTH; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        String report = "Content-Type: message/delivery-status\n\nAction: failed\n";
        assertThat(of(nested + report).kind()).isEqualTo(MessageKind.DSN);
        assertThat(of(nested + "Content-Type: multipart/mixed; boundary=last\n\n--last\n" + report)
                        .kind())
                .isEqualTo(MessageKind.OTHER);
    }

    @Test
    void skipsMiddleOfLongMessage() throws IOException {
        String header = "From: ann@example.net\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n";
        String report = "\n--x\nContent-Type: message/delivery-status\n\nAction: failed\n--x--\n";
        String long1 = "a".repeat(200_000);

        for (String message : new String[] {header + long1 + report, header + "a".repeat(70_000) + report}) {
            byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
            assertThat(MessageContent.of(bytes).kind()).isEqualTo(MessageKind.DSN);
            assertThat(MessageContent.read(new ByteArrayInputStream(bytes)).kind())
                    .isEqualTo(MessageKind.DSN);
        }
        assertThat(of(header + long1 + report + "--x\n" + long1).kind()).isEqualTo(MessageKind.OTHER);
    }

    @Test
    void cutsLongFieldAndKeepsOthers() {
        String folded = "Subject: a\n" + (" " + "b".repeat(900) + "\n").repeat(10)
                + "From: mailer-daemon\nX-Failed-Recipients: a@example.net\n\n";

        assertThat(of(folded).kind()).isEqualTo(MessageKind.BACKSCATTER);
        assertThat(HeaderFields.parse(folded, 0).first("subject")).hasSize(2048);
    }

    @Property
    void acceptsAnyBytes(@ForAll byte[] octets, @ForAll("messageLike") String message) {
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
