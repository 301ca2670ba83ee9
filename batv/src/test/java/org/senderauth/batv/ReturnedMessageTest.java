package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnedMessageTest {

    private static final Predicate<String> OURS = host -> host.equals("example.org") || host.endsWith(".example.org");

    private static final String REPORT =
            "From: mailer-daemon@example.net\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n";

    private static final String HEADER =
            "Received: by mail.example.org; 1 Nov 2026 10:00:00 +0000\nMessage-ID: <1@pc>\nFrom: joe@example.org\n";

    private static MessageContent content(String message) {
        return MessageContent.of(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static ReturnedMessage returned(String message) {
        return content(message).returnedMessage().orElseThrow();
    }

    private static ReturnedMessage header(String fields) {
        return returned(REPORT + "--x\nContent-Type: text/rfc822-headers\n\n" + fields + "\n--x--\n");
    }

    private static String quotedPrintable(String text) {
        return text.replace("=", "=3D").replace("example.org", "exam=\nple.org");
    }

    private static String base64(String text) {
        return Base64.getMimeEncoder()
                .encodeToString(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8))
                .replace("\r\n", "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "message/rfc822",
                "message/global",
                "text/rfc822-headers",
                "message/global-headers",
                "message/rfc822-headers"
            })
    void partIsReadWithoutItsTransferEncoding(String type) {
        String part = REPORT + "--x\nContent-Type: " + type + "\nContent-Transfer-Encoding: ";

        for (String encoded : new String[] {
            "quoted-printable\n\n" + quotedPrintable(HEADER), "BASE64 \n\n" + base64(HEADER), "8bit\n\n" + HEADER
        }) {
            ReturnedMessage message = returned(part + encoded + "\n--x--\n");
            assertThat(message.messageId()).contains("<1@pc>");
            assertThat(message.hosts()).containsExactly("pc", "mail.example.org");
            assertThat(message.bytes()).asString(StandardCharsets.UTF_8).startsWith(HEADER.replace("\n", "\r\n"));
        }
    }

    @Test
    void copyInTextIsReadWithoutTransferEncoding() {
        String text = "This is the mail system at host mx.example.net.\n\n" + HEADER;
        String start = "From: mailer-daemon@example.net\nContent-Transfer-Encoding: ";

        assertThat(returned(start + "quoted-printable\n\n" + quotedPrintable(text))
                        .hosts())
                .contains("mail.example.org");
        assertThat(returned(start + "base64\n\n" + base64(text)).hosts()).contains("mail.example.org");
    }

    @Test
    void lineOfReportIsNotTheCopy() {
        String text = "This is the mail system at host mx.example.net.\n\nReceived: 550 unknown user\n\n";

        assertThat(returned("From: mailer-daemon@example.net\n\n" + text + HEADER)
                        .messageId())
                .contains("<1@pc>");
        assertThat(content("From: mailer-daemon@example.net\n\n" + text.repeat(100))
                        .returnedMessage())
                .isEmpty();
    }

    @Test
    void emptyLinesBeforeHeaderAreSkipped() {
        assertThat(header("\n\n" + HEADER).messageId()).contains("<1@pc>");
        assertThat(header("\n\n\n").messageId()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          <1@example.org>                         | <1@example.org>
          <1@example.org> (added by example.net)  | <1@example.org>
          (a comment) <1@example.org>             | <1@example.org>
          1@example.org                           |
          <1@example.org                          |
        """)
    void messageIdHasNoComments(String field, String id) {
        assertThat(header("Message-ID: " + field + "\n").messageId().orElse(null))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from pc by mail.example.org with ESMTP",
                "from pc by MAIL.Example.ORG. with ESMTP",
                "from pc (verified by a CA (by another) by x) by mail.example.org",
                "from pc (a \\) by b) by mail.example.org",
                "from mail.example.org by mx.example.net",
                "from mail.example.org\n\t(192.0.2.25) by mx.example.net",
                "from [192.0.2.25] (helo=mail.example.org) by mx.example.net",
                "from unknown (mail.example.org [192.0.2.25]) by mx.example.net",
            })
    void receivedFieldNamesOurHostAnywhere(String received) {
        ReturnedMessage message = header("Received: " + received + "; 1 Nov 2026\nFrom: joe@example.org\n");

        assertThat(message.hosts()).contains("mail.example.org");
        assertThat(message.isNeverOurs(OURS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from a.example.com by mx.example.net for <joe@example.org>",
                "from a.example.com (envelope-from <joe.doe@example.org>) by mx.example.net",
                "from [192.0.2.1] by mx.example.net",
                "(qmail 1 invoked by uid 1000)",
            })
    void addressesInReceivedNameNoHost(String received) {
        ReturnedMessage message = header("Received: " + received + "; 1 Nov 2026\nFrom: joe@example.org\n");

        assertThat(message.hosts()).isSubsetOf("a.example.com", "mx.example.net");
        assertThat(message.isNeverOurs(OURS)).isTrue();
    }

    @Test
    void hostsMayHaveOneLabelOrBeInUtf8() {
        assertThat(header("Received: from pc1 by bücher.example\nReceived: by mail2\n")
                        .hosts())
                .containsExactly("pc1", "bücher.example", "mail2");
    }

    @Test
    void oldestReceivedFieldCounts() {
        String newer = "Received: from a.example.com by b.example.com\n".repeat(500);

        assertThat(header(newer + HEADER).isNeverOurs(OURS)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          Received, From             | true
          Received, Message-ID, From | true
          Received                   | false
          Received, Message-ID       | false
          Message-ID, From           | false
          From                       | false
        """)
    void headerWithoutReceivedOrFromDecidesNothing(String fields, boolean never) {
        String header = fields.replace(", ", "\n")
                .replace("Received", "Received: from a.example.com by mx.example.net")
                .replace("Message-ID", "Message-ID: <1@a.example.com>")
                .replace("From", "From: joe@example.org");

        assertThat(header(header + '\n').isNeverOurs(OURS)).isEqualTo(never);
    }

    @Test
    void logLineHasNoControlCharacters() {
        String id = "Message-ID: <a\rb\u001bc\u0085d@example.net>\n";
        MessageContent content =
                MessageContent.of((REPORT + "--x\nContent-Type: text/rfc822-headers\n\n" + id + "\n--x--\n")
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(content.toString()).endsWith("encloses <a?b?c?d@example.net>");
        assertThat(content.returnedMessage().orElseThrow()).hasToString("header <a?b?c?d@example.net>");
        assertThat(new MessageContent(MessageKind.OTHER, "a\nb")).hasToString("OTHER: a?b");
    }
}
