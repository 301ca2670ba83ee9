package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.Security;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;
import javax.crypto.SecretKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

class BatvKeyringTest {

    private static final Instant NOON = Instant.ofEpochSecond(1718452800);
    private static final SecretKey FIRST = key("the first secret");
    private static final SecretKey SECOND = key("the second secret");
    private static final SecretKey THIRD = key("the third secret");
    private static final MailAddress JOE = new MailAddress("joe", "example.com");

    private static SecretKey key(String text) {
        return SecretKeys.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Batv batv(BatvKeyring keys) {
        return Batv.builder().keyring(keys).clock(InstantSource.fixed(NOON)).build();
    }

    private static BatvKeyring only(int number, SecretKey key) {
        return BatvKeyring.builder().sign(number, key).build();
    }

    @Test
    void oneKeySignsAndAllVerify() {
        BatvKeyring keys = BatvKeyring.builder()
                .verify(0, FIRST)
                .sign(1, SECOND)
                .verify(9, THIRD)
                .build();

        assertThat(keys.signingKeyNumber()).isEqualTo(1);
        assertThat(batv(keys).verify(batv(keys).sign(JOE)).keyNumber()).isEqualTo(OptionalInt.of(1));
        assertThat(batv(keys).verify(batv(only(0, FIRST)).sign(JOE)).isValid()).isTrue();
        assertThat(batv(keys).verify(batv(only(1, SECOND)).sign(JOE)).isValid()).isTrue();
        assertThat(batv(keys).verify(batv(only(9, THIRD)).sign(JOE)).isValid()).isTrue();
        assertThat(batv(keys).verify(batv(only(0, THIRD)).sign(JOE)).reason()).isEqualTo(BatvReason.WRONG_TAG);
        assertThat(batv(keys).verify(batv(only(8, THIRD)).sign(JOE)).reason()).isEqualTo(BatvReason.NO_SUCH_KEY);
    }

    @Test
    void severalKeysMayShareASlot() {
        BatvKeyring keys = BatvKeyring.builder()
                .sign(0, SECOND)
                .verify(0, FIRST)
                .retired(0, THIRD, NOON.plusSeconds(1))
                .build();

        for (SecretKey key : new SecretKey[] {FIRST, SECOND, THIRD}) {
            assertThat(batv(keys).verify(batv(only(0, key)).sign(JOE)).isValid())
                    .isTrue();
        }
    }

    @Test
    void retiredKeyVerifiesUntilItsInstant() {
        MailAddress tagged = batv(only(0, FIRST)).sign(JOE);
        BatvKeyring before = BatvKeyring.builder()
                .sign(1, SECOND)
                .retired(0, FIRST, NOON.plusNanos(1))
                .build();
        BatvKeyring at =
                BatvKeyring.builder().sign(1, SECOND).retired(0, FIRST, NOON).build();

        assertThat(batv(before).verify(tagged).isValid()).isTrue();
        BatvResult result = batv(at).verify(tagged);
        assertThat(result.verdict()).isEqualTo(BatvVerdict.EXPIRED);
        assertThat(result.reason()).isEqualTo(BatvReason.KEY_RETIRED);
        assertThat(result.daysLeft()).isEqualTo(OptionalInt.of(7));
        // the same key twice: the entry that still holds counts
        BatvKeyring both =
                BatvKeyring.builder().retired(0, FIRST, NOON).sign(0, FIRST).build();
        assertThat(batv(both).verify(tagged).isValid()).isTrue();
        BatvKeyring bothReversed =
                BatvKeyring.builder().sign(0, FIRST).retired(0, SECOND, NOON).build();
        assertThat(batv(bothReversed).verify(batv(only(0, SECOND)).sign(JOE)).reason())
                .isEqualTo(BatvReason.KEY_RETIRED);
    }

    @Test
    void forgedTagUnderARetiredKeyIsBad() {
        BatvKeyring at =
                BatvKeyring.builder().sign(1, SECOND).retired(0, FIRST, NOON).build();

        assertThat(batv(at).verify(batv(only(0, THIRD)).sign(JOE)).verdict()).isEqualTo(BatvVerdict.INVALID);
    }

    @Test
    void reportsMistakesWithFix() {
        assertThatThrownBy(() -> BatvKeyring.builder().verify(0, FIRST).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no key signs; add one with sign");
        assertThatThrownBy(() -> BatvKeyring.builder().sign(0, FIRST).sign(1, SECOND))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("one key signs already; add this one with verify");
        for (int number : new int[] {-1, 10}) {
            assertThatThrownBy(() -> BatvKeyring.builder().verify(number, FIRST))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a key number is one digit, 0 to 9, not " + number);
        }
        BatvKeyring.Builder full = BatvKeyring.builder().sign(1, FIRST);
        for (int i = 0; i < BatvKeyring.MAX_KEYS_PER_SLOT; i++) {
            full.verify(2, SECOND);
        }
        assertThatThrownBy(() -> full.verify(2, THIRD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slot 2 has 8 keys already; drop those long retired");
        assertThat(full.verify(3, THIRD).build().signingKeyNumber()).isEqualTo(1);
    }

    @Test
    void secretsAreNotInTexts() {
        BatvKeyring keys =
                BatvKeyring.builder().sign(1, FIRST).retired(0, SECOND, NOON).build();

        assertThat(keys).hasToString("BatvKeyring[signing 1, keys [0 until 2024-06-15T12:00:00Z, 1]]");
        assertThat(new BatvKeys.Found(keys).toString()).doesNotContain("secret");
        assertThat(batv(keys).toString()).doesNotContain("secret");
    }

    // Computed with Python 3.11's hmac: HKDF by RFC 5869, then HMAC-SHA1 over K DDD and the address.
    @ParameterizedTest
    @CsvSource({
        "the first secret,  0, joe@example.com, prvs=0896e59ca2=joe@example.com",
        "the first secret,  0, joe@example.org, prvs=089622df5d=joe@example.org",
        "the second secret, 7, joe@example.com, prvs=78965cbe97=joe@example.com",
        "the second secret, 7, joe@example.org, prvs=78969274fd=joe@example.org",
    })
    void derivedKeysMakeTheseTags(String master, int number, String sender, String tagged) {
        Batv derived = Batv.builder()
                .keys(BatvKeys.derivedFrom(only(number, key(master))))
                .clock(InstantSource.fixed(NOON))
                .build();

        assertThat(derived.sign(MailAddress.of(sender))).hasToString(tagged);
        assertThat(derived.verify(tagged).isValid()).isTrue();
    }

    @Test
    void anyProviderMakesTheSameTags() {
        Provider bouncyCastle = new BouncyCastleProvider();
        assertThat(Security.getProvider(bouncyCastle.getName())).isNull();
        BatvKeyring ours =
                BatvKeyring.builder().provider(bouncyCastle).sign(0, FIRST).build();

        assertThat(batv(ours).sign(JOE)).isEqualTo(batv(only(0, FIRST)).sign(JOE));
        assertThat(batv(ours.derive("example.com")).sign(JOE))
                .isEqualTo(batv(only(0, FIRST).derive("EXAMPLE.com")).sign(JOE));
        Provider empty = new Provider("Empty", "1", "has no algorithm") {
            private static final long serialVersionUID = 1L;
        };
        assertThatThrownBy(() ->
                        BatvKeyring.builder().provider(empty).sign(0, FIRST).build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
