package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.MailAddress;

class BounceGuardTest {

    private static final MailAddress JOE = MailAddress.of("joe@Mail.Example.org");

    private final BounceGuard guard = BounceGuard.create();

    @Test
    void allowsBounceToProvenSenderOnly() {
        assertThat(guard.mayBounce(JOE)).isFalse();
        assertThat(guard.mayBounce(JOE, SenderProof.authenticated())).isTrue();
        assertThat(guard.mayBounce(JOE, SenderProof.spfPass("mail.example.org")))
                .isTrue();
        assertThat(guard.decide(JOE, List.of())).isEqualTo(BounceGuard.Reason.UNPROVEN);
    }

    @Test
    void proofCoversItsDomainOnly() {
        assertThat(guard.mayBounce(JOE, SenderProof.spfPass("example.org"))).isFalse();
        assertThat(guard.mayBounce(JOE, SenderProof.dkimPass("Example.ORG"))).isTrue();
        assertThat(guard.mayBounce(JOE, SenderProof.dkimPass("le.org"))).isFalse();
        assertThat(guard.mayBounce(JOE, SenderProof.dkimPass("a.mail.example.org")))
                .isFalse();
    }

    @Test
    void proofCoversItsDomainInBothSpellings() {
        MailAddress sender = MailAddress.of("joe@mail.bücher.example");
        assertThat(guard.mayBounce(sender, SenderProof.spfPass("mail.xn--bcher-kva.example")))
                .isTrue();
        assertThat(guard.mayBounce(sender, SenderProof.spfPass("xn--bcher-kva.example")))
                .isFalse();
        assertThat(guard.mayBounce(sender, SenderProof.dkimPass("xn--bcher-kva.example")))
                .isTrue();
        assertThat(guard.mayBounce(MailAddress.of("joe@xn--bcher-kva.example"), SenderProof.spfPass("bücher.example")))
                .isTrue();
    }

    @Test
    void neverBouncesBounceOrAutomaticMessage() {
        List<SenderProof> proofs = List.of(SenderProof.authenticated());
        MessageContent reply = MessageContent.of(
                "From: ann@example.net\nAuto-Submitted: auto-replied\n\n".getBytes(StandardCharsets.US_ASCII));
        MessageContent mail = MessageContent.of("From: ann@example.net\n\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(guard.decide(null, proofs)).isEqualTo(BounceGuard.Reason.BOUNCE);
        assertThat(guard.decide(null, proofs, reply)).isEqualTo(BounceGuard.Reason.BOUNCE);
        assertThat(guard.decide(MailAddress.of("MAILER-DAEMON@example.org"), proofs))
                .isEqualTo(BounceGuard.Reason.BOUNCE);
        assertThat(guard.decide(JOE, proofs, reply)).isEqualTo(BounceGuard.Reason.AUTOMATIC);
        assertThat(guard.decide(JOE, proofs, mail)).isEqualTo(BounceGuard.Reason.PROVEN);
    }

    @ParameterizedTest
    @CsvSource({
        "Subject: Absence on Friday,           PROVEN",
        "Subject: Vacation plans,              PROVEN",
        "Subject: Automatic reply: Hello,      PROVEN",
        "Auto-Submitted: auto-generated,       PROVEN",
        "Auto-Submitted: auto-replied,         AUTOMATIC",
        "X-Autoreply: yes,                     AUTOMATIC",
        "X-Failed-Recipients: bob@example.net, AUTOMATIC",
    })
    void subjectAloneMakesNoAutomaticMessage(String field, BounceGuard.Reason reason) {
        String subject = field.startsWith("Subject") ? "" : "Subject: failure notice\n";
        MessageContent content = MessageContent.of(
                ("From: ann@example.net\n" + subject + field + "\n\nHello\n").getBytes(StandardCharsets.US_ASCII));

        assertThat(guard.decide(JOE, List.of(SenderProof.authenticated()), content))
                .isEqualTo(reason);
    }

    @Test
    void contentOfOtherProgramCounts() {
        MessageContent reply = new MessageContent(MessageKind.AUTO_REPLY, "by another program");

        assertThat(guard.decide(JOE, List.of(SenderProof.authenticated()), reply))
                .isEqualTo(BounceGuard.Reason.AUTOMATIC);
    }

    @Test
    void acceptsGivenMethodsOnly() {
        BounceGuard strict = BounceGuard.of(Set.of(SenderProof.Method.AUTHENTICATED));

        assertThat(strict.mayBounce(JOE, SenderProof.spfPass("mail.example.org")))
                .isFalse();
        assertThat(strict.mayBounce(JOE, SenderProof.authenticated())).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> BounceGuard.of(Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> SenderProof.spfPass("not a domain"));
    }

    @Test
    void proofMayBeGivenTwice() {
        SenderProof proof = SenderProof.spfPass("mail.example.org.");

        assertThat(guard.mayBounce(JOE, proof, proof)).isEqualTo(guard.mayBounce(JOE, proof));
        assertThat(proof).isEqualTo(SenderProof.spfPass("mail.example.org"));
    }
}
