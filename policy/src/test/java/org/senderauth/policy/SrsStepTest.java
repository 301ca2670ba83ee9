package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision.Action;
import org.senderauth.srs.AliasStore;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsFormat;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsMode;
import org.senderauth.srs.SrsReason;
import org.senderauth.testkit.ManualClock;

class SrsStepTest {

    private static final String FORGED = "SRS0=aaaaaaaa=EL=example.com=bob@srs.example.org";

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final Srs srs = builder().build();
    private final SenderPolicy policy = SenderPolicy.builder("mx.example.org")
            .srs(srs)
            .nanoTime(clock::nanoTime)
            .build();

    private static final AliasStore SILENT = new AliasStore() {
        @Override
        public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
            return CompletableFuture.completedFuture(new Answer.Known(java.util.Optional.of(address)));
        }

        @Override
        public CompletableFuture<Answer> get(String alias) {
            return CompletableFuture.completedFuture(new Answer.Unavailable("away"));
        }
    };

    private final Srs aliased = builder().aliases(SILENT).build();
    private final String alias = aliased.forward(MailAddress.of("b".repeat(60) + "@example.org"))
            .address()
            .toString();

    private Srs.Builder builder() {
        return Srs.builder()
                .keyring(SrsKeyring.of(SecretKeys.of(new byte[20])))
                .domain("srs.example.org")
                .clock(clock);
    }

    private String rewritten() {
        return srs.forward(MailAddress.of("bob@example.com")).address().toString();
    }

    private static InetAddress ip(String text) {
        return IpAddresses.parse(text).orElseThrow();
    }

    private Decision decide(SenderPolicy by, String client, String sender, String recipient) {
        return by.decide(Transaction.of(ip(client), "mail.example.net", sender).to(recipient));
    }

    private Decision bounce(String recipient) {
        return decide(policy, "198.51.100.1", "", recipient);
    }

    @Test
    void acceptsBounceToValidSrsAddress() {
        assertThat(bounce(rewritten()).action()).isNotEqualTo(Action.REJECT);
    }

    @Test
    void rejectsForgedAndExpiredAlike() {
        String old = rewritten();
        clock.advance(Duration.ofDays(40));
        Decision expired = bounce(old);
        Decision forged = bounce(FORGED);
        assertThat(expired.action()).isEqualTo(Action.REJECT);
        assertThat(expired.smtpReply()).isEqualTo(forged.smtpReply());
        assertThat(String.valueOf(forged.smtpReply())).contains("550 5.1.1 ");
    }

    @Test
    void skipsForeignAndUnsignedAddresses() {
        assertThat(bounce("SRS0=aaaa=EL=example.com=bob@elsewhere.example").action())
                .isNotEqualTo(Action.REJECT);
        assertThat(bounce("joe@srs.example.org").action()).isNotEqualTo(Action.REJECT);
    }

    @Test
    void acceptsNonBounceToValidAddress() {
        assertThat(decide(policy, "198.51.100.1", "carol@example.net", rewritten())
                        .action())
                .isNotEqualTo(Action.REJECT);
    }

    @Test
    void rejectsNonBounceAlikeIfOnlyNullSenderIsAccepted() {
        SenderPolicy bouncesOnly =
                SenderPolicy.builder("mx.example.org").srs(srs, true).build();
        String mail = "carol@example.net";
        Decision valid = decide(bouncesOnly, "198.51.100.1", mail, rewritten());
        assertThat(String.valueOf(valid.smtpReply())).contains("550 5.7.1 SRS addresses accept bounces only");
        assertThat(decide(bouncesOnly, "198.51.100.1", mail, FORGED).smtpReply())
                .isEqualTo(valid.smtpReply());
        for (String sender : new String[] {"", "MAILER-DAEMON@example.net"}) {
            assertThat(decide(bouncesOnly, "198.51.100.1", sender, rewritten()).action())
                    .isEqualTo(Action.CONTINUE);
        }
        assertThat(decide(bouncesOnly, "198.51.100.1", mail, "SRS0=aaaa=EL=example.com=bob@elsewhere.example")
                        .action())
                .isEqualTo(Action.CONTINUE);
        assertThat(decide(bouncesOnly, "198.51.100.1", mail, "joe@srs.example.org")
                        .action())
                .isEqualTo(Action.CONTINUE);
    }

    @Test
    void defersGuessingClientEvenForValidAddress() {
        for (int i = 0; i < SenderPolicy.MAX_INVALID_PER_NETWORK; i++) {
            assertThat(String.valueOf(bounce(FORGED).smtpReply())).contains("550 5.1.1 ");
        }
        assertThat(String.valueOf(bounce(FORGED).smtpReply())).contains("450 4.7.1 ");
        assertThat(String.valueOf(bounce(rewritten()).smtpReply())).contains("450 4.7.1 ");
        // Mail from an ordinary sender must not show the hit either.
        assertThat(String.valueOf(decide(policy, "198.51.100.9", "carol@example.net", rewritten())
                        .smtpReply()))
                .contains("450 4.7.1 ");
        assertThat(decide(policy, "192.0.2.7", "", rewritten()).action()).isNotEqualTo(Action.REJECT);
        clock.advance(Duration.ofHours(2));
        assertThat(bounce(rewritten()).action()).isNotEqualTo(Action.REJECT);
    }

    // PostSRSd joins the parts without a separator: one hash for example.org and alice, and for "example." and
    // orgalice. A
    // guesser must not learn it from the second address, which can be the sender of no one.
    @Test
    void hidesRightHashOverImpossibleSenderAboveLimit() {
        SecretKey old = SecretKeys.of("a secret of PostSRSd, of the test".getBytes(StandardCharsets.US_ASCII));
        SrsFormat postsrsd = SrsFormat.of(SrsMode.POSTSRSD1);
        String signed = Srs.builder()
                .keyring(SrsKeyring.builder().sign(old, postsrsd).build())
                .domain("srs.example.org")
                .clock(clock)
                .build()
                .forward(MailAddress.of("alice@example.org"))
                .address()
                .toString();
        String impossible = signed.replace("=example.org=alice@", "=example.=orgalice@");
        Srs changing = builder()
                .keyring(SrsKeyring.builder()
                        .sign(SecretKeys.of(new byte[20]))
                        .predecessor(old, postsrsd, clock.instant().plus(Duration.ofDays(22)))
                        .build())
                .build();
        assertThat(changing.reverse(signed).isValid()).isTrue();
        assertThat(changing.reverse(impossible).reason()).isEqualTo(SrsReason.ILLEGAL_RESULT);
        SenderPolicy guarded = SenderPolicy.builder("mx.example.org")
                .srs(changing)
                .nanoTime(clock::nanoTime)
                .build();
        String wrong = impossible.replaceFirst("=....=", "=AAAA=");
        for (int i = 0; i < SenderPolicy.MAX_INVALID_PER_NETWORK; i++) {
            assertThat(decide(guarded, "198.51.100.1", "", wrong).smtpReply())
                    .isEqualTo(decide(guarded, "192.0.2.1", "", impossible).smtpReply());
        }
        Decision above = decide(guarded, "198.51.100.1", "", wrong);
        assertThat(String.valueOf(above.smtpReply())).contains("450 4.7.1 ");
        assertThat(decide(guarded, "198.51.100.1", "", impossible).smtpReply()).isEqualTo(above.smtpReply());
    }

    @Test
    void hidesAliasAboveLimitWhenStoreUnavailable() {
        SenderPolicy guarded = SenderPolicy.builder("mx.example.org")
                .srs(aliased)
                .onTempfail(Step.SRS, TempfailAction.DEFER)
                .nanoTime(clock::nanoTime)
                .build();
        for (int i = 0; i <= SenderPolicy.MAX_INVALID_PER_NETWORK; i++) {
            decide(guarded, "198.51.100.1", "", FORGED);
        }
        assertThat(decide(guarded, "198.51.100.1", "", alias).smtpReply())
                .isEqualTo(decide(guarded, "198.51.100.1", "", FORGED).smtpReply());
        assertThat(String.valueOf(decide(guarded, "192.0.2.1", "", alias).smtpReply()))
                .contains("451 4.3.0 ");
    }

    @Test
    void rejectsNonBounceAlikeWhenStoreUnavailable() {
        SenderPolicy bouncesOnly = SenderPolicy.builder("mx.example.org")
                .srs(aliased, true)
                .onTempfail(Step.SRS, TempfailAction.DEFER)
                .build();
        assertThat(decide(bouncesOnly, "198.51.100.1", "carol@example.net", alias)
                        .smtpReply())
                .isEqualTo(decide(bouncesOnly, "198.51.100.1", "carol@example.net", FORGED)
                        .smtpReply());
    }

    @Test
    void neverRejectsWhenStoreUnavailable() {
        SenderPolicy deferring = SenderPolicy.builder("mx.example.org")
                .srs(aliased)
                .onTempfail(Step.SRS, TempfailAction.DEFER)
                .build();
        assertThat(String.valueOf(decide(deferring, "192.0.2.1", "", alias).smtpReply()))
                .contains("451 4.3.0 ");
        SenderPolicy continuing =
                SenderPolicy.builder("mx.example.org").srs(aliased).build();
        assertThat(decide(continuing, "192.0.2.1", "", alias).action()).isNotEqualTo(Action.REJECT);
    }
}
