package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.senderauth.ses.SesFixture.ALICE;
import static org.senderauth.ses.SesFixture.KEY;
import static org.senderauth.ses.SesFixture.NOON;
import static org.senderauth.ses.SesFixture.SECRET;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.ses.ReplayLedger.UseCount;
import org.senderauth.ses.SesSigningResult.Outcome;
import org.senderauth.testkit.ManualClock;

class SesTest {

    private static final Duration UNIT = SesLayout.DEFAULT.unit();

    private final ManualClock clock = ManualClock.at(NOON);
    private final Ses ses = SesFixture.ses(clock).build();

    private SesVerdict verdict(MailAddress address, VerificationPurpose use) {
        return ses.verify(address, use).verdict();
    }

    @Test
    void signedSenderVerifiesToItself() {
        MailAddress signed = ses.sign(MailAddress.of("Alice@Example.ORG"));
        assertThat(signed.localPart()).matches("SES=[A-Z0-9_-]{17}=alice");
        assertThat(signed.domain()).isEqualTo("Example.ORG");
        SesResult result = ses.verify(signed, VerificationPurpose.BOUNCE);
        assertThat(result.verdict()).isEqualTo(SesVerdict.VALID);
        assertThat(result.isValid()).isTrue();
        assertThat(result.original()).contains(MailAddress.of("alice@Example.ORG"));
        assertThat(result.uses()).isEqualTo(1);
        SesSignature signature = result.signature().orElseThrow();
        assertThat(signature).isNotNull();
        assertThat(signature.serialNumber()).isEqualTo(1);
        assertThat(signature.keyIndex()).isZero();
        assertThat(signature.timecode()).isEqualTo(SesLayout.DEFAULT.timecode(NOON));
        assertThat(signature.expires()).contains(Instant.parse("2026-12-03T12:00:00Z"));
        assertThat(signature.isFixed()).isFalse();
    }

    // In octets half of a pair is a question mark: the MAC agreed, and no address could be made of it.
    @Test
    void loneSurrogateIsNotQuestionMark() {
        Ses plain = SesFixture.ses(clock).publicLookup(false).build();
        String signed = plain.sign(MailAddress.of("a?b@example.org")).toString();
        assertThat(ses.verify(signed, VerificationPurpose.BOUNCE).verdict()).isEqualTo(SesVerdict.VALID);
        assertThat(ses.verify(signed.replace('?', '\ud800'), VerificationPurpose.BOUNCE)
                        .verdict())
                .isEqualTo(SesVerdict.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.net, FOREIGN",
        "SES=B=alice@example.org, ALREADY_SIGNED",
        "ses=b=alice@example.org, ALREADY_SIGNED",
        "prvs=0123456789=alice@example.org, ALREADY_SIGNED",
        "msprvs1=x=alice@example.org, ALREADY_SIGNED",
        "btv1==x==alice@example.org, ALREADY_SIGNED",
        "SRS0=a=b=example.net=alice@example.org, ALREADY_SIGNED",
        "SRS1+a=b=example.net==alice@example.org, ALREADY_SIGNED",
        "srs0-a@example.org, ALREADY_SIGNED",
        "\"a b\"@example.org, UNSIGNABLE",
        "ses@example.org, SIGNED",
        "srs@example.org, SIGNED",
        "a=b@example.org, SIGNED",
        "list-bob=example.net@example.org, SIGNED",
        "a234567890123456789012345678901234567890b@example.org, SIGNED",
        "a234567890123456789012345678901234567890bc@example.org, TOO_LONG",
    })
    void attemptSaysWhatBecameOfIt(String address, Outcome outcome) {
        MailAddress sender = MailAddress.of(address);
        SesSigningResult signing = ses.trySign(sender);
        assertThat(signing.outcome()).isEqualTo(outcome);
        if (outcome == Outcome.SIGNED) {
            assertThat(signing.reason()).isEmpty();
            assertThat(verdict(signing.address(), VerificationPurpose.BOUNCE)).isEqualTo(SesVerdict.VALID);
            assertThat(signing.address().localPartOctets()).isLessThanOrEqualTo(63);
        } else {
            assertThat(signing.reason()).isNotEmpty();
            assertThat(signing.address()).isEqualTo(sender);
            assertThat(ses.sign(sender)).isEqualTo(sender);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SES=B=alice, true",
        "ses=b=, true",
        "prvs=0123456789=alice, true",
        "prvs1=x, true",
        "msprvs1=x=alice, true",
        "BTV1==x==alice, true",
        "SRS0-a, true",
        "srs1+a, true",
        "srs0=a, true",
        "ses==alice, false",
        "ses=b, false",
        "xses=b=alice, false",
        "btv1=x, false",
        "srs2=a, false",
        "srs0, false",
        "srs0_a, false",
        "a=b, false",
        "'', false",
    })
    void signedIsWhatBeginsLikeSesBatvOrSrs(String localPart, boolean signed) {
        assertThat(Ses.isSigned(localPart)).isEqualTo(signed);
    }

    @Test
    void oneByteMoreFitsWithoutPublicLookup() {
        MailAddress sender = MailAddress.of("a234567890123456789012345678901234567890bc@example.org");
        Ses inward = SesFixture.ses(clock).publicLookup(false).build();
        assertThat(inward.sign(sender).localPartOctets()).isEqualTo(64);
        assertThat(inward.trySign(MailAddress.of("a234567890123456789012345678901234567890bcd@example.org"))
                        .outcome())
                .isEqualTo(Outcome.TOO_LONG);
    }

    @Test
    void keepsSenderWithoutSerialNumber() {
        Ses broken = SesFixture.ses(clock)
                .serialNumbers(timecode -> {
                    throw new IOException("disk full");
                })
                .build();
        SesSigningResult signing = broken.trySign(ALICE);
        assertThat(signing.outcome()).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(signing.reason()).contains("disk full");
        assertThat(broken.sign(ALICE)).isEqualTo(ALICE);
    }

    @Test
    void internationalDomainIsOneWhetherInULabelsOrALabels() {
        Ses idn = Ses.builder()
                .keyring(SesKeyring.builder().add("Bücher.example", KEY).build())
                .clock(clock)
                .build();
        MailAddress signed = idn.sign(MailAddress.of("alice@bücher.example"));
        assertThat(signed.domain()).isEqualTo("bücher.example");
        assertThat(idn.verify(signed.localPart() + "@xn--bcher-kva.example", VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.VALID);
    }

    @ParameterizedTest
    @CsvSource({
        "'', UNSIGNED",
        "@, UNSIGNED",
        "alice@example.org, UNSIGNED",
        "SES, UNSIGNED",
        "ſES=B=alice@example.org, UNSIGNED",
        "xES=B=alice@example.org, UNSIGNED",
        "SxS=B=alice@example.org, UNSIGNED",
        "SEx=B=alice@example.org, UNSIGNED",
        "SES+B=alice@example.org, UNSIGNED",
        "SES=, MALFORMED",
        "SES=@example.org, MALFORMED",
        "SES=B@example.org, MALFORMED",
        "SES==alice@example.org, MALFORMED",
        "SES=AB=alice, MALFORMED",
        "SES=B=alice@, MALFORMED",
        "SES=B=@example.org, MALFORMED",
        "SES=B!=alice@example.org, MALFORMED",
        "SES=Bı=alice@example.org, MALFORMED",
        "SES=B@x=alice@example.org, MALFORMED",
        "SES=B@example=org, MALFORMED",
        "SES=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=alice@example.org, MALFORMED",
        "SES=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=alice@example.org, MALFORMED",
        "SES=B=alice@example.org, MALFORMED",
        "SES=A=alice@example.org, NON_CANONICAL",
        "ses=aB=alice@example.org, NON_CANONICAL",
        "SES=FZL8-J65IZ_GHGTQS=alice@example.org, INVALID",
        "SES=FZL8-J65IZ_GHGTQS=alice@example.net, INVALID",
        "SES=IEYJLRPY924__ML-W=alice@example.org, FIXED_DISABLED",
    })
    void everyInputHasAnOutcome(String address, SesVerdict verdict) {
        SesResult result = ses.verify(address, VerificationPurpose.PUBLIC);
        assertThat(result.verdict()).isEqualTo(verdict);
        assertThat(result.original()).isEmpty();
        assertThat(result.isValid()).isFalse();
    }

    @Test
    void controlCharactersAreMalformed() {
        assertThat(ses.verify("SES=B=a\u0000b@example.org", VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.MALFORMED);
        assertThat(ses.verify("SES=B=a\u007fb@example.org", VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.MALFORMED);
        assertThat(ses.verify("SES=B=a b@example.org", VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.MALFORMED);
    }

    @Test
    void idBeyond63BitsIsMalformed() {
        // 1 << (63 + 6 + 80) and the number before it, whose id is 2^63 - 1.
        assertThat(ses.verify(
                                "SES=" + digits(java.math.BigInteger.ONE.shiftLeft(149)) + "=a@example.org",
                                VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.MALFORMED);
        java.math.BigInteger most = java.math.BigInteger.ONE.shiftLeft(149).subtract(java.math.BigInteger.ONE);
        assertThat(ses.verify("SES=" + digits(most.clearBit(80)) + "=a@example.org", VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.INVALID);
    }

    private static String digits(java.math.BigInteger number) {
        StringBuilder digits = new StringBuilder();
        java.math.BigInteger base = java.math.BigInteger.valueOf(38);
        for (; number.signum() > 0; number = number.divide(base)) {
            digits.insert(
                    0,
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
                            .charAt(number.mod(base).intValue()));
        }
        return digits.toString();
    }

    @Test
    void signatureExpiresAfterItsWindow() {
        MailAddress signed = ses.sign(ALICE);
        clock.advance(UNIT.multipliedBy(40).minusSeconds(1));
        assertThat(verdict(signed, VerificationPurpose.PUBLIC)).isEqualTo(SesVerdict.VALID);
        clock.advance(Duration.ofSeconds(1));
        SesResult late = ses.verify(signed, VerificationPurpose.PUBLIC);
        assertThat(late.verdict()).isEqualTo(SesVerdict.EXPIRED);
        assertThat(late.original()).contains(ALICE);
    }

    @Test
    void signerMayBeOneUnitAhead() {
        MailAddress signed = ses.sign(ALICE);
        clock.set(clock.instant().minus(UNIT));
        assertThat(verdict(signed, VerificationPurpose.PUBLIC)).isEqualTo(SesVerdict.VALID);
        clock.set(clock.instant().minus(UNIT));
        assertThat(verdict(signed, VerificationPurpose.PUBLIC)).isEqualTo(SesVerdict.INVALID);
        assertThat(SesFixture.ses(clock)
                        .skew(2)
                        .build()
                        .verify(signed, VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.VALID);
    }

    @Test
    void skewIsNothingToAllThatTheLayoutLeaves() {
        MailAddress signed = ses.sign(ALICE);
        clock.set(clock.instant().minus(UNIT));
        Ses exact = SesFixture.ses(clock).skew(0).build();
        assertThat(exact.verify(signed, VerificationPurpose.PUBLIC).verdict()).isEqualTo(SesVerdict.INVALID);
        clock.set(clock.instant().minus(UNIT.multipliedBy(22)));
        Ses lenient = SesFixture.ses(clock).skew(23).build();
        assertThat(lenient.verify(signed, VerificationPurpose.PUBLIC).verdict()).isEqualTo(SesVerdict.VALID);
        clock.set(clock.instant().minus(UNIT));
        assertThat(lenient.verify(signed, VerificationPurpose.PUBLIC).verdict()).isEqualTo(SesVerdict.INVALID);
    }

    @Test
    void rejectsFirstTimeUnitOf1970() {
        ManualClock epoch = ManualClock.at(Instant.EPOCH);
        Ses early = SesFixture.ses(epoch).build();
        byte[] fixedMac = SesCodec.mac(KEY, 0, 7, "alice".getBytes(StandardCharsets.UTF_8), "example.org");
        for (int field : new int[] {0, 1, 2}) {
            String digits =
                    SignatureNumber.of(SesLayout.DEFAULT, 7, field, fixedMac).digits();
            assertThat(early.verify("SES=" + digits + "=alice@example.org", VerificationPurpose.PUBLIC)
                            .verdict())
                    .isEqualTo(SesVerdict.INVALID);
        }
        epoch.advance(UNIT);
        assertThat(early.verify(early.sign(ALICE), VerificationPurpose.PUBLIC).verdict())
                .isEqualTo(SesVerdict.VALID);
    }

    @Test
    void tenBouncesAndAHundredLookupsEachForThemselves() {
        MailAddress signed = ses.sign(ALICE);
        for (int i = 1; i <= 100; i++) {
            SesResult result = ses.verify(signed, VerificationPurpose.PUBLIC);
            assertThat(result.verdict()).isEqualTo(SesVerdict.VALID);
            assertThat(result.uses()).isEqualTo(i);
        }
        assertThat(verdict(signed, VerificationPurpose.PUBLIC)).isEqualTo(SesVerdict.REPLAY);
        for (int i = 1; i <= 10; i++) {
            assertThat(verdict(signed, VerificationPurpose.BOUNCE_PROBE)).isEqualTo(SesVerdict.VALID);
            assertThat(verdict(signed, VerificationPurpose.BOUNCE)).isEqualTo(SesVerdict.VALID);
        }
        assertThat(verdict(signed, VerificationPurpose.BOUNCE_PROBE)).isEqualTo(SesVerdict.REPLAY);
        SesResult replay = ses.verify(signed, VerificationPurpose.BOUNCE);
        assertThat(replay.verdict()).isEqualTo(SesVerdict.REPLAY);
        assertThat(replay.original()).contains(ALICE);
    }

    @Test
    void probesCountNothing() {
        MailAddress signed = ses.sign(ALICE);
        for (int i = 0; i < 50; i++) {
            assertThat(verdict(signed, VerificationPurpose.BOUNCE_PROBE)).isEqualTo(SesVerdict.VALID);
        }
        assertThat(ses.verify(signed, VerificationPurpose.BOUNCE).uses()).isEqualTo(1);
    }

    @Test
    void otherMessagesHaveTheirOwnAllowance() {
        MailAddress first = ses.sign(ALICE);
        MailAddress second = ses.sign(ALICE);
        for (int i = 0; i <= 10; i++) {
            verdict(first, VerificationPurpose.BOUNCE);
        }
        assertThat(verdict(first, VerificationPurpose.BOUNCE)).isEqualTo(SesVerdict.REPLAY);
        assertThat(verdict(second, VerificationPurpose.BOUNCE)).isEqualTo(SesVerdict.VALID);
    }

    @Test
    void spellingOfTheAddressGivesNoNewAllowance() {
        Ses strict = SesFixture.ses(clock)
                .limits(SesLimits.builder()
                        .bounces(1)
                        .publicLookups(1)
                        .addresses(0)
                        .build())
                .build();
        String signed = strict.sign(ALICE).toString();
        assertThat(strict.verify(signed, VerificationPurpose.PUBLIC).verdict()).isEqualTo(SesVerdict.VALID);
        assertThat(strict.verify(signed.toLowerCase(java.util.Locale.ROOT), VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.REPLAY);
        assertThat(strict.verify(signed.toUpperCase(java.util.Locale.ROOT), VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.REPLAY);
    }

    @Test
    void limitZeroCountsNothing() {
        Ses unlimited = SesFixture.ses(clock)
                .limits(SesLimits.NONE)
                .ledger(SesFixture.DOWN)
                .build();
        MailAddress signed = unlimited.sign(ALICE);
        for (VerificationPurpose use : VerificationPurpose.values()) {
            assertThat(unlimited.verify(signed, use).verdict()).isEqualTo(SesVerdict.VALID);
            assertThat(unlimited.verify(signed, use).uses()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0, BOUNCE, PUBLIC", "0, 1, PUBLIC, BOUNCE"})
    void limitZeroLiftsThatLimitAlone(int bounces, int lookups, VerificationPurpose limited, VerificationPurpose free) {
        Ses half = SesFixture.ses(clock)
                .limits(SesLimits.builder()
                        .bounces(bounces)
                        .publicLookups(lookups)
                        .addresses(0)
                        .build())
                .build();
        MailAddress signed = half.sign(ALICE);
        assertThat(half.verify(signed, limited).verdict()).isEqualTo(SesVerdict.VALID);
        assertThat(half.verify(signed, limited).verdict()).isEqualTo(SesVerdict.REPLAY);
        assertThat(half.verify(signed, free).verdict()).isEqualTo(SesVerdict.VALID);
        assertThat(half.verify(signed, free).verdict()).isEqualTo(SesVerdict.VALID);
    }

    @Test
    void limitsAreExactUnderSixteenThreads() throws Exception {
        MailAddress signed = ses.sign(ALICE);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            Callable<Long> worker = () -> IntStream.range(0, 50)
                    .filter(i -> ses.verify(signed, VerificationPurpose.PUBLIC).isValid())
                    .count();
            long passed = 0;
            for (Future<Long> future : threads.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> worker).toList())) {
                passed += future.get();
            }
            assertThat(passed).isEqualTo(100);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void addressesAreCountedWhereTheQuestionNamesThem() {
        Ses narrow = SesFixture.ses(clock)
                .limits(SesLimits.builder().addresses(2).build())
                .build();
        String signed = narrow.sign(ALICE).toString();
        List<SesVerdict> verdicts = new ArrayList<>();
        for (String client :
                new String[] {"192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3", "192.0.2.1"}) {
            verdicts.add(narrow.verifyAsync(signed, VerificationPurpose.PUBLIC, client)
                    .toCompletableFuture()
                    .join()
                    .verdict());
        }
        assertThat(verdicts)
                .containsExactly(
                        SesVerdict.VALID,
                        SesVerdict.VALID,
                        SesVerdict.VALID,
                        SesVerdict.VALID,
                        SesVerdict.REPLAY,
                        SesVerdict.REPLAY);
    }

    @Test
    void clientsBeyondTheLimitTakeNoRoomInTheLedger() {
        MemoryReplayLedger ledger = MemoryReplayLedger.create(clock, clock::nanoTime, 1000);
        Ses open = SesFixture.ses(clock)
                .ledger(ledger)
                .limits(SesLimits.builder().publicLookups(0).addresses(2).build())
                .build();
        String signed = open.sign(ALICE).toString();
        for (int i = 0; i < 200; i++) {
            open.verifyAsync(signed, VerificationPurpose.PUBLIC, "192.0.2." + i)
                    .toCompletableFuture()
                    .join();
        }
        // Three clients, of which the third is one too many, and their number.
        assertThat(ledger.size()).isEqualTo(4);
    }

    @Test
    void ledgerKeysAreNeverLongerThanPromised() {
        List<String> keys = new ArrayList<>();
        MemoryReplayLedger memory = MemoryReplayLedger.create(clock, clock::nanoTime, 1000);
        ReplayLedger recording = new ReplayLedger() {
            @Override
            public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
                keys.add(key);
                return memory.increment(key, dropAfter);
            }

            @Override
            public CompletableFuture<UseCount> read(String key) {
                keys.add(key);
                return memory.read(key);
            }
        };
        Ses wide = SesFixture.ses(clock)
                .keyring(SesKeyring.forAnyDomain(
                        SesKey.of(SesFixture.SECRET, SesAlgorithm.HMAC_SHA256, SesLayout.DEFAULT)))
                .ledger(recording)
                .build();
        String nibbles = String.join(".", "20010db8000000000000000000000001".split(""));
        String signed = wide.sign(ALICE).toString();
        wide.verifyAsync(signed, VerificationPurpose.PUBLIC, nibbles)
                .toCompletableFuture()
                .join();
        wide.verify(signed, VerificationPurpose.BOUNCE_PROBE);
        assertThat(keys).hasSize(5).allMatch(key -> key.length() <= ReplayLedger.MAX_KEY && key.matches("[!-~]+"));
    }

    @Test
    void ledgerThatIsDownMeansTryLater() {
        Ses down = SesFixture.ses(clock).ledger(SesFixture.DOWN).build();
        MailAddress signed = down.sign(ALICE);
        for (VerificationPurpose use : VerificationPurpose.values()) {
            SesResult result = down.verify(signed, use);
            assertThat(result.verdict()).isEqualTo(SesVerdict.UNAVAILABLE);
            assertThat(result.reason()).contains("no connection");
        }
        assertThat(down.verify("SES=FZL8-J65IZ_GHGTQS=alice@example.org", VerificationPurpose.PUBLIC)
                        .verdict())
                .isEqualTo(SesVerdict.INVALID);
    }

    private SesResult verifyWithLedger(Supplier<CompletableFuture<UseCount>> answers) {
        ReplayLedger ledger = new ReplayLedger() {
            @Override
            public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
                return answers.get();
            }

            @Override
            public CompletableFuture<UseCount> read(String key) {
                return answers.get();
            }
        };
        Ses watched = SesFixture.ses(clock)
                .ledger(ledger)
                .ledgerTimeout(Duration.ofMillis(20))
                .build();
        return watched.verify(watched.sign(ALICE), VerificationPurpose.BOUNCE);
    }

    @Test
    void ledgerThatBreaksItsPromisesMeansTryLater() {
        assertThat(verifyWithLedger(() -> null).verdict()).isEqualTo(SesVerdict.UNAVAILABLE);
        Map<String, Supplier<CompletableFuture<UseCount>>> broken = Map.of(
                "no answer",
                () -> CompletableFuture.completedFuture(null),
                "no answer in time",
                CompletableFuture::new,
                "fails later",
                () -> CompletableFuture.failedFuture(new IllegalStateException("fails later")),
                "fails at once",
                () -> {
                    throw new IllegalStateException("fails at once");
                },
                "two?? lines",
                () -> CompletableFuture.completedFuture(new UseCount.Unavailable("two\r\n lines")));
        broken.forEach((detail, answers) -> {
            SesResult result = verifyWithLedger(answers);
            assertThat(result.verdict()).isEqualTo(SesVerdict.UNAVAILABLE);
            assertThat(result.reason()).startsWith("replay ledger: ").contains(detail);
        });
    }

    @Test
    void ledgerMayEvictExpiredSignature() {
        List<Instant> told = new ArrayList<>();
        MemoryReplayLedger memory = MemoryReplayLedger.create(clock, clock::nanoTime, 10);
        ReplayLedger watching = new ReplayLedger() {
            @Override
            public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
                told.add(dropAfter);
                return memory.increment(key, dropAfter);
            }

            @Override
            public CompletableFuture<UseCount> read(String key) {
                return memory.read(key);
            }
        };
        Ses watched =
                SesFixture.ses(clock).ledger(watching).fixedSignatures(true).build();
        watched.verify(watched.sign(ALICE), VerificationPurpose.BOUNCE);
        String fixed = SesCodec.signFixed(KEY, 7, "alice", "example.org") + "@example.org";
        assertThat(watched.verify(fixed, VerificationPurpose.BOUNCE).verdict()).isEqualTo(SesVerdict.VALID);
        // Ten days and one unit for a clock that is late.
        assertThat(told).containsExactly(Instant.parse("2026-12-03T18:00:00Z"), Instant.parse("2026-12-03T18:00:00Z"));
    }

    @Test
    void fixedSignatureNeedsPermissionAndTheKey() {
        String fixed = SesCodec.signFixed(KEY, 7, "alice", "example.org") + "@example.org";
        assertThat(ses.verify(fixed, VerificationPurpose.BOUNCE).verdict()).isEqualTo(SesVerdict.FIXED_DISABLED);
        Ses lenient = SesFixture.ses(clock).fixedSignatures(true).build();
        SesResult result = lenient.verify(fixed, VerificationPurpose.BOUNCE);
        assertThat(result.verdict()).isEqualTo(SesVerdict.VALID);
        assertThat(result.signature().orElseThrow().isFixed()).isTrue();
        assertThat(result.signature().orElseThrow().timecode()).isZero();
        assertThat(lenient.verify(fixed.replace("alice", "bob"), VerificationPurpose.BOUNCE)
                        .verdict())
                .isEqualTo(SesVerdict.INVALID);
        assertThat(lenient.verify("SES=IEYJLRPY924__ML-W=ceo@example.org", VerificationPurpose.BOUNCE)
                        .verdict())
                .isEqualTo(SesVerdict.INVALID);
    }

    @Test
    void oldKeyVerifiesUntilItIsDropped() {
        SesKey newer = SesKey.of(SecretKeys.of(new byte[32]), SesAlgorithm.HMAC_SHA256, new SesLayout(96, 2, 14));
        MailAddress signed = ses.sign(ALICE);
        SesKeyring both = SesKeyring.builder()
                .add("example.org", newer)
                .add("example.org", KEY.retired(NOON))
                .build();
        Ses rotated = Ses.builder().keyring(both).clock(clock).build();
        assertThat(rotated.verify(signed, VerificationPurpose.BOUNCE)
                        .signature()
                        .orElseThrow()
                        .keyIndex())
                .isEqualTo(1);
        assertThat(rotated.verify(rotated.sign(ALICE), VerificationPurpose.BOUNCE)
                        .signature()
                        .orElseThrow()
                        .keyIndex())
                .isZero();
        clock.advance(Duration.ofDays(15).minusSeconds(1));
        String fixed = SesCodec.signFixed(KEY, 7, "alice", "example.org") + "@example.org";
        Ses lenient =
                Ses.builder().keyring(both).clock(clock).fixedSignatures(true).build();
        assertThat(lenient.verify(fixed, VerificationPurpose.BOUNCE).verdict()).isEqualTo(SesVerdict.VALID);
        clock.advance(Duration.ofSeconds(1));
        assertThat(lenient.verify(fixed, VerificationPurpose.BOUNCE).verdict()).isEqualTo(SesVerdict.INVALID);
    }

    @Test
    void observerSeesSigningsAndVerdicts() {
        List<String> seen = new ArrayList<>();
        Ses watched = SesFixture.ses(clock)
                .observer(new SesObserver() {
                    @Override
                    public void signed(SesSigningResult signing) {
                        seen.add(signing.outcome().name());
                    }

                    @Override
                    public void verified(VerificationPurpose use, SesResult result) {
                        seen.add(use + " " + result.verdict() + " " + result.uses());
                    }
                })
                .build();
        MailAddress signed = watched.sign(ALICE);
        watched.verify(signed, VerificationPurpose.PUBLIC);
        watched.verify(ALICE, VerificationPurpose.BOUNCE);
        assertThat(seen).containsExactly("SIGNED", "PUBLIC VALID 1", "BOUNCE UNSIGNED 0");
    }

    @Test
    void lateLedgerDelaysNoOtherClient() {
        CompletableFuture<UseCount> late = new CompletableFuture<>();
        ReplayLedger ledger = new ReplayLedger() {
            @Override
            public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
                return late;
            }

            @Override
            public CompletableFuture<UseCount> read(String key) {
                return late;
            }
        };
        List<String> seen = new ArrayList<>();
        Ses waiting = SesFixture.ses(clock)
                .ledger(ledger)
                .ledgerTimeout(Duration.ofHours(1))
                .observer(new SesObserver() {
                    @Override
                    public void verified(VerificationPurpose use, SesResult result) {
                        seen.add(use + " " + result.verdict() + " " + result.uses());
                    }
                })
                .build();
        CompletableFuture<SesResult> answer = waiting.verifyAsync(
                        waiting.sign(ALICE).toString(), VerificationPurpose.BOUNCE)
                .toCompletableFuture();
        assertThat(answer).isNotDone();
        assertThat(seen).isEmpty();
        late.complete(new UseCount.Counted(3));
        assertThat(answer.join().uses()).isEqualTo(3);
        assertThat(seen).containsExactly("BOUNCE VALID 3");
    }

    @Test
    void defaultNumbersDifferBetweenInstances() {
        Ses one = Ses.builder().keyring(SesFixture.keyring()).build();
        Ses other = Ses.builder().keyring(SesFixture.keyring()).build();
        assertThat(one.sign(ALICE)).isNotEqualTo(one.sign(ALICE)).isNotEqualTo(other.sign(ALICE));
        assertThat(one.verify(other.sign(ALICE), VerificationPurpose.PUBLIC).verdict())
                .isEqualTo(SesVerdict.VALID);
    }

    @Test
    void misuseSaysWhatToDo() {
        assertThatThrownBy(() -> Ses.builder().build()).hasMessageContaining("keyring");
        assertThatThrownBy(() -> SesFixture.ses(clock).skew(-1))
                .hasMessageContaining("skew must be at least 0, was -1");
        assertThatThrownBy(() -> SesFixture.ses(clock).skew(24).build()).hasMessageContaining("between 0 and 23");
        assertThatThrownBy(() -> SesFixture.ses(clock).ledgerTimeout(Duration.ZERO))
                .hasMessageContaining("ledgerTimeout must be between 1 ms and 1 day, was PT0S");
        assertThatThrownBy(() -> SesLimits.builder().bounces(-1)).hasMessageContaining("bounces must be >= 0, was -1");
        assertThatThrownBy(() -> SesLimits.builder().publicLookups(-1)).hasMessageContaining("publicLookups");
        assertThatThrownBy(() -> SesLimits.builder().addresses(-1)).hasMessageContaining("addresses");
        assertThatThrownBy(() -> SesKeyring.builder().build()).hasMessageContaining("at least one domain");
        assertThatThrownBy(() -> SesKeyring.forAnyDomain()).hasMessageContaining("at least one key");
        assertThatThrownBy(() -> SesKeyring.forAnyDomain(KEY.retired(NOON))).hasMessageContaining("retired");
        assertThatThrownBy(() -> SesKeyring.builder().add("a..b", KEY)).hasMessageContaining("must be a domain name");
        assertThatThrownBy(() -> SesCodec.sign(KEY, 0, 1, "a", "b")).hasMessageContaining("timecode");
        assertThatThrownBy(() -> SesCodec.sign(KEY, 1, 0, "a", "b")).hasMessageContaining("serial number");
        SesKey longest = SesKey.of(SECRET, SesAlgorithm.HMAC_SHA1, new SesLayout(160, 7, 365));
        assertThatThrownBy(() -> SesCodec.sign(longest, 1, Long.MAX_VALUE, "a", "b"))
                .hasMessageContaining("40 digits");
    }

    @Test
    void signatureBeyond40DigitsIsTooLong() {
        SesKey longest = SesKey.of(SECRET, SesAlgorithm.HMAC_SHA256, new SesLayout(160, 7, 365));
        Ses ses = Ses.builder()
                .keyring(SesKeyring.forAnyDomain(longest))
                .clock(clock)
                .serialNumbers(timecode -> 1L << 40)
                .build();
        SesSigningResult signing = ses.trySign(ALICE);
        assertThat(signing.outcome()).isEqualTo(Outcome.TOO_LONG);
        assertThat(signing.reason()).contains("40 digits");
        assertThat(ses.canSign(ALICE)).isEqualTo(Outcome.TOO_LONG);
    }

    @Test
    void signsNothingBeforeClockIsSet() {
        SesSigningResult signing =
                SesFixture.ses(ManualClock.at(Instant.EPOCH)).build().trySign(ALICE);
        assertThat(signing.outcome()).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(signing.address()).isEqualTo(ALICE);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 41, 63, 64, 65, 79, 80, 81, 95, 96, 97, 127, 128, 129, 159, 160})
    void everyHashLengthIsReversible(int hashBits) {
        for (int fraction = 0; fraction <= 7; fraction++) {
            for (int days : new int[] {1, 2, 3, 10, 100, 365}) {
                SesKey key = SesKey.of(SECRET, SesAlgorithm.HMAC_SHA256, new SesLayout(hashBits, fraction, days));
                Ses any = Ses.builder()
                        .keyring(SesKeyring.forAnyDomain(key))
                        .clock(clock)
                        .serialNumbers(SesFixture.counting())
                        .build();
                MailAddress signed = any.sign(ALICE);
                assertThat(any.verify(signed, VerificationPurpose.PUBLIC).original())
                        .contains(ALICE);
                assertThat(any.verify(signed.toString().replace("alice", "alicf"), VerificationPurpose.PUBLIC)
                                .verdict())
                        .isEqualTo(SesVerdict.INVALID);
            }
        }
    }

    @Test
    void neverShowsSecret() {
        assertThat(KEY.toString() + KEY.retired(NOON) + SesFixture.keyring() + SesKeyring.forAnyDomain(KEY))
                .doesNotContain("0123456789abcdef")
                .doesNotContain("30313233")
                .contains("HMAC_SHA1", "until", "example.org", "every domain");
    }

    @Test
    void observerThatThrowsChangesNothing() {
        Ses observed = SesFixture.ses(clock)
                .observer(new SesObserver() {
                    @Override
                    public void signed(SesSigningResult signing) {
                        throw new IllegalStateException("signed");
                    }

                    @Override
                    public void verified(VerificationPurpose use, SesResult result) {
                        throw new IllegalStateException("verified");
                    }
                })
                .build();
        String signed = observed.sign(SesFixture.ALICE).toString();
        assertThat(observed.verify(signed, VerificationPurpose.BOUNCE).verdict())
                .isEqualTo(SesVerdict.VALID);
    }

    @ParameterizedTest
    @CsvSource({"39, VALID", "40, EXPIRED", "61, EXPIRED", "62, INVALID", "63, INVALID"})
    void signatureIsKnownAsOursUntilItsTimeFieldComesRound(int units, SesVerdict verdict) {
        MailAddress signed = ses.sign(MailAddress.of("alice@example.org"));
        clock.advance(UNIT.multipliedBy(units));
        assertThat(verdict(signed, VerificationPurpose.BOUNCE)).isEqualTo(verdict);
    }

    @Test
    void stripsSignaturesAtOurDomainsWhicheverKeyMadeThem() {
        String signed = ses.sign(ALICE).toString();
        assertThat(ses.strip(signed)).contains(ALICE);
        assertThat(ses.strip("ses=BBBBBBBBBB=alice@example.org")).contains(ALICE);
        clock.advance(Duration.ofDays(400));
        assertThat(ses.verify(signed, VerificationPurpose.BOUNCE).isValid()).isFalse();
        assertThat(ses.strip(signed)).contains(ALICE);
    }

    @Test
    void stripsNothingWhereThereIsNoSignatureOrNoKey() {
        for (String address : List.of(
                "alice@example.org", "SES=BBBB=alice@example.com", "SES=A=alice@example.org", "SES=", "", "@")) {
            assertThat(ses.strip(address)).as(address).isEmpty();
        }
    }
}
