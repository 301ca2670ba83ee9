package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.dkim2.TestKeys.MESSAGE;
import static org.senderauth.dkim2.TestKeys.RECIPIENT;
import static org.senderauth.dkim2.TestKeys.SENDER;
import static org.senderauth.dkim2.TestKeys.bounces;
import static org.senderauth.dkim2.TestKeys.bytes;
import static org.senderauth.dkim2.TestKeys.hop;
import static org.senderauth.dkim2.TestKeys.instance;
import static org.senderauth.dkim2.TestKeys.ourMessage;
import static org.senderauth.dkim2.TestKeys.report;
import static org.senderauth.dkim2.TestKeys.signed;
import static org.senderauth.dkim2.TestKeys.verifier;
import static org.senderauth.dkim2.TestKeys.verify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.CountingDnsClient;

/** Bad input is bounded, temporary where the DNS is, and never an exception. */
class HostileInputTest {

    private static final String WHOLE = "Content-Type: message/rfc822";

    @Test
    void manyOrdinaryFieldsAreHashed() {
        String message = "a:b\r\n".repeat(20_001) + MESSAGE;
        byte[] signed = signed(message, List.of(instance(message, 1)), List.of(hop()));
        assertThat(verify(signed).isPass()).isTrue();
    }

    @Test
    void manySignatureFieldsAreRejected() {
        Dkim2Result large = verify(bytes("DKIM2-Signature: i=1\r\n".repeat(20_001) + MESSAGE));
        assertThat(large.reason()).isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
        Dkim2Result many = verify(bytes("DKIM2-Signature: i=1\r\n".repeat(21) + MESSAGE));
        assertThat(many.reason()).isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
        assertThat(many.verdict()).isEqualTo(Dkim2Verdict.PERMERROR);
        assertThat(many.smtpReply()).as("nothing is known beyond a limit").isEmpty();
        String report = "DKIM2-Signature: i=1\r\n".repeat(21) + report(WHOLE, ourMessage());
        Dkim2BounceResult bounce = bounces().build().verify(bytes(report), "<>", List.of(SENDER));
        assertThat(bounce.verdict()).isEqualTo(Dkim2BounceVerdict.REPORT_FAILED);
        assertThat(bounce.smtpReply()).isEmpty();
        assertThat(verify(bytes("Message-Instance: m=1\r\n".repeat(21) + ourMessage()))
                        .reason())
                .isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
    }

    @Test
    void hugeRecipientListIsRejected() {
        byte[] start = bytes("DKIM2-Signature: i=1; m=1; t=1; d=example.org; mf=PD4=; rt=");
        byte[] message = new byte[64 << 20];
        Arrays.fill(message, (byte) 'A');
        System.arraycopy(start, 0, message, 0, start.length);
        assertThat(verify(message).reason()).isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
        byte[] head = bytes(report(WHOLE, ""));
        int at = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("rfc822\r\n\r\n") + 10;
        byte[] report = message.clone();
        System.arraycopy(head, 0, report, 0, at);
        System.arraycopy(start, 0, report, at, start.length);
        assertThat(bounces().build().verify(report, "<>", List.of(SENDER)).verdict())
                .isEqualTo(Dkim2BounceVerdict.MALFORMED);
    }

    @Test
    void fieldAndRecipientsAreLimited() {
        String many = "rt=" + (TestKeys.b64("<a@b.example>") + ",").repeat(1000);
        assertThat(verify(signed(hop -> hop.replace("rt=", many))).reason()).isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
        String fits = "rt=" + (TestKeys.b64("<a@b.example>") + ",").repeat(999);
        assertThat(verify(signed(hop -> hop.replace("rt=", fits))).isPass()).isTrue();
        String folds = "i=1;" + "\r\n ".repeat(30_000);
        assertThat(verify(signed(hop -> hop.replace("i=1;", folds))).reason()).isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
    }

    @Test
    void foldsBetweenAndInsideValuesAreAccepted() {
        byte[] folded =
                signed(hop -> "\r\n\t" + hop.replace("; ", " \r\n\t ;\r\n ").replace("=;", "=\r\n ;"));
        assertThat(verify(folded).isPass()).as(verify(folded).toString()).isTrue();
        assertThat(verify(signed(hop -> hop.replace("mf=", "m\r\n f="))).verdict())
                .isEqualTo(Dkim2Verdict.PERMERROR);
    }

    @Test
    void silentZoneIsTemporary() {
        DnsClient silent = (name, type) -> new CompletableFuture<>();
        Dkim2Verifier verifier =
                verifier().dns(silent).timeout(Duration.ofMillis(1)).build();
        Dkim2Result result = verifier.verify(bytes(ourMessage()), SENDER, List.of(RECIPIENT));
        assertThat(result.verdict()).isEqualTo(Dkim2Verdict.TEMPERROR);
        assertThat(result.smtpReply().orElseThrow().code()).isEqualTo(451);
    }

    @Test
    void anyFailureOfDnsIsTemporary() {
        List<DnsClient> clients = new ArrayList<>();
        clients.add((name, type) -> {
            throw new IllegalStateException("test");
        });
        clients.add((name, type) -> CompletableFuture.failedFuture(new IllegalStateException("test")));
        clients.add((name, type) -> CompletableFuture.completedFuture(null));
        for (Cause cause : Cause.values()) {
            clients.add(ZoneDnsClient.builder()
                    .trouble(DomainNames.of("e1._domainkey.example.org"), cause)
                    .build());
        }
        for (DnsClient client : clients) {
            Dkim2Result result = verifier().dns(client).build().verify(bytes(ourMessage()), SENDER, List.of(RECIPIENT));
            assertThat(result.reason()).isEqualTo(Dkim2Reason.KEY_UNAVAILABLE);
        }
    }

    @Test
    void forgeryIsNeverDeferred() {
        DnsClient silent = ZoneDnsClient.builder()
                .trouble(DomainNames.of("e1._domainkey.example.org"), Cause.TIMEOUT)
                .build();
        byte[] altered = bytes(ourMessage().replace("Lunch", "Dinner"));
        assertThat(verifier()
                        .dns(silent)
                        .build()
                        .verify(altered, SENDER, List.of(RECIPIENT))
                        .verdict())
                .isEqualTo(Dkim2Verdict.FAIL);
    }

    @Test
    void eachKeyIsQueriedOnceWithinBudget() {
        List<String> hops = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            hops.add(hop(i, 1, "example.org", SENDER, SENDER)
                    .replace("s=", "s=a" + i + ":rsa-sha256:YWJj,b" + i + ":rsa-sha256:YWJj,"));
        }
        CountingDnsClient dns =
                CountingDnsClient.of(ZoneDnsClient.builder().text(TestKeys.ZONE).build());
        byte[] message = signed(MESSAGE, List.of(instance(MESSAGE, 1)), hops);
        Dkim2Result result = verifier().dns(dns).build().verify(message, SENDER, List.of(SENDER));
        assertThat(result.reason()).as(result.toString()).isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
        assertThat(dns.questions()).hasSize(Dkim2Verifier.MAX_QUERIES);
        assertThat(result.queries()).isEqualTo(Dkim2Verifier.MAX_QUERIES);
    }

    @Test
    void unknownAlgorithmsAreNotLookedUp() {
        CountingDnsClient dns =
                CountingDnsClient.of(ZoneDnsClient.builder().text(TestKeys.ZONE).build());
        byte[] message = signed(hop -> hop.replace("ed25519-sha256:?", "ml-dsa-44:YWJj"));
        assertThat(verifier()
                        .dns(dns)
                        .build()
                        .verify(message, SENDER, List.of(RECIPIENT))
                        .verdict())
                .isEqualTo(Dkim2Verdict.FAIL);
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void keyNameTooLongForDnsDoesNotExist() {
        byte[] message = signed(hop -> hop.replace("e1:", ("a".repeat(60) + ".").repeat(4) + "e:"));
        assertThat(verify(message).verdict()).isEqualTo(Dkim2Verdict.PERMERROR);
    }

    @Test
    void partsAreLimited() {
        String parts = "x\r\n--b1\r\n\r\n".repeat(101);
        assertThat(bounces()
                        .build()
                        .verify(bytes(report("X: y", parts)), "<>", List.of(SENDER))
                        .reason())
                .isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
    }
}
