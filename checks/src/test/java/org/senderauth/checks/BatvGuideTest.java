package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.batv.BatvNormalizer;
import org.senderauth.batv.BatvResult;
import org.senderauth.batv.Bounce;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceGuard;
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.MemoryFailureCounter;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.RecipientDecision;
import org.senderauth.batv.RolloutSchedule;
import org.senderauth.batv.SenderProof;
import org.senderauth.batv.SigningResult;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;

/** The Java examples of docs/batv.md. */
class BatvGuideTest {

    @Test
    void acceptsBounceByItsTag(@TempDir Path folder) throws IOException {
        Path keyFile = folder.resolve("batv.keys");
        SecretFiles.create(
                keyFile,
                "[example.org]\nsign 0 hex:000102030405060708090a0b0c0d0e0f".getBytes(StandardCharsets.US_ASCII));
        MailAddress sender = MailAddress.of("Joe@example.org");
        Batv batv =
                Batv.builder().keys(BatvKeyFile.read(keyFile)).lowerCase(true).build();
        SigningResult signed = batv.trySign(sender); // when the message is accepted; keep it with the message
        BatvResult back = batv.verify(signed.address());
        MailAddress plain = BatvNormalizer.normalize(signed.address());

        assertThat(back.isValid()).isTrue();
        assertThat(plain).hasToString("joe@example.org");

        InstantSource clock = InstantSource.system();
        Instant logFrom = clock.instant().minus(Duration.ofDays(14));
        Instant enforceFrom = clock.instant().minus(Duration.ofDays(7));
        InetAddress clientAddress = InetAddress.getByName("192.0.2.1");
        byte[] message = "From: MAILER-DAEMON\r\nContent-Type: multipart/report; report-type=delivery-status\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        MailAddress recipient = plain;
        RolloutSchedule plan = RolloutSchedule.of(
                Map.of("example.org", new RolloutSchedule.Dates(logFrom, enforceFrom)), RolloutSchedule.Dates.NEVER);
        BounceRules rules = BounceRules.builder().rollOut(plan).build();
        BounceFilter filter = new BounceFilter(batv, rules, clock, new MemoryFailureCounter(Duration.ofHours(1)));

        Bounce bounce = Bounce.to(null, recipient).from(clientAddress); // null: the sender <>
        RecipientDecision decision = filter.atRcpt(bounce);
        decision.action(); // ACCEPT, REJECT, CHECK_CONTENT, ...
        decision.deliverTo(); // without its tag
        decision.smtpReply(); // 550 5.7.1 ...
        decision.reason(); // for the log
        decision.intended(); // what it will be once it is enforced
        if (decision.action() == BounceAction.CHECK_CONTENT) {
            filter.atEndOfData(bounce.with(MessageContent.of(message))).smtpReply();
        }

        assertThat(decision.action()).isEqualTo(BounceAction.CHECK_CONTENT);
        assertThat(filter.atEndOfData(bounce.with(MessageContent.of(message))).action())
                .isEqualTo(BounceAction.REJECT);
    }

    @Test
    void guardDecidesByProof() {
        MailAddress sender = MailAddress.of("joe@example.org");
        List<SenderProof> proofs = List.of();
        byte[] message = "Subject: hello\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        BounceGuard guard = BounceGuard.create();
        guard.mayBounce(sender, SenderProof.spfPass("example.org")); // true if the sender's domain is example.org
        guard.decide(sender, proofs, MessageContent.of(message)); // PROVEN, UNPROVEN, BOUNCE, AUTOMATIC

        assertThat(guard.mayBounce(sender, SenderProof.spfPass("example.org"))).isTrue();
        assertThat(guard.decide(sender, proofs, MessageContent.of(message))).isEqualTo(BounceGuard.Reason.UNPROVEN);
    }

    @Test
    void guideShowsTheseExamples() throws IOException {
        GuideExamples.assertShown("batv.md", BatvGuideTest.class, 3);
    }
}
