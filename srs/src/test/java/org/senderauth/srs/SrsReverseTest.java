package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.senderauth.srs.SrsFixture.DOMAIN;
import static org.senderauth.srs.SrsFixture.OLD_SECRET;
import static org.senderauth.srs.SrsFixture.OWN_KEY;
import static org.senderauth.srs.SrsFixture.builder;
import static org.senderauth.srs.SrsFixture.day;
import static org.senderauth.srs.SrsFixture.forward;
import static org.senderauth.srs.SrsFixture.key;
import static org.senderauth.srs.SrsFixture.reverse;
import static org.senderauth.srs.SrsFixture.srs;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;

class SrsReverseTest {

    private static final String ALICE = forward(srs(), "alice@example.org");

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "21, true", "22, false", "512, false", "1022, false", "-1, true", "-2, false"})
    void rejectsExpiredAndFutureDates(long daysLater, boolean valid) {
        Srs later = builder().clock(day(daysLater)).build();
        assertThat(later.reverse(ALICE).isValid()).isEqualTo(valid);
        if (!valid) {
            assertThat(later.reverse(ALICE).verdict()).isEqualTo(SrsVerdict.EXPIRED);
        }
    }

    @Test
    void reasonDistinguishesOldFromNew() {
        assertThat(reverse(builder().clock(day(30)).build(), ALICE)).isEqualTo("EXPIRED TOO_OLD");
        assertThat(reverse(builder().clock(day(-30)).build(), ALICE)).isEqualTo("EXPIRED TOO_NEW");
    }

    @Test
    void daysWrapAfter1024() {
        long toWrap = 1024 - 139 - 3;
        String signed = forward(builder().clock(day(toWrap)).build(), "alice@example.org");
        assertThat(signed).contains("=75=");
        assertThat(reverse(builder().clock(day(toWrap + 21)).build(), signed)).isEqualTo("alice@example.org");
        assertThat(reverse(builder().clock(day(toWrap + 22)).build(), signed)).isEqualTo("EXPIRED TOO_OLD");
        assertThat(reverse(builder().clock(day(toWrap + 1024)).build(), signed)).isEqualTo("alice@example.org");
    }

    @Test
    void usesConfiguredLifetime() {
        Srs week = builder().lifetimeDays(7).clock(day(8)).build();
        assertThat(reverse(week, ALICE)).isEqualTo("EXPIRED TOO_OLD");
    }

    @Test
    void rejectsAnyChangedByte() {
        for (int i = 0; i < ALICE.indexOf('@'); i++) {
            for (char c : "a7=-+.".toCharArray()) {
                String changed = ALICE.substring(0, i) + c + ALICE.substring(i + 1);
                SrsResult result = srs().reverse(changed);
                boolean same = changed.equalsIgnoreCase(ALICE) || i == 4 && "=+-".indexOf(c) >= 0;
                assertThat(result.isValid()).as(changed).isEqualTo(same);
            }
        }
    }

    @Test
    void acceptsChangedSeparator() {
        assertThat(reverse(srs(), ALICE.replace("SRS0=", "SRS0+"))).isEqualTo("alice@example.org");
        assertThat(reverse(srs(), ALICE.replace("SRS0=", "SRS0-"))).isEqualTo("alice@example.org");
        assertThat(reverse(srs(), ALICE.replace("SRS0=", "SRS0_"))).isEqualTo("NOT_SRS NO_TAG");
    }

    @ParameterizedTest
    @CsvSource({
        "joe@srs.example.net, NOT_SRS NO_TAG",
        "'', NOT_SRS NO_TAG",
        "SRS0=, MALFORMED MISSING_PART",
        "SRS0=dVfY=EL=example.org=alice@other.example, FOREIGN OTHER_DOMAIN",
        "SRS0=x@other.example, FOREIGN OTHER_DOMAIN",
        "SRS0=x@srs.example.net, MALFORMED MISSING_PART",
        "SRS1=x=y=z@srs.example.net, MALFORMED MISSING_PART",
        "SRS0=dVfY=EL=example.org=alice@srs.example.net, FORGED WRONG_HASH",
        "SRS0=aaaaaaaa=E1=example.org=alice@SRS.example.net, MALFORMED BAD_STAMP",
        "SRS0=aaaaaaaa=EL=example.org=alice@SRS.example.net, FORGED WRONG_HASH",
        "SRS1=aaaaaaaa=fwd.example==a=b=c=d@srs.example.net, FORGED WRONG_HASH",
    })
    void everyVerdictHasItsReason(String address, String verdict) {
        assertThat(reverse(srs(), address)).isEqualTo(verdict);
    }

    @Test
    void replyRevealsNoReason() {
        String expired = srs().reverse(forward(builder().clock(day(-40)).build(), "a@b.example"))
                .smtpReply()
                .orElseThrow()
                .toString();
        assertThat(expired).startsWith("550 5.1.1 ");
        for (String address : new String[] {
            "SRS0=aaaaaaaa=EL=a.example=b@", "SRS0=x@", "SRS0=aaaaaaaa=E1=a.example=b@", "SRS1=aaaaaaaa=a.b==c=d=e=f@"
        }) {
            assertThat(srs().reverse(address + DOMAIN).smtpReply().orElseThrow())
                    .hasToString(expired);
        }
        assertThat(srs().reverse("SRS0=x@other.example").smtpReply()).isEmpty();
        assertThat(srs().reverse("joe@" + DOMAIN).smtpReply()).isEmpty();
    }

    @Test
    void hashIsValidForOneDomainOnly() {
        Srs both = builder().domain("second.example").build();
        assertThat(reverse(both, ALICE.replace(DOMAIN, "second.example"))).isEqualTo("FORGED WRONG_HASH");
    }

    @Test
    void derivedKeysDifferPerDomain() {
        Srs derived = builder().derivedKeys(true).domain("second.example").build();
        assertThat(reverse(derived, ALICE)).isEqualTo("FORGED WRONG_HASH");
        assertThat(reverse(derived, forward(derived, "a@b.example"))).isEqualTo("a@b.example");
        Srs alone = Srs.builder()
                .keyring(SrsKeyring.of(OWN_KEY).derive("Second.example"))
                .domain("second.example")
                .clock(day(0))
                .build();
        assertThat(reverse(derived, forward(alone, "a@b.example"))).isEqualTo("a@b.example");
    }

    @Test
    void retiredKeysVerifyUntilTheirEnd() {
        SrsKeyring keys = SrsKeyring.builder()
                .sign(key("the new key of this test"))
                .retired(OWN_KEY, SrsFixture.NOW.plus(Duration.ofDays(10)))
                .build();
        assertThat(reverse(builder().keyring(keys).build(), ALICE)).isEqualTo("alice@example.org");
        assertThat(builder().keyring(keys).build().reverse(ALICE).keyIndex()).hasValue(1);
        assertThat(reverse(builder().keyring(keys).clock(day(10)).build(), ALICE))
                .isEqualTo("EXPIRED KEY_ENDED");
    }

    @Test
    void reversesPredecessorAddressUntilEndDate() {
        SrsKeyring.Builder keys = SrsKeyring.builder().sign(OWN_KEY);
        for (SrsMode mode : SrsMode.values()) {
            if (mode != SrsMode.HARDENED) {
                keys.predecessor(OLD_SECRET, SrsFormat.of(mode), SrsFixture.NOW.plus(Duration.ofDays(22)));
            }
        }
        Srs srs = builder().keyring(keys.build()).build();
        Srs after = builder().keyring(keys.build()).clock(day(22)).build();
        for (String address : new String[] {
            "SRS0=dVfY=EL=example.org=alice@srs.example.net",
            "srs0=dvfy=el=example.org=alice@srs.example.net",
            "SRS0=f21c=el=example.org=alice@srs.example.net",
        }) {
            assertThat(reverse(srs, address)).isEqualTo("alice@example.org");
            assertThat(after.reverse(address).isValid()).isFalse();
        }
        assertThat(reverse(srs, "SRS0=-HGl=EL=example.org=joe@srs.example.net")).isEqualTo("joe@example.org");
        assertThat(reverse(srs, "SRS1=zmsJ=fwd.example.com==AbCd=EK=example.org=joe@srs.example.net"))
                .isEqualTo("SRS0=AbCd=EK=example.org=joe@fwd.example.com");
        assertThat(reverse(srs, "\"SRS0=1/fN=EL=example.org=joe smith\"@srs.example.net"))
                .isEqualTo("\"joe smith\"@example.org");
        assertThat(reverse(srs, "SRS0=Ap6A=EL=example.org=\"joe smith\"@srs.example.net"))
                .isEqualTo("\"joe smith\"@example.org");
        assertThat(reverse(srs, "\"SRS0=627a=el=example.org=joe smith\"@srs.example.net"))
                .isEqualTo("\"joe smith\"@example.org");
        // Exim wraps what is SRS already: one layer is unwrapped, the first forwarder does the rest.
        assertThat(reverse(srs, "SRS0=3948=el=fwd.example.com=SRS0=AbCd=EK=example.org=joe@srs.example.net"))
                .isEqualTo("SRS0=AbCd=EK=example.org=joe@fwd.example.com");
        assertThat(forward(srs, "alice@example.org")).isEqualTo(ALICE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // signed by Mail::SRS with the same secret, and faults for a host that verifies
                "SRS0=dVfY=EL=example.org=alice@other.example.net",
                "SRS0=XNTs=EL=example.org=@srs.example.net",
                "SRS0=ZI+D=EL==alice@srs.example.net",
                "SRS1=0Ru3=fwd.example.com=@srs.example.net",
                "SRS1=dVfY=ELexample.org=alice@srs.example.net",
                "SRS0=xQay=EL=[IPv6:2001:db8::1]=joe@srs.example.net",
            })
    void rejectsInvalidPredecessorAddress(String address) {
        SrsKeyring keys = SrsKeyring.builder()
                .sign(OWN_KEY)
                .predecessor(OLD_SECRET, SrsFormat.of(SrsMode.MAIL_SRS), SrsFixture.NOW.plus(Duration.ofDays(22)))
                .build();
        assertThat(builder().keyring(keys).build().reverse(address).isValid()).isFalse();
    }

    @Test
    void rejectsLoop() {
        SrsKeyring keys = SrsKeyring.builder()
                .sign(OWN_KEY)
                .predecessor(OLD_SECRET, SrsFormat.of(SrsMode.EXIM), SrsFixture.NOW.plus(Duration.ofDays(22)))
                .build();
        assertThat(reverse(
                        builder().keyring(keys).build(),
                        "SRS0=01a2=el=srs.example.net=SRS0=+HGl=EL=example.org=joe@srs.example.net"))
                .isEqualTo("MALFORMED LOOP");
    }

    @Test
    void readsTextAsEnvelopePath() {
        for (String text :
                new String[] {ALICE, "<" + ALICE + ">", " " + ALICE + " ", "<@relay.example:" + ALICE + ">", ALICE + "."
                }) {
            assertThat(reverse(srs(), text)).as(text).isEqualTo("alice@example.org");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<SRS0=a=EL=example.org=joe@", " <srs1=x", "\"SRS0=a=EL=example.org=joe@", "SRS0=x", "\tSRS0+@"})
    void unreadableTextWithTagIsMalformed(String text) {
        assertThat(reverse(srs(), text)).isEqualTo("MALFORMED MISSING_PART");
    }

    @Test
    void keysOfEachSpellingOfDomainAreTheSame() {
        Srs derived = domain(SrsKeyring.of(OWN_KEY)).derivedKeys(true).build();
        for (String spelling : new String[] {"B\u00dcCHER.example.", "b\u00fccher.example", "XN--bcher-kva.example"}) {
            Srs alone = domain(SrsKeyring.of(OWN_KEY).derive(spelling)).build();
            assertThat(reverse(derived, forward(alone, "joe@example.org")))
                    .as(spelling)
                    .isEqualTo("joe@example.org");
        }
    }

    private static Srs.Builder domain(SrsKeyring keys) {
        return Srs.builder().keyring(keys).domain("b\u00fccher.example").clock(day(0));
    }

    @Test
    void eachSpellingOfDomainIsSameDomain() {
        Srs srs = builder()
                .domain("b\u00fccher.example.")
                .localDomains(List.of("K\u00e4se.example", ".K\u00e4se.example."))
                .build();

        for (String local : new String[] {"k\u00e4se.example", "xn--kse-qla.example", "sub.XN--KSE-QLA.example"}) {
            assertThat(srs.forward(MailAddress.of("alice@" + local)).outcome())
                    .as(local)
                    .isEqualTo(SrsForwarding.Outcome.LOCAL_SENDER);
        }
        for (String own : new String[] {"b\u00fccher.example", "xn--bcher-kva.example"}) {
            assertThat(reverse(srs, "SRS0=aaaaaaaa=EL=example.org=alice@" + own))
                    .isEqualTo("FORGED WRONG_HASH");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> builder().localDomains(List.of("no domain")));
    }
}
