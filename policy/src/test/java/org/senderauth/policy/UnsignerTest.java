package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvKeys;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.testkit.SteppingClock;

class UnsignerTest {

    private static final MailAddress ALICE = MailAddress.of("alice@example.org");
    private static final Unsigned ORIGINAL = new Unsigned.Original("alice@example.org");

    private final SteppingClock clock = SteppingClock.at(Instant.parse("2026-11-23T12:00:00Z"));
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
    private final Unsigner both = Unsigner.of(batv).or(Unsigner.of(ses));

    @Test
    void signaturesOfBothKindsComeOffFreshOrExpired() {
        String tagged = batv.sign(ALICE).toString();
        String signed = ses.sign(ALICE).toString();
        assertThat(List.of(both.unsign(tagged), both.unsign(signed))).containsOnly(ORIGINAL);
        clock.advance(Duration.ofDays(12));
        assertThat(both.unsign(tagged)).isEqualTo(ORIGINAL);
        assertThat(both.unsign(signed)).isEqualTo(ORIGINAL);
    }

    @Test
    void whatIsNotOursStays() {
        for (String address : List.of(
                "alice@example.org", "prvs=1000123456=alice@example.org", "SES=BBBB=alice@example.org", "", "@", "x")) {
            assertThat(both.unsign(address)).as(address).isEqualTo(new Unsigned.NotOurs());
        }
        assertThat(Unsigner.NONE.unsign(batv.sign(ALICE).toString())).isEqualTo(new Unsigned.NotOurs());
    }

    @Test
    void unavailableKeysAreNoVerdict() {
        Batv away = Batv.builder()
                .keys(domain -> new BatvKeys.Unavailable("the store is away"))
                .clock(clock)
                .build();
        assertThat(Unsigner.of(away)
                        .or(Unsigner.of(ses))
                        .unsign(batv.sign(ALICE).toString()))
                .isEqualTo(new Unsigned.TryLater("the keys cannot be had now"));
    }
}
