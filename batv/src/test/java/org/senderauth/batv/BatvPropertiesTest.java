package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

class BatvPropertiesTest {

    private static final BatvKeyring KEYS =
            BatvKeyring.of(SecretKeys.of("a key of more than 16".getBytes(StandardCharsets.US_ASCII)));

    private static Batv.Builder batv(long second) {
        return Batv.builder().keyring(KEYS).clock(InstantSource.fixed(Instant.ofEpochSecond(second)));
    }

    @Provide
    Arbitrary<MailAddress> addresses() {
        Arbitrary<String> atoms = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .withChars("!#$%&'*+-/=?^_`{|}~.éß漢")
                .ofMinLength(1)
                .ofMaxLength(40);
        Arbitrary<String> quoted = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMaxLength(20)
                .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        Arbitrary<String> domains =
                Arbitraries.of("example.org", "Example.COM", "mail.example.net", "[192.0.2.1]", "bücher.example");
        return Combinators.combine(Arbitraries.oneOf(atoms, quoted), domains).as(MailAddress::new);
    }

    @Property
    void signedAddressIsValidUntilItExpires(
            @ForAll("addresses") MailAddress sender,
            @ForAll @LongRange(min = -100_000_000_000L, max = 100_000_000_000L) long second,
            @ForAll @IntRange(min = 1, max = 998) int lifetime,
            @ForAll @IntRange(min = 0, max = 998) int later,
            @ForAll boolean subAddress) {
        Batv.Builder signing = batv(second).lifetimeDays(lifetime);
        SigningResult signed =
                (subAddress ? signing.subAddress('+') : signing).build().trySign(sender);
        if (!signed.isSigned()) {
            assertThat(signed.address()).isEqualTo(sender);
            return;
        }
        BatvResult now = batv(second).lifetimeDays(lifetime).build().verify(signed.address());
        assertThat(now.isValid()).isTrue();
        assertThat(now.original()).contains(sender);
        assertThat(now.daysLeft()).isEqualTo(OptionalInt.of(lifetime));

        BatvVerdict then = batv(second + later * 86_400L)
                .lifetimeDays(lifetime)
                .build()
                .verify(signed.address())
                .verdict();
        // later = 999 is the day before, by the cycle of 1000 days; it is never reached here
        assertThat(then).isEqualTo(later <= lifetime ? BatvVerdict.VALID : BatvVerdict.EXPIRED);
    }

    @Property
    void anyOtherOctetIsNotValid(
            @ForAll("addresses") MailAddress sender,
            @ForAll @IntRange(min = 0, max = 80) int position,
            @ForAll @IntRange(min = 0x20, max = 0x7e) int octet) {
        SigningResult signed = batv(1_800_000_000L).build().trySign(sender);
        String tagged = signed.address().toString();
        Assume.that(signed.isSigned() && position < tagged.length());
        String changed = tagged.substring(0, position) + (char) octet + tagged.substring(position + 1);
        Assume.that(!changed.toLowerCase(Locale.ROOT).equals(tagged.toLowerCase(Locale.ROOT)));

        assertThat(batv(1_800_000_000L).build().verify(changed).isValid()).isFalse();
    }

    @Property
    void neverThrowsForAnyText(@ForAll String text, @ForAll("tagLike") String tagLike) {
        Batv batv = batv(1_800_000_000L).build();
        for (String address : new String[] {text, text + "@example.org", tagLike, tagLike + "@" + text}) {
            assertThat(batv.verify(address).verdict()).isNotEqualTo(BatvVerdict.UNAVAILABLE);
            MailAddress.split(address).ifPresent(given -> {
                assertThat(batv.trySign(given)).isNotNull();
                assertThat(BatvNormalizer.normalize(given)).isNotNull();
            });
        }
    }

    @Provide
    Arbitrary<String> tagLike() {
        return Arbitraries.of(
                        "prvs=",
                        "PRVS=",
                        "btv1==",
                        "msprvs1=",
                        "+prvs=",
                        "-prvs=",
                        "\"prvs=",
                        "=",
                        "/",
                        "0896eca59c",
                        "joe",
                        "\\",
                        "\"",
                        "750139ea6",
                        "34826e458e2",
                        "17582Z2TKy0DK",
                        "@")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Property
    void normalizingTwiceIsNormalizingOnce(@ForAll("tagLike") String local) {
        MailAddress.split(local + "@example.org").ifPresent(address -> {
            MailAddress once = BatvNormalizer.normalize(address);
            assertThat(BatvNormalizer.normalize(once)).isEqualTo(once);
        });
    }

    @Property
    void normalizerGivesBackWhatWasTagged(@ForAll("addresses") MailAddress sender) {
        SigningResult signed = batv(1_800_000_000L).build().trySign(sender);
        Assume.that(signed.isSigned());

        assertThat(BatvNormalizer.normalize(signed.address())).isEqualTo(sender);
    }

    @Property
    void normalizerLeavesOtherSchemesAlone(@ForAll("untagged") String local) {
        MailAddress address = new MailAddress(local, "example.org");

        assertThat(BatvNormalizer.normalize(address)).isSameAs(address);
    }

    @Provide
    Arbitrary<String> untagged() {
        Arbitrary<String> word = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<String> hash = Arbitraries.strings()
                .withCharRange('A', 'Z')
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .ofLength(4);
        return Arbitraries.oneOf(
                Combinators.combine(hash, hash, word, word)
                        .as((h, t, domain, user) -> "SRS0=" + h + "=" + t + "=" + domain + ".example=" + user),
                Combinators.combine(hash, word, hash, word)
                        .as((h, first, rest, user) -> "SRS1=" + h + "=" + first + "==" + rest + "=" + user),
                Combinators.combine(word, word, word)
                        .as((list, user, domain) -> list + "-bounces+" + user + "=" + domain + ".example"),
                Combinators.combine(word, word, word)
                        .as((list, number, user) -> list + "-return-" + number + "-" + user + "=example.net"),
                Combinators.combine(word, word, word).as((a, b, c) -> a + "=" + b + "=" + c),
                Combinators.combine(word, word).as((a, b) -> "bounce+" + a + "=" + b + "-0896eca59c"),
                Combinators.combine(hash, word).as((signature, user) -> "SES=" + signature + "=" + user));
    }
}
