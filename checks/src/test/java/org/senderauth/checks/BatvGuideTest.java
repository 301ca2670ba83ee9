package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.MemoryFailureCounter;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.RecipientDecision;
import org.senderauth.batv.RollOut;
import org.senderauth.batv.SignedSender;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;

/** The Java examples of docs/batv.md, as they stand there. */
class BatvGuideTest {

    @Test
    void bounceIsLetInByItsTag(@TempDir Path folder) throws IOException {
        Path keyFile = folder.resolve("batv.keys");
        SecretFiles.create(
                keyFile,
                "[example.org]\nsign 0 hex:000102030405060708090a0b0c0d0e0f".getBytes(StandardCharsets.US_ASCII));
        MailAddress sender = MailAddress.of("Joe@example.org");
        Batv batv = Batv.builder().keys(BatvKeyFile.read(keyFile)).lowerCase().build();
        SignedSender signed = batv.signing(sender); // when the message is accepted; keep it with the message
        BatvResult back = batv.verify(signed.address());
        MailAddress plain = BatvNormalizer.normalize(signed.address());

        assertThat(back.isValid()).isTrue();
        assertThat(plain).hasToString("joe@example.org");

        InstantSource clock = InstantSource.system();
        Instant logFrom = clock.instant().minus(Duration.ofDays(14));
        Instant enforceFrom = clock.instant().minus(Duration.ofDays(7));
        InetAddress clientAddress = InetAddress.getByName("192.0.2.1");
        byte[] message = "Content-Type: multipart/report; report-type=delivery-status\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        MailAddress recipient = plain;
        RollOut plan = RollOut.of(Map.of("example.org", new RollOut.Dates(logFrom, enforceFrom)), RollOut.Dates.NEVER);
        BounceRules rules = BounceRules.builder().rollOut(plan).build();
        BounceFilter filter = new BounceFilter(batv, rules, clock, new MemoryFailureCounter(Duration.ofHours(1)));

        Bounce bounce = Bounce.to(null, recipient).from(clientAddress); // null: the sender <>
        RecipientDecision decision = filter.atRcpt(bounce);
        decision.action(); // ACCEPT, REFUSE, LOOK_AT_CONTENT, ...
        decision.deliverTo(); // without its tag
        decision.reply(); // 550 5.7.1 ...
        decision.reason(); // for the log
        decision.intended(); // what it will be once it is enforced
        if (decision.action() == BounceAction.LOOK_AT_CONTENT) {
            filter.atEndOfData(bounce.with(MessageContent.of(message))).reply();
        }

        assertThat(decision.action()).isEqualTo(BounceAction.LOOK_AT_CONTENT);
        assertThat(filter.atEndOfData(bounce.with(MessageContent.of(message))).action())
                .isEqualTo(BounceAction.REFUSE);
    }

    @Test
    void guideShowsThisExample() throws IOException {
        GuideExamples.assertShown("batv.md", BatvGuideTest.class, 2);
    }
}
