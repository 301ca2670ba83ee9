package org.senderauth.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.Dkim2Verifier;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dns.ZoneDnsClient;

/** DKIM2 signatures and bounce checks in CPU time, next to the JDK's bare signature and a BATV check, as a table. */
public final class Dkim2CpuTime {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_795_420_800));
    private static final String SENDER = "<alice@example.org>";
    private static final List<String> RECIPIENTS = List.of("<bob@example.net>");
    private static final byte[] MESSAGE =
            ("From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nSubject: Lunch\r\n"
                            + "Date: Sat, 20 Jun 2026 12:00:00 +0000\r\nMessage-ID: <m1@example.org>\r\n\r\n"
                            + "A line of seventy characters, as they are usual in plain text messages.\r\n".repeat(40))
                    .getBytes(StandardCharsets.US_ASCII);

    private Dkim2CpuTime() {}

    /**
     * Measures and prints a Markdown table.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        System.out.println("| algorithm | work | CPU time | to bare verify | allocated |");
        System.out.println("|---|---|---|---|---|");
        print("ed25519", works(Dkim2SigningKey.Type.ED25519, "Ed25519", 32));
        print("rsa 2048", works(Dkim2SigningKey.Type.RSA, "SHA256withRSA", 300));
    }

    private static void print(String algorithm, Map<String, Supplier<?>> works) {
        CpuTime.Cost[] costs = CpuTime.compare(works.values().toArray(new Supplier<?>[0]));
        int row = 0;
        for (String name : works.keySet()) {
            CpuTime.Cost cost = costs[row++];
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %,.0f ns | %.3f | %,.0f B |%n",
                    algorithm,
                    name,
                    cost.nanos(),
                    cost.nanos() / costs[0].nanos(),
                    cost.bytes());
        }
    }

    private static Map<String, Supplier<?>> works(Dkim2SigningKey.Type type, String jca, int inputBytes) {
        KeyPair pair = Dkim2SigningKey.generate(type);
        Dkim2Signer signer = Dkim2Signer.builder()
                .key(Dkim2SigningKey.of("mail", "example.org", pair.getPrivate()))
                .clock(CLOCK)
                .build();
        byte[] signed = signer.trySign(MESSAGE, SENDER, RECIPIENTS).prependTo(MESSAGE);
        byte[] report = report(signed);
        String record = Dkim2SigningKey.record(pair.getPublic());
        Dkim2Verifier verifier = Dkim2Verifier.builder()
                .dns(ZoneDnsClient.builder()
                        .text("mail._domainkey.example.org. 300 IN TXT \"" + record.substring(0, 30) + "\" \""
                                + record.substring(30, Math.min(230, record.length())) + "\" \""
                                + record.substring(Math.min(230, record.length())) + "\"\n")
                        .build())
                .clock(CLOCK)
                .build();
        Dkim2Bounces bounces = Dkim2Bounces.builder()
                .ownKeys(OwnKeys.parse("mail._domainkey.example.org " + record))
                .clock(CLOCK)
                .build();
        require(verifier.verify(signed, SENDER, RECIPIENTS).isPass());
        require(bounces.verify(report, "<>", List.of(SENDER)).verdict().isOurs());
        byte[] forged = report(new String(signed, StandardCharsets.US_ASCII)
                .replace("Lunch", "Spam!")
                .getBytes(StandardCharsets.US_ASCII));
        Batv batv = Batv.builder()
                .keyring(BatvKeyring.of(
                        SecretKeys.of("a key of the benchmark, 31 bytes".getBytes(StandardCharsets.US_ASCII))))
                .clock(CLOCK)
                .build();
        MailAddress tagged = batv.sign(new MailAddress("alice", "example.org"));
        byte[] input = new byte[inputBytes];
        byte[] bare = bareSign(jca, pair, input);
        Map<String, Supplier<?>> works = new LinkedHashMap<>();
        works.put("JDK, bare verify", () -> bareVerify(jca, pair, input, bare));
        works.put("JDK, bare sign", () -> bareSign(jca, pair, input));
        works.put("SHA-256 of the 3 kB message", () -> sha256(MESSAGE));
        works.put("sign a message", () -> signer.trySign(MESSAGE, SENDER, RECIPIENTS));
        works.put("verify a message, key from a zone in memory", () -> verifier.verify(signed, SENDER, RECIPIENTS));
        works.put("bounce, ours", () -> bounces.verify(report, "<>", List.of(SENDER)));
        works.put("bounce, altered", () -> bounces.verify(forged, "<>", List.of(SENDER)));
        works.put("bounce, another recipient", () -> bounces.verify(report, "<>", List.of("<eve@example.org>")));
        works.put("BATV tag, verify", () -> batv.verify(tagged));
        return works;
    }

    private static byte[] report(byte[] returned) {
        String text = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
                + "Content-Type: message/rfc822\r\n\r\n" + new String(returned, StandardCharsets.US_ASCII)
                + "\r\n--b--\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("the benchmark measures something else than it says");
        }
    }

    private static boolean bareVerify(String algorithm, KeyPair pair, byte[] input, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(pair.getPublic());
            verifier.update(input);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bareSign(String algorithm, KeyPair pair, byte[] input) {
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(pair.getPrivate());
            signer.update(input);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
