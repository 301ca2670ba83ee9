package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

class BatvTest {

    /** 2024-06-15 12:00:00 UTC, day 19889: the day of most observed runs. */
    private static final Instant NOON = Instant.ofEpochSecond(1718452800);

    private static final SecretKey SECRET = key("secret");

    private static final SecretKey OTHER = key("another key");

    private static SecretKey key(String text) {
        return SecretKeys.ofWeak(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Instant day(long day) {
        return Instant.ofEpochSecond(day * 86_400);
    }

    private static Batv.Builder batv(Instant at) {
        return Batv.builder().keyring(BatvKeyring.of(SECRET)).clock(InstantSource.fixed(at));
    }

    private static MailAddress address(String text) {
        return MailAddress.split(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        // key for, signed, bounced
        "bücher.example, joe@bücher.example, joe@bücher.example",
        "bücher.example, joe@bücher.example, joe@xn--bcher-kva.example",
        "bücher.example, Joe@bücher.example, Joe@XN--BCHER-KVA.EXAMPLE",
        "bücher.example, joe@xn--bcher-kva.example, joe@bücher.example",
        "xn--bcher-kva.example, joe@bücher.example, joe@xn--bcher-kva.example",
        "xn--bcher-kva.example, joe@xn--bcher-kva.example, joe@BÜCHER.example",
        "post.xn--bcher-kva.example, joe@post.bücher.example, joe@post.xn--bcher-kva.example",
        "例え.テスト, joe@例え.テスト, joe@xn--r8jz45g.xn--zckzah",
    })
    void tagIsValidInBothSpellingsOfDomain(String domain, String sender, String bounced) {
        Batv batv = batv(NOON)
                .keys(BatvKeys.perDomain(Map.of(domain, BatvKeyring.of(SECRET))))
                .build();
        SigningResult signed = batv.trySign(address(sender));
        assertThat(signed.outcome()).isEqualTo(SigningOutcome.SIGNED);
        String tag = signed.address().localPart().substring(0, "prvs=0896eca59c=".length());

        BatvResult result = batv.verify(address(tag + bounced));
        assertThat(result.verdict()).isEqualTo(BatvVerdict.VALID);
        assertThat(result.original().orElseThrow()).hasToString(bounced);
        assertThat(batv.verify(address("prvs=0896000000=" + bounced)).verdict()).isEqualTo(BatvVerdict.INVALID);
        assertThat(batv.canSign(address(bounced))).isEqualTo(SigningOutcome.SIGNED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"straße.example", "xn--strae-oqa.example", "xn--a.example", "xn--.example", "[xn--1]", ".ü"})
    void domainOfOneSpellingIsThatOnly(String domain) {
        Batv batv = batv(NOON)
                .keys(BatvKeys.perDomain(Map.of("strasse.example", BatvKeyring.of(SECRET))))
                .build();
        assertThat(batv.canSign(address("joe@" + domain))).isEqualTo(SigningOutcome.NO_KEYS);
        assertThat(batv.verify(address("prvs=0896000000=joe@" + domain)).reason())
                .isEqualTo(BatvReason.NO_KEYS);
    }

    @Test
    void unavailableKeysOfOtherSpellingDecideNothing() {
        Batv batv = batv(NOON)
                .keys(domain -> domain.startsWith("xn--")
                        ? new BatvKeys.Unavailable("no store")
                        : new BatvKeys.Found(BatvKeyring.of(SECRET)))
                .build();
        assertThat(batv.verify(address("prvs=0896000000=joe@bücher.example")).verdict())
                .isEqualTo(BatvVerdict.UNAVAILABLE);
    }

    @Test
    void signingTwiceIsSigningOnce() {
        Batv batv = batv(NOON).build();
        SigningResult once = batv.trySign(address("joe@example.com"));
        SigningResult twice = batv.trySign(once.address());

        assertThat(once.isSigned()).isTrue();
        assertThat(once.address()).hasToString("prvs=0896eca59c=joe@example.com");
        assertThat(twice.outcome()).isEqualTo(SigningOutcome.ALREADY_TAGGED);
        assertThat(twice.isSigned()).isFalse();
        assertThat(twice.address()).isEqualTo(once.address());
        assertThat(batv.sign(once.address())).isEqualTo(once.address());
    }

    @ParameterizedTest
    @CsvSource({
        "SRS0=HHHH=TT=orig.example=bob@fwd.example, OTHER_SCHEME",
        "srs1=HHHH=first.example==HHH=TT=orig.example=bob@fwd.example, OTHER_SCHEME",
        "SRS0+HHHH=TT=orig.example=bob@fwd.example, OTHER_SCHEME",
        "SRS1-HHHH=first.example==TT=orig.example=bob@fwd.example, OTHER_SCHEME",
        "SES=FZL8-J65IZ_GHGTQS=alice@example.com, OTHER_SCHEME",
        "SES=a@example.com, OTHER_SCHEME",
        "SRS0=@example.com, OTHER_SCHEME",
        "ses=FZL8-J65IZ_GHGTQS=alice@example.com, OTHER_SCHEME",
        "prvs=750139ea6=joe@example.com, ALREADY_TAGGED",
        "btv1==34826e458e2==joe@example.com, ALREADY_TAGGED",
        "joe+prvs=0896eca59c@example.com, ALREADY_TAGGED",
        "srs0@example.com, SIGNED",
        "SRS0joe@example.com, SIGNED",
        "SRS2=joe@example.com, SIGNED",
        "sesame=joe@example.com, SIGNED",
        "bounce-list-joe=rcpt.test@example.com, SIGNED",
    })
    void onlyUntaggedSendersOfNoOtherSchemeAreSigned(String sender, SigningOutcome outcome) {
        Batv batv = batv(NOON).build();
        SigningResult signed = batv.trySign(address(sender));

        assertThat(signed.outcome()).isEqualTo(outcome);
        assertThat(batv.canSign(address(sender))).isEqualTo(outcome);
        assertThat(signed.address().toString().equals(sender)).isEqualTo(outcome != SigningOutcome.SIGNED);
    }

    @ParameterizedTest
    @CsvSource({"48, 11, SIGNED", "49, 11, TOO_LONG", "48, 189, SIGNED", "48, 190, TOO_LONG"})
    void senderIsTaggedWithinTheLimitsOfAnAddress(int local, int domain, SigningOutcome outcome) {
        MailAddress sender = new MailAddress("a".repeat(local), "d".repeat(domain));

        assertThat(batv(NOON).build().trySign(sender).outcome()).isEqualTo(outcome);
    }

    @Test
    void lengthIsCountedInOctets() {
        assertThat(batv(NOON).build().canSign(new MailAddress("é".repeat(24), "example.com")))
                .isEqualTo(SigningOutcome.SIGNED);
        assertThat(batv(NOON).build().canSign(new MailAddress("é".repeat(25), "example.com")))
                .isEqualTo(SigningOutcome.TOO_LONG);
        assertThat(batv(NOON).build().canSign(new MailAddress("a".repeat(48), "é".repeat(94) + "d")))
                .isEqualTo(SigningOutcome.SIGNED);
        assertThat(batv(NOON).build().canSign(new MailAddress("a".repeat(48), "é".repeat(95))))
                .isEqualTo(SigningOutcome.TOO_LONG);
    }

    @Test
    void keepsQuotedLocalPartAndHashesItAsSent() {
        Batv batv = batv(NOON).build();
        MailAddress sender = address("\"john doe\"@example.com");
        MailAddress tagged = batv.sign(sender);

        assertThat(tagged).hasToString("\"prvs=08965fef4e=john doe\"@example.com");
        assertThat(tagged.isValid()).isTrue();
        assertThat(batv.verify(tagged).original()).contains(sender);
        assertThat(batv.verify(tagged).isValid()).isTrue();
        // what Exim makes of it
        assertThat(batv.verify("prvs=08965fef4e=\"john doe\"@example.com").original())
                .contains(sender);
        assertThat(batv.verify("prvs=08965fef4e=\"john doe\"@example.com").isValid())
                .isTrue();
    }

    @Test
    void verifiesSubAddressFormatAlways() {
        Batv plus = batv(NOON).subAddress('+').build();
        Batv minus = batv(NOON).subAddress('-').build();

        assertThat(plus.sign(address("joe@example.com"))).hasToString("joe+prvs=0896eca59c@example.com");
        assertThat(minus.sign(address("joe-ext@example.com"))).hasToString("joe-ext-prvs=0896675bb7@example.com");
        assertThat(plus.sign(address("\"john doe\"@example.com")))
                .hasToString("\"john doe+prvs=08965fef4e\"@example.com");
        assertThat(batv(NOON).build().verify("joe+prvs=0896eca59c@example.com").isValid())
                .isTrue();
        assertThat(minus.verify("\"john doe+prvs=08965fef4e\"@example.com").original())
                .contains(address("\"john doe\"@example.com"));
        assertThatThrownBy(() -> Batv.builder().subAddress('='))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("subAddress must be + or -, was '='");
    }

    @ParameterizedTest
    @CsvSource({
        "prvs=0896eca59c=joe@example.com, VALID",
        "PRVS=0896ECA59C=JOE@EXAMPLE.COM, VALID",
        "prvs=0896eca59c=JOE@example.com, VALID",
        "prvs=0896eca59c=joe@EXAMPLE.com, VALID",
        "prvs=08963c61d9=Mixed.Case@example.com, VALID",
        "prvs=08963c61d9=Mixed.Case@Example.COM, VALID",
        // lower case under a mixed-case tag: no key can tell what it was
        "prvs=08963c61d9=mixed.case@example.com, INVALID",
        "prvs=08960d6191=joe@EXAMPLE.COM, VALID",
        "prvs=08960d6191=joe@example.com, INVALID",
    })
    void caseIsTriedAsReceivedThenLowerDomainThenAllLower(String recipient, BatvVerdict verdict) {
        assertThat(batv(NOON).build().verify(recipient).verdict()).isEqualTo(verdict);
    }

    @Test
    void lowerCaseSignerSurvivesRelaysThatLowerCase() {
        Batv batv = batv(NOON).lowerCase(true).build();
        MailAddress tagged = batv.sign(address("Mixed.Case@Example.COM"));

        assertThat(tagged.toString()).endsWith("=mixed.case@example.com");
        assertThat(batv.verify(tagged).isValid()).isTrue();
        assertThat(batv.verify(tagged.toString().toUpperCase(java.util.Locale.ROOT))
                        .isValid())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "-2, EXPIRED, EXPIRY_TOO_LATE, 9",
        "-1, VALID, GOOD_TAG, 8",
        "0, VALID, GOOD_TAG, 7",
        "7, VALID, GOOD_TAG, 0",
        "8, EXPIRED, EXPIRED, -1",
        "506, EXPIRED, EXPIRED, -499",
        "507, EXPIRED, EXPIRY_TOO_LATE, 500",
        "998, EXPIRED, EXPIRY_TOO_LATE, 9",
        "999, VALID, GOOD_TAG, 8",
        "1007, VALID, GOOD_TAG, 0",
        "1008, EXPIRED, EXPIRED, -1",
    })
    void tagIsGoodFromADayBeforeItsSigningToItsLastDay(
            int daysLater, BatvVerdict verdict, BatvReason reason, int daysLeft) {
        for (long signing : new long[] {19889, 19993, 19995, 19999, 20000, 20992, 0}) {
            MailAddress tagged = batv(day(signing)).build().sign(address("joe@example.com"));
            BatvResult result = batv(day(signing + daysLater)).build().verify(tagged);

            assertThat(result.verdict()).as("day %d", signing).isEqualTo(verdict);
            assertThat(result.reason()).isEqualTo(reason);
            assertThat(result.daysLeft()).isEqualTo(OptionalInt.of(daysLeft));
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "30", "500", "501", "996", "997", "998"})
    void everyLifetimeEnds(int lifetime) {
        MailAddress tagged = batv(day(19889)).lifetimeDays(lifetime).build().sign(address("joe@example.com"));

        for (int later = 0; later <= lifetime; later++) {
            Batv batv = batv(day(19889 + later)).lifetimeDays(lifetime).build();
            assertThat(batv.verify(tagged).daysLeft()).isEqualTo(OptionalInt.of(lifetime - later));
            assertThat(batv.verify(tagged).isValid()).isTrue();
        }
        Batv after = batv(day(19889 + lifetime + 1)).lifetimeDays(lifetime).build();
        assertThat(after.verify(tagged).verdict()).isEqualTo(BatvVerdict.EXPIRED);
        Batv before = batv(day(19888)).lifetimeDays(lifetime).build();
        assertThat(before.verify(tagged).isValid()).isEqualTo(lifetime < Batv.MAX_LIFETIME_DAYS);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "999", "1000"})
    void lifetimeOutsideThreeDigitsIsRefused(int lifetime) {
        assertThatThrownBy(() -> Batv.builder().lifetimeDays(lifetime))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lifetimeDays must be between 1 and 998, was " + lifetime);
        assertThatThrownBy(() -> Batv.builder().longestLifetimeDays(lifetime))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void verifierTakesTheLongestLifetimeOfItsSigners() {
        String tagged = "prvs=0919ee49b6=joe@example.com"; // signed at NOON for 30 days

        assertThat(batv(NOON).build().verify(tagged).reason()).isEqualTo(BatvReason.EXPIRY_TOO_LATE);
        assertThat(batv(NOON).longestLifetimeDays(30).build().verify(tagged).isValid())
                .isTrue();
        assertThat(batv(NOON)
                        .lifetimeDays(30)
                        .longestLifetimeDays(7)
                        .build()
                        .verify(tagged)
                        .isValid())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "joe@example.com, UNSIGNED, NO_TAG, joe@example.com,",
        "prvs=0896eca59d=joe@example.com, INVALID, WRONG_TAG, joe@example.com, 0",
        "prvs=0896eca59c=jim@example.com, INVALID, WRONG_TAG, jim@example.com, 0",
        "prvs=3896e2a3c2=joe@example.com, INVALID, NO_SUCH_KEY, joe@example.com, 3",
        "prvs=750139ea6=joe@example.com, FOREIGN, OTHER_PRODUCT, joe@example.com,",
    })
    void resultSaysWhyAndWhoseMailItIs(
            String recipient, BatvVerdict verdict, BatvReason reason, String original, Integer keyNumber) {
        BatvResult result = batv(NOON).build().verify(recipient);

        assertThat(result.verdict()).isEqualTo(verdict);
        assertThat(result.reason()).isEqualTo(reason);
        assertThat(result.original()).contains(address(original));
        assertThat(result.keyNumber()).isEqualTo(keyNumber == null ? OptionalInt.empty() : OptionalInt.of(keyNumber));
        assertThat(result.daysLeft()).isEmpty();
        assertThat(result.isValid()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"''", "joe", "@example.com", "joe@", "'prvs=0896eca59c=joe\t@example.com'", "'\"a@b'"})
    void textThatIsNoAddressIsMalformed(String text) {
        BatvResult result = batv(NOON).build().verify(text);

        assertThat(result.verdict()).isEqualTo(BatvVerdict.MALFORMED);
        assertThat(result.reason()).isEqualTo(BatvReason.NOT_AN_ADDRESS);
        assertThat(result.original()).isEmpty();
    }

    @Test
    void mailToUntaggedDestinationsGoesWithoutTag() {
        Batv batv = batv(NOON)
                .untaggedDestinations(recipient -> recipient.domain().equals("lists.example"))
                .build();
        MailAddress joe = address("joe@example.com");

        assertThat(batv.trySign(joe, java.util.List.of(address("ann@example.net")))
                        .outcome())
                .isEqualTo(SigningOutcome.SIGNED);
        SigningResult untagged =
                batv.trySign(joe, java.util.List.of(address("ann@example.net"), address("list@lists.example")));
        assertThat(untagged).isEqualTo(new SigningResult(joe, SigningOutcome.UNTAGGED_DESTINATION));
        assertThat(batv(NOON)
                        .build()
                        .trySign(joe, java.util.List.of(address("list@lists.example")))
                        .isSigned())
                .isTrue();
    }

    @Test
    void eachDomainHasItsOwnKeys() {
        Batv batv = Batv.builder()
                .keys(BatvKeys.perDomain(
                        Map.of("Example.com", BatvKeyring.of(SECRET), "example.net", BatvKeyring.of(OTHER))))
                .clock(InstantSource.fixed(NOON))
                .build();

        MailAddress com = batv.sign(address("joe@EXAMPLE.com"));
        MailAddress net = batv.sign(address("joe@example.net"));
        assertThat(batv.verify(com).isValid()).isTrue();
        assertThat(batv.verify(net).isValid()).isTrue();
        assertThat(batv(NOON).build().verify(net).isValid()).isFalse();
        assertThat(batv.canSign(address("joe@example.org"))).isEqualTo(SigningOutcome.NO_KEYS);
        assertThat(batv.verify("prvs=0896eca59c=joe@example.org").verdict()).isEqualTo(BatvVerdict.FOREIGN);
        assertThat(batv.verify("prvs=0896eca59c=joe@example.org").reason()).isEqualTo(BatvReason.NO_KEYS);
    }

    @Test
    void keysOfADomainAreDerivedFromTheMaster() {
        BatvKeyring masters = BatvKeyring.builder()
                .sign(1, SECRET)
                .retired(0, OTHER, NOON.plusSeconds(1))
                .build();
        Batv onDemand = Batv.builder()
                .keys(BatvKeys.derivedFrom(masters))
                .clock(InstantSource.fixed(NOON))
                .build();
        Batv before = Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.derive(SECRET, "batv", "example.com")))
                .clock(InstantSource.fixed(NOON))
                .build();

        assertThat(masters.derive("example.com").signingKeyNumber()).isEqualTo(1);
        MailAddress tagged = onDemand.sign(address("joe@Example.com"));
        assertThat(onDemand.verify(tagged).keyNumber()).isEqualTo(OptionalInt.of(1));
        assertThat(onDemand.verify(tagged).isValid()).isTrue();
        assertThat(before.sign(address("joe@Example.com")).localPart().substring(9, 15))
                .isNotEqualTo(
                        onDemand.sign(address("joe@example.org")).localPart().substring(9, 15));
        MailAddress old = Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.derive(OTHER, "batv", "example.com")))
                .clock(InstantSource.fixed(NOON))
                .build()
                .sign(address("joe@example.com"));
        assertThat(onDemand.verify(old).isValid()).isTrue();
    }

    @Test
    void reportsUnresponsiveKeyStoreAsUnavailable() {
        Batv batv = Batv.builder()
                .keys(domain -> new BatvKeys.Unavailable("no route to the store"))
                .clock(InstantSource.fixed(NOON))
                .build();
        MailAddress joe = address("joe@example.com");

        assertThat(batv.trySign(joe)).isEqualTo(new SigningResult(joe, SigningOutcome.KEYS_UNAVAILABLE));
        assertThat(batv.verify("prvs=0896eca59c=joe@example.com").verdict()).isEqualTo(BatvVerdict.UNAVAILABLE);
        assertThat(batv.verify("joe@example.com").verdict()).isEqualTo(BatvVerdict.UNSIGNED);
    }

    @Test
    void rejectsMissingKeys() {
        assertThatThrownBy(() -> Batv.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("keys are missing; call keyring or keys");
    }
}
