package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.testkit.ManualClock;

class GuessBrakeTest {

    private static final String ATTACKER = "198.51.100.";
    private static final String GENUINE = "192.0.2.1";
    private static final String OVER = "450 4.7.1 Too many invalid signatures, try again later";

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final AtomicLong nanos = new AtomicLong();
    private final Batv batv = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of(new byte[20])))
            .clock(clock)
            .build();
    private final Ses ses = Ses.builder()
            .keyring(SesKeyring.builder()
                    .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                    .build())
            .clock(clock)
            .build();
    private final SenderPolicyBuilder builder = SenderPolicy.builder("mx.example.org")
            .batv(new BounceFilter(
                    batv, BounceRules.builder().onUnsigned(BounceAction.REJECT).build(), clock))
            .ses(ses, Set.of("example.org"))
            .maxInvalidSignatures(5, 8)
            .nanoTime(nanos::get);
    private final SenderPolicy policy = builder.build();

    private String bounce(String client, String recipient) {
        return bounce(policy, client, recipient);
    }

    private static String bounce(SenderPolicy policy, String client, String recipient) {
        Transaction transaction =
                Transaction.of(IpAddresses.parse(client).orElseThrow(), "h", "").to(recipient);
        return policy.decide(transaction).smtpReply().map(SmtpReply::toString).orElse("continue");
    }

    private String tagged(String mailbox) {
        return batv.sign(MailAddress.of(mailbox)).toString();
    }

    private static String guess(int i, String mailbox) {
        return "prvs=0787" + String.format(Locale.ROOT, "%06x", i) + "=" + mailbox;
    }

    @Test
    void defersNetworkAboveItsLimitForValidTagsToo() {
        for (int i = 0; i < 5; i++) {
            assertThat(bounce(ATTACKER + i, guess(i, "user" + i + "@example.org")))
                    .startsWith("550 5.7.1 ");
        }
        assertThat(bounce(ATTACKER + "9", guess(9, "user9@example.org"))).isEqualTo(OVER);
        assertThat(bounce(ATTACKER + "9", tagged("alice@example.org"))).isEqualTo(OVER);
        assertThat(bounce(GENUINE, tagged("alice@example.org"))).isEqualTo("continue");
    }

    @Test
    void countsPoliciesOfOneBuilderTogether() {
        SenderPolicy other = builder.deadline(Duration.ofSeconds(5)).build();
        for (int i = 0; i < 5; i++) {
            assertThat(bounce(i % 2 == 0 ? policy : other, ATTACKER + i, guess(i, "user" + i + "@example.org")))
                    .startsWith("550 5.7.1 ");
        }
        assertThat(bounce(policy, ATTACKER + "9", guess(9, "user9@example.org")))
                .isEqualTo(OVER);
        assertThat(bounce(other, ATTACKER + "9", tagged("alice@example.org"))).isEqualTo(OVER);
    }

    @Test
    void defersMailboxAboveLimitInAnySpellingOrNetwork() {
        String[] spellings = {"alice@example.org", "Alice@example.org", "ALICE@EXAMPLE.ORG"};
        for (int i = 0; i < 8; i++) {
            assertThat(bounce("203.0." + i + ".1", guess(i, spellings[i % 3]))).startsWith("550 5.7.1 ");
        }
        assertThat(bounce("203.0.99.1", guess(99, "alicE@example.org"))).isEqualTo(OVER);
        assertThat(bounce(GENUINE, tagged("alice@example.org"))).isEqualTo(OVER);
        assertThat(bounce(GENUINE, tagged("bob@example.org"))).isEqualTo("continue");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prvs=0787%06x=alice+%d@example.org",
                "prvs=0787%06x=alice@example.org.",
                "\"prvs=0787%06x=alice\"@example.org",
                "\"prvs=0787%06x=al\\ice\"@example.org",
                "prvs=0787%06x=\"alice\"@example.org",
                "prvs=0787%06x=\"\\alice\"@example.org",
            })
    void quotesAndSubAddressesAreOneMailbox(String spelling) {
        for (int i = 0; i < 9; i++) {
            bounce("203.0." + i + ".1", String.format(Locale.ROOT, spelling, i, i));
        }
        assertThat(bounce(GENUINE, tagged("alice@example.org"))).isEqualTo(OVER);
        assertThat(bounce(GENUINE, tagged("bob@example.org"))).isEqualTo("continue");
    }

    @Test
    void countsSesLikeBatv() {
        String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
        int equals = signed.indexOf('=', 4);
        for (int i = 0; i < 5; i++) {
            char[] guess = signed.toCharArray();
            guess[equals - 1] = guess[equals - 1] == '2' + i ? 'Z' : (char) ('2' + i);
            assertThat(bounce(ATTACKER + i, new String(guess))).startsWith("550 5.7.1 Bounce rejected: invalid SES");
        }
        char[] one = signed.toCharArray();
        one[equals - 2] = one[equals - 2] == 'X' ? 'Y' : 'X';
        assertThat(bounce(ATTACKER + "7", new String(one))).isEqualTo(OVER);
    }

    @Test
    void countExpiresAfterTheWindow() {
        for (int i = 0; i < 6; i++) {
            bounce(ATTACKER + i, guess(i, "user@example.org"));
        }
        nanos.addAndGet(GuessBrake.WINDOW.minus(Duration.ofSeconds(1)).toNanos());
        assertThat(bounce(ATTACKER + "1", tagged("alice@example.org"))).isEqualTo(OVER);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(bounce(ATTACKER + "1", tagged("alice@example.org"))).isEqualTo("continue");
    }

    @Test
    void untaggedAndExpiredAddressesDoNotCount() {
        String expired = tagged("alice@example.org");
        clock.advance(Duration.ofDays(20));
        for (int i = 0; i < 20; i++) {
            assertThat(bounce(ATTACKER + "1", "alice@example.org")).startsWith("550 5.7.1 ");
            assertThat(bounce(ATTACKER + "1", expired)).startsWith("550 5.7.1 ");
        }
        assertThat(bounce(ATTACKER + "1", tagged("alice@example.org"))).isEqualTo("continue");
    }

    @Test
    void rejectsLimitBelowOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SenderPolicy.builder("mx.example.org").maxInvalidSignatures(0, 1));
    }

    @Test
    void newConfigurationContinuesTheCounts() {
        for (int i = 0; i < 6; i++) {
            bounce(ATTACKER + i, guess(i, "user" + i + "@example.org"));
        }
        SenderPolicy reloaded = builder.continueCounts(policy).build();
        assertThat(bounce(reloaded, ATTACKER + "9", tagged("alice@example.org")))
                .isEqualTo(OVER);
        SenderPolicy raised =
                builder.maxInvalidSignatures(100, 100).continueCounts(reloaded).build();
        assertThat(bounce(raised, ATTACKER + "9", tagged("alice@example.org"))).isEqualTo("continue");
    }
}
