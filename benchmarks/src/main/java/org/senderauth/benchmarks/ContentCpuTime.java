package org.senderauth.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.MessageKind;

/** The classification of messages by their content in CPU time, by size and for hostile ones, as a table. */
public final class ContentCpuTime {

    private static final String LINE = "A line of seventy characters, as they are usual in plain text messages.\r\n";

    private ContentCpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        for (int kilobytes : new int[] {1, 10, 1_000, 25_000}) {
            String size = kilobytes < 1_000 ? kilobytes + " KB" : kilobytes / 1_000 + " MB";
            messages.put("report, " + size, bytes(report(kilobytes * 1_000)));
            messages.put("bounce in plain text, " + size, bytes(plainBounce(kilobytes * 1_000)));
            messages.put("mail of a person, " + size, bytes(mail(kilobytes * 1_000)));
        }
        messages.put("100,000 header lines", bytes("X-A: b\r\n".repeat(100_000) + "\r\n" + LINE));
        messages.put("one field of 1 MB", bytes("Subject: " + "folded\r\n ".repeat(125_000) + "\r\n\r\n" + LINE));
        messages.put(
                "100,000 false boundaries",
                bytes("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--bb\r\n--\r\n--b-\r\n".repeat(33_333)));
        messages.put(
                "100,000 parts",
                bytes("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\n".repeat(100_000)));
        messages.put("10,000 levels", bytes(nested(10_000)));
        messages.put(
                "1 MB of HTML entities", bytes("Content-Type: text/html\r\n\r\n" + "&amp;&#x1F600;&".repeat(66_000)));
        print(messages);
    }

    private static void print(Map<String, byte[]> messages) {
        require(classify(bytes(report(10_000))).kind() == MessageKind.DSN);
        require(classify(bytes(plainBounce(10_000))).kind() == MessageKind.BACKSCATTER);
        require(classify(bytes(mail(10_000))).kind() == MessageKind.OTHER);
        Supplier<?>[] works = messages.values().stream()
                .map(message -> (Supplier<?>) () -> classify(message))
                .toArray(Supplier<?>[]::new);
        CpuTime.Cost[] costs = CpuTime.compare(works);
        System.out.println("| message | CPU time | allocated |");
        System.out.println("|---|---|---|");
        int row = 0;
        for (String name : messages.keySet()) {
            CpuTime.Cost cost = costs[row++];
            System.out.printf(
                    Locale.ROOT, "| %s | %,.1f µs | %,.1f KB |%n", name, cost.nanos() / 1e3, cost.bytes() / 1e3);
        }
    }

    // As a mail server does it: from a stream.
    private static MessageContent classify(byte[] message) {
        try {
            return MessageContent.read(new ByteArrayInputStream(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(String fields) {
        return "Received: from mx.example.net (mx.example.net [192.0.2.1]) by mx.example.org; Sat, 20 Jun 2026 12:00:00 +0000\r\n"
                        .repeat(3)
                + fields
                + "Date: Sat, 20 Jun 2026 12:00:00 +0000\r\nMessage-ID: <m1@example.net>\r\nMIME-Version: 1.0\r\n";
    }

    private static String filled(String start, int size) {
        return start + LINE.repeat(Math.max(1, (size - start.length()) / LINE.length()));
    }

    private static String mail(int size) {
        return filled(
                header("From: Bob <bob@example.net>\r\nTo: alice@example.org\r\nSubject: Lunch on Friday\r\n")
                        + "Content-Type: text/plain; charset=utf-8\r\n\r\n",
                size);
    }

    private static String plainBounce(int size) {
        return filled(
                header("From: MAILER-DAEMON@example.net\r\nTo: alice@example.org\r\nSubject: failure notice\r\n")
                        + "\r\nHi. This is the qmail-send program at example.net.\r\n"
                        + "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n"
                        + "<nobody@example.net>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
                        + "--- Below this line is a copy of the message.\r\n\r\n",
                size);
    }

    private static String report(int size) {
        return filled(
                        header(
                                        "From: MAILER-DAEMON@example.net\r\nTo: alice@example.org\r\n"
                                                + "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n")
                                + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
                                + "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system at host mx.example.net.\r\n\r\n"
                                + "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
                                + "Final-Recipient: rfc822; nobody@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
                                + "--b\r\nContent-Type: message/rfc822\r\n\r\n"
                                + "From: Alice <alice@example.org>\r\nMessage-ID: <a1@example.org>\r\nSubject: Lunch\r\n\r\n",
                        size)
                + "--b--\r\n";
    }

    private static String nested(int levels) {
        StringBuilder message = new StringBuilder();
        for (int level = 0; level < levels; level++) {
            message.append("Content-Type: multipart/mixed; boundary=b")
                    .append(level)
                    .append("\r\n\r\n--b")
                    .append(level)
                    .append("\r\n");
        }
        return message.append("\r\n").append(LINE).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("the benchmark measures something else than it says");
        }
    }
}
