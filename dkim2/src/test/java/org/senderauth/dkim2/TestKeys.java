package org.senderauth.dkim2;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.core.Ascii;
import org.senderauth.dns.ZoneDnsClient;

/** Keys, zone and messages of these tests. example.org is ours, example.net the recipient's, example.com another. */
final class TestKeys {

    static final long TIME = 1_782_000_000L;
    static final Instant NOW = Instant.ofEpochSecond(TIME + 60);
    static final String SENDER = "<bounce@example.org>";
    static final String RECIPIENT = "<bob@example.net>";
    static final String MESSAGE = """
            From: Alice <alice@example.org>
            To: bob@example.net
            Subject: Lunch
            Date: Sat, 20 Jun 2026 12:00:00 +0000

            Hello Bob
            """.replace("\n", "\r\n");

    static final KeyPair OURS = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
    static final KeyPair OURS_RSA = Dkim2SigningKey.generate(Dkim2SigningKey.Type.RSA);
    static final KeyPair THEIRS = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
    static final KeyPair OTHER = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);

    static final String ZONE = zoneLine("e1._domainkey.example.org", Dkim2SigningKey.record(OURS.getPublic()))
            + zoneLine("r1._domainkey.example.org", Dkim2SigningKey.record(OURS_RSA.getPublic()))
            + zoneLine("e1._domainkey.example.net", Dkim2SigningKey.record(THEIRS.getPublic()))
            + zoneLine("e1._domainkey.mail.example.net", Dkim2SigningKey.record(THEIRS.getPublic()))
            + zoneLine("e1._domainkey.example.com", Dkim2SigningKey.record(OTHER.getPublic()));

    private static final Pattern VALUE = Pattern.compile("(\\w+):([\\w-]+):\\?");

    private TestKeys() {}

    static String zoneLine(String name, String text) {
        StringBuilder line = new StringBuilder(name + ". 300 IN TXT");
        for (int i = 0; i < text.length(); i += 200) {
            line.append(" \"").append(text, i, Math.min(text.length(), i + 200)).append('"');
        }
        return line.append('\n').toString();
    }

    static OwnKeys ownKeys() {
        return OwnKeys.builder()
                .key("e1", "example.org", OURS.getPublic())
                .key("r1", "example.org", OURS_RSA.getPublic())
                .build();
    }

    static Dkim2Signer signer() {
        return Dkim2Signer.builder()
                .key(Dkim2SigningKey.of("e1", "example.org", OURS.getPrivate()))
                .clock(InstantSource.fixed(Instant.ofEpochSecond(TIME)))
                .build();
    }

    static Dkim2Verifier.Builder verifier() {
        return Dkim2Verifier.builder()
                .dns(ZoneDnsClient.builder().text(ZONE).build())
                .clock(InstantSource.fixed(NOW));
    }

    static Dkim2Bounces.Builder bounces() {
        return Dkim2Bounces.builder()
                .ownKeys(ownKeys())
                .dns(ZoneDnsClient.builder().text(ZONE).build())
                .clock(InstantSource.fixed(NOW));
    }

    static Dkim2Result verify(byte[] message) {
        return verifier().build().verify(message, SENDER, List.of(RECIPIENT));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String b64(String text) {
        return Base64Text.encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The Message-Instance value of a message, as the signer writes it. */
    static String instance(String message, int number) {
        try {
            byte[] raw = bytes(message);
            WireMessage wire = WireMessage.parse(raw, 0, raw.length);
            return "m=" + number + "; h=sha256:"
                    + Base64Text.encode(MessageHash.header(wire, HeaderList.SINCE_08, MessageHash.HashAlgorithm.SHA256))
                    + ":" + Base64Text.encode(MessageHash.body(wire, MessageHash.HashAlgorithm.SHA256)) + ";";
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The usual value of a signature, with "?" for each signature value. */
    static String hop(int number, int instance, String domain, String sender, String recipient) {
        return "i=" + number + "; m=" + instance + "; t=" + TIME + "; d=" + domain + "; mf=" + b64(sender) + "; rt="
                + b64(recipient) + "; s=e1:ed25519-sha256:?;";
    }

    static String hop() {
        return hop(1, 1, "example.org", SENDER, RECIPIENT);
    }

    /**
     * Signs whatever fields are given: of each signature, every "?" is replaced by a value that is right for
     * the bytes; the wrong value is "YWJj".
     *
     * @param instances the values of Message-Instance, ascending
     * @param hops the values of DKIM2-Signature, ascending
     */
    static byte[] signed(String message, List<String> instances, List<String> hops) {
        List<String> done = new ArrayList<>();
        for (String hop : hops) {
            String input = fields("message-instance", instances.subList(0, Math.min(instances.size(), covered(hop))))
                    + fields("dkim2-signature", done)
                    + "dkim2-signature:" + packed(hop.replace("?", "").replace(":YWJj", ":")) + "\r\n";
            done.add(VALUE.matcher(hop)
                    .replaceAll(match -> Matcher.quoteReplacement(match.group(1) + ":" + match.group(2) + ":"
                            + value(match.group(1), match.group(2), domain(hop), input))));
        }
        StringBuilder header = new StringBuilder();
        for (int i = done.size() - 1; i >= 0; i--) {
            header.append("DKIM2-Signature: ").append(done.get(i)).append("\r\n");
        }
        for (int i = instances.size() - 1; i >= 0; i--) {
            header.append("Message-Instance: ").append(instances.get(i)).append("\r\n");
        }
        return bytes(header + message);
    }

    static byte[] signed(UnaryOperator<String> hop) {
        return signed(MESSAGE, List.of(instance(MESSAGE, 1)), List.of(hop.apply(hop())));
    }

    private static String fields(String name, List<String> values) {
        StringBuilder text = new StringBuilder();
        for (String value : values) {
            text.append(name).append(':').append(packed(value)).append("\r\n");
        }
        return text.toString();
    }

    private static String packed(String value) {
        return value.replaceAll("\r\n|[ \t]", "");
    }

    private static int covered(String hop) {
        Matcher matcher = Pattern.compile("m=(\\d)").matcher(hop);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static String domain(String hop) {
        Matcher matcher = Pattern.compile("[dD]=\\s*([\\w.-]+)").matcher(hop);
        return matcher.find() ? Ascii.toLowerCase(matcher.group(1)) : "";
    }

    private static String value(String selector, String algorithm, String domain, String input) {
        KeyPair pair = domain.equals("example.org")
                ? selector.startsWith("r") ? OURS_RSA : OURS
                : domain.endsWith("example.net") ? THEIRS : OTHER;
        return Base64Text.encode(
                Dkim2SigningKey.of(selector, "example.org", pair.getPrivate()).sign(bytes(input)));
    }

    /** A delivery report about a message. */
    static String report(String contentType, String returned) {
        return """
                From: MAILER-DAEMON@example.net
                To: bounce@example.org
                Subject: Undelivered Mail
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status;
                 boundary="b1"
                Auto-Submitted: auto-replied

                --b1

                Your message could not be delivered.
                --b1
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.net

                Final-Recipient: rfc822; bob@example.net
                Action: failed
                Status: 5.1.1

                --b1
                """.replace("\n", "\r\n") + contentType + "\r\n\r\n" + returned + "\r\n--b1--\r\n";
    }

    static String ourMessage() {
        return new String(
                signer().trySign(bytes(MESSAGE), SENDER, List.of(RECIPIENT)).prependTo(bytes(MESSAGE)),
                StandardCharsets.ISO_8859_1);
    }
}
