package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvKeys;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.testkit.ManualClock;

class SignatureStripperTest {

    private static final MailAddress ALICE = MailAddress.of("alice@example.org");
    private static final StrippedAddress ORIGINAL = new StrippedAddress.Original("alice@example.org");

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
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
    private final SignatureStripper both = SignatureStripper.of(batv).or(SignatureStripper.of(ses));

    @Test
    void stripsBatvAndSesFreshOrExpired() {
        String tagged = batv.sign(ALICE).toString();
        String signed = ses.sign(ALICE).toString();
        assertThat(List.of(both.strip(tagged), both.strip(signed))).containsOnly(ORIGINAL);
        clock.advance(Duration.ofDays(12));
        assertThat(both.strip(tagged)).isEqualTo(ORIGINAL);
        assertThat(both.strip(signed)).isEqualTo(ORIGINAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prvs=1000123456=alice@example.org", // none of our keys has this number
                "prvs=0000000000=alice@example.org",
                "PRVS=0787ABCDEF=alice@example.org",
                "prvs=787abcdef=alice@example.org", // IronPort
                "prvs=alice=787abcdef@example.org",
                "prvs=alice/787abcdef0@example.org",
                "btv1==787abcdef01==alice@example.org", // Barracuda
                "msprvs1=20570G1NGbo_G=alice@example.org", // SparkPost
                "alice+prvs=0787abcdef@example.org",
                "alice-prvs=0787abcdef@example.org",
                "prvs=0787abcdef=prvs=0788abcdef=alice@example.org",
                "SES=BBBB=alice@example.org"
            })
    void stripsEveryFormatAtOurDomainsWhateverKey(String address) {
        assertThat(both.strip(address)).isEqualTo(ORIGINAL);
    }

    @Test
    void stripsTagLowercasedByRelay() {
        String lowered =
                batv.sign(MailAddress.of("Alice@example.org")).toString().toLowerCase(Locale.ROOT);
        assertThat(batv.verify(lowered).isValid()).isFalse();
        assertThat(both.strip(lowered)).isEqualTo(ORIGINAL);
    }

    @Test
    void leavesUnsignedAndForeignUnchanged() {
        SignatureStripper oneDomain = SignatureStripper.of(Batv.builder()
                        .keys(BatvKeys.perDomain(Map.of("example.org", BatvKeyring.of(SecretKeys.of(new byte[20])))))
                        .clock(clock)
                        .build())
                .or(SignatureStripper.of(ses));
        for (String address : List.of(
                "alice@example.org",
                "prvs=alice@example.org",
                "prvs=0787abcdef=alice@example.com",
                "SES=BBBB=alice@example.com",
                "SRS0=HHH=TT=example.com=bob@example.org",
                "",
                "@",
                "x")) {
            assertThat(oneDomain.strip(address)).as(address).isEqualTo(new StrippedAddress.NotSigned());
        }
        assertThat(SignatureStripper.NONE.strip(batv.sign(ALICE).toString()))
                .isEqualTo(new StrippedAddress.NotSigned());
    }

    @Test
    void reportsUnavailableKeys() {
        Batv away = Batv.builder()
                .keys(domain -> new BatvKeys.Unavailable("the store is away"))
                .clock(clock)
                .build();
        assertThat(SignatureStripper.of(away)
                        .or(SignatureStripper.of(ses))
                        .strip(batv.sign(ALICE).toString()))
                .isEqualTo(new StrippedAddress.Unavailable("keys unavailable"));
    }
}
