package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.senderauth.srs.SrsFixture.DOMAIN;
import static org.senderauth.srs.SrsFixture.address;
import static org.senderauth.srs.SrsFixture.builder;
import static org.senderauth.srs.SrsFixture.forward;
import static org.senderauth.srs.SrsFixture.reverse;
import static org.senderauth.srs.SrsFixture.srs;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.srs.SrsForwarding.Outcome;

class SrsForwardTest {

    @Test
    void writesLowerCaseHashOfEightCharacters() {
        assertThat(forward(srs(), "alice@example.org"))
                .matches("SRS0=[a-z2-7]{8}=EL=example\\.org=alice@srs\\.example\\.net");
    }

    @ParameterizedTest
    @CsvSource({
        "joe=x@example.org",
        "a=b=c@example.org",
        "-joe@example.org",
        "o'neil@example.org",
        "a/b%c@example.org",
        "Joe.User@Example.ORG",
        "joe+news@example.org",
        "jürgen@example.org",
        "joe@localhost",
        "joe@a_b.example.org",
        "\"joe smith\"@example.org",
        "\"a@b\"@example.org",
        "\"joe\"@example.org",
        "\"a\\\"b\\\\c\"@example.org",
        "prvs=0896eca59c=joe@example.com",
        "SES=FZL8-J65IZ_GHGTQS=alice@example.com",
        "SRS0.joe@example.org",
        "SRS2=ab=cd=example.org=joe@x.example",
        "SRS0=joe@example.org",
        "SRS1=joe@example.org",
        "SRS1=a=b@example.org",
        "SRS1=h=fwd.example=bob@example.org",
        "SRS0=@example.org",
    })
    void reversesToSameSender(String sender) {
        String rewritten = forward(srs(), sender);
        assertThat(rewritten)
                .startsWith(sender.startsWith("\"") ? "\"SRS" : "SRS")
                .endsWith("@" + DOMAIN);
        assertThat(address(rewritten).isValid()).isTrue();
        assertThat(reverse(srs(), rewritten)).isEqualTo(sender);
        String lower = rewritten.toLowerCase(java.util.Locale.ROOT);
        assertThat(reverse(srs(), lower)).isEqualTo(reverse(srs(), lower).toLowerCase(java.util.Locale.ROOT));
        assertThat(srs().reverse(lower).isValid()).isTrue();
    }

    @Test
    void writesDomainInALabels() {
        String rewritten = forward(srs(), "joe@bücher.example");
        assertThat(rewritten).endsWith("=xn--bcher-kva.example=joe@" + DOMAIN);
        assertThat(reverse(srs(), rewritten)).isEqualTo("joe@xn--bcher-kva.example");
    }

    @ParameterizedTest
    @CsvSource({
        "SRS0=AbCd=EK=example.org=joe@fwd.example.com, SRS0=AbCd=EK=example.org=joe@fwd.example.com",
        "SRS0+AbCd=EK=example.org=joe@fwd.example.com, SRS0+AbCd=EK=example.org=joe@fwd.example.com",
        "srs0-AbCd=EK=example.org=joe@fwd.example.com, SRS0-AbCd=EK=example.org=joe@fwd.example.com",
        // Exim writes an empty stamp on some days.
        "SRS0=3f7e==example.org=joe@fwd.example.com, SRS0=3f7e==example.org=joe@fwd.example.com",
        "SRS1=XyZw=fwd.example.com==AbCd=EK=a.org=joe@f2.example.com, SRS0=AbCd=EK=a.org=joe@fwd.example.com",
        "SRS1=XyZw=fwd.example.com=+AbCd=EK=a.org=joe@f2.example.com, SRS0+AbCd=EK=a.org=joe@fwd.example.com",
        "SRS0=jVtX=EK=1=8ID00N4HPJ33FH6CHMN0@f.example.com, SRS0=jVtX=EK=1=8ID00N4HPJ33FH6CHMN0@f.example.com",
        "\"SRS0=AbCd=EK=a.org=joe smith\"@f.example.com, \"SRS0=AbCd=EK=a.org=joe smith\"@f.example.com",
    })
    void reversesChainToFirstForwarder(String sender, String original) {
        String rewritten = forward(srs(), sender);
        assertThat(rewritten).matches("\"?SRS1=[a-z2-7]{8}=f(wd)?\\.example\\.com=[-+=].*@srs\\.example\\.net");
        assertThat(reverse(srs(), rewritten)).isEqualTo(original);
    }

    @Test
    void chainDoesNotGrow() {
        Srs second = builder().build();
        Srs third = builder().domain("third.example").build();
        String first = "SRS0=AbCd=EK=example.org=joe@fwd.example.com";
        String wrapped = forward(second, first).replace(DOMAIN, "other.example");
        assertThat(address(forward(third, wrapped)).localPart())
                .hasSameSizeAs(address(wrapped).localPart())
                .contains("=fwd.example.com==AbCd=EK=example.org=joe");
    }

    @Test
    void wrapsEximAddressOnce() {
        String exim = "SRS0=3948=el=f.org=SRS0=AbCd=EK=a.org=jo@e.org";
        String rewritten = forward(srs(), exim);
        assertThat(rewritten).contains("=e.org==3948=el=f.org=SRS0=AbCd=EK=a.org=jo@");
        assertThat(reverse(srs(), rewritten)).isEqualTo(exim);
    }

    @Test
    void unwrapsOwnAddressFromForeignChain() {
        String own = forward(srs(), "joe@example.org");
        String rest = own.substring("SRS0".length(), own.indexOf('@'));
        String back = "SRS1=XyZw=" + DOMAIN + "=" + rest + "@other.example";
        assertThat(forward(srs(), back)).isEqualTo(own);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unwrappedOwnAddressKeepsItsDomain(boolean derived) {
        Srs before = builder().derivedKeys(derived).build();
        Srs changed = Srs.builder()
                .keyring(SrsKeyring.of(SrsFixture.OWN_KEY))
                .derivedKeys(derived)
                .domain("new.example")
                .domain(DOMAIN)
                .clock(SrsFixture.day(0))
                .build();
        String own = forward(before, "joe@example.org");
        Srs foreign = Srs.builder()
                .keyring(SrsKeyring.of(SrsFixture.OLD_SECRET))
                .domain("other.example")
                .build();

        String back = forward(changed, forward(foreign, own));

        assertThat(back).isEqualTo(own);
        assertThat(reverse(changed, back)).isEqualTo("joe@example.org");
    }

    @Test
    void reversesEveryLengthThatItWrites() {
        Srs srs = builder().overLong(OverLong.REWRITE).build();
        for (String sender : new String[] {
            "b".repeat(100) + "@example.org",
            '"' + "b ".repeat(50) + "\"@example.org",
            "SRS0=AbCd=EK=example.org=" + "b".repeat(100) + "@other.example"
        }) {
            assertThat(reverse(srs, forward(srs, sender))).isEqualTo(sender);
        }
    }

    @Test
    void leavesOwnAddressUnchanged() {
        String own = forward(srs(), "joe@example.org");
        assertThat(srs().forward(address(own)).outcome()).isEqualTo(Outcome.LOCAL_SENDER);
        assertThat(builder().alwaysRewrite(true).build().forward(address(own)).outcome())
                .isEqualTo(Outcome.LOCAL_SENDER);
        assertThat(forward(srs(), "joe@SRS.EXAMPLE.NET")).isEqualTo("joe@SRS.EXAMPLE.NET");
    }

    @Test
    void leavesLocalSendersAndRecipientsUnchanged() {
        Srs srs = builder().localDomains(List.of("Example.COM", ".sub.example")).build();
        assertThat(srs.forward(address("a@example.com")).outcome()).isEqualTo(Outcome.LOCAL_SENDER);
        assertThat(srs.forward(address("a@x.sub.example")).outcome()).isEqualTo(Outcome.LOCAL_SENDER);
        assertThat(srs.forward(address("a@sub.example")).outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(srs.forward(address("a@b.example.com")).outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(srs.forward(address("a@b.example"), address("c@example.com")).outcome())
                .isEqualTo(Outcome.LOCAL_RECIPIENT);
        assertThat(srs.forward(address("a@b.example"), address("c@d.example")).outcome())
                .isEqualTo(Outcome.REWRITTEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"joe@[192.0.2.1]", "joe@[IPv6:2001:db8::1]"})
    void leavesAddressLiteralUnchanged(String sender) {
        assertThat(srs().forward(address(sender)).outcome()).isEqualTo(Outcome.ADDRESS_LITERAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"@example.org", "joe@-x.example", "joe@a!b", "joe@1", "joe@x=y.example", "joe@a..b"})
    void leavesUnsuitableSenderUnchanged(String sender) {
        assertThat(srs().forward(address(sender)).outcome()).isEqualTo(Outcome.UNSUITABLE);
        assertThat(forward(srs(), sender)).isEqualTo(sender);
    }

    @Test
    void rewritesUpTo47Octets() {
        String fits = "b".repeat(35) + "@example.org";
        assertThat(fits).hasSize(47);
        assertThat(address(forward(srs(), fits)).localPartOctets()).isEqualTo(64);
        assertThat(srs().forward(address("b" + fits)).outcome()).isEqualTo(Outcome.TOO_LONG);
        assertThat(forward(srs(), "b" + fits)).isEqualTo("b" + fits);
        String rewritten = forward(builder().overLong(OverLong.REWRITE).build(), "b" + fits);
        assertThat(reverse(srs(), rewritten)).isEqualTo("b" + fits);
    }

    @Test
    void usesConfiguredSeparator() {
        SrsKeyring keys = SrsKeyring.builder()
                .sign(SrsFixture.OWN_KEY, SrsFormat.HARDENED.withSeparator('+'))
                .build();
        String rewritten = forward(builder().keyring(keys).build(), "joe@example.org");
        assertThat(rewritten).startsWith("SRS0+");
        assertThat(reverse(srs(), rewritten)).isEqualTo("joe@example.org");
    }

    @Test
    void buildersRefuseInvalidSettings() {
        assertThatThrownBy(() -> Srs.builder().domain(DOMAIN).build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        Srs.builder().keyring(SrsKeyring.of(SrsFixture.OWN_KEY)).build())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Srs.builder().domain("a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Srs.builder().lifetimeDays(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Srs.builder().lifetimeDays(501)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SrsKeyring.builder().build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SrsFormat.HARDENED.withSeparator('_')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SrsFormat.HARDENED.withHash(4, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverShowsSecret() {
        SrsKeyring keys = SrsKeyring.of(SrsFixture.key("a very secret secret"));
        assertThat(keys.toString()).doesNotContain("secret").contains("hardened");
    }
}
