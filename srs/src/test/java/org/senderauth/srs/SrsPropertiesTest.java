package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.srs.SrsFixture.srs;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;

class SrsPropertiesTest {

    private static final Srs SRS = srs();

    @Property
    void anyBytesNeverThrow(@ForAll byte[] octets, @ForAll boolean tagged, @ForAll SrsMode mode) {
        String text = (tagged ? "SRS0=" : "") + new String(octets, StandardCharsets.ISO_8859_1) + "@srs.example.net";
        Srs other = Srs.builder()
                .keyring(SrsKeyring.builder()
                        .sign(SrsFixture.OLD_SECRET, SrsFormat.of(mode))
                        .build())
                .domain(SrsFixture.DOMAIN)
                .build();
        for (Srs srs : new Srs[] {SRS, other}) {
            assertThat(srs.reverse(text)).isNotNull();
            MailAddress.split(text).ifPresent(address -> {
                MailAddress sender = new MailAddress(address.localPart(), "example.org");
                assertThat(srs.forward(sender).address()).isNotNull();
            });
        }
    }

    @Property
    void forwardThenReverseIsTheIdentity(@ForAll("senders") MailAddress sender, @ForAll boolean lower) {
        SrsForwarding forwarding = SRS.forward(sender);
        Assume.that(forwarding.isRewritten());
        assertThat(forwarding.address().isValid()).isTrue();
        String text = forwarding.address().toString();
        String way = lower ? text.toLowerCase(Locale.ROOT) : text;
        Optional<MailAddress> original = SRS.reverse(way).original();
        assertThat(original).isPresent();
        MailAddress back = original.get();
        assertThat(back.domain()).isEqualToIgnoringCase(sender.domain());
        assertThat(back.unquotedLocalPart()).isEqualToIgnoringCase(sender.unquotedLocalPart());
        if (!lower) {
            assertThat(back.domain()).isEqualTo(sender.domain());
            assertThat(upperTag(back)).isEqualTo(upperTag(sender));
            assertThat(back.isQuoted()).isEqualTo(sender.isQuoted());
        }
    }

    /** The unquoted local part; the tag of SRS is written in capitals, as it may come back from a foreign SRS0. */
    private static String upperTag(MailAddress address) {
        String local = address.unquotedLocalPart();
        return local.matches("(?is)srs[01][-+=].*")
                ? local.substring(0, 4).toUpperCase(Locale.ROOT) + local.substring(4)
                : local;
    }

    @Example
    void writesTheTagOfForeignSrsInCapitals() {
        MailAddress foreign = new MailAddress("srs0+a==.=a", "example.org");
        assertThat(SRS.reverse(SRS.forward(foreign).address().toString()).original())
                .contains(new MailAddress("SRS0+a==.=a", "example.org"));
    }

    @Property
    void rewritesEverySenderThatFits(@ForAll("senders") MailAddress sender) {
        Assume.that(sender.octets() <= 47 && !sender.isQuoted());
        Assume.that(!sender.localPart().matches("(?i)srs[01][-+=].*"));
        assertThat(SRS.forward(sender).isRewritten()).isTrue();
    }

    @Property
    void noHashFitsAnotherSender(@ForAll("senders") MailAddress one, @ForAll("senders") MailAddress other) {
        Assume.that(!one.toLowerCase().equals(other.toLowerCase()));
        SrsForwarding first = SRS.forward(one);
        SrsForwarding second = SRS.forward(other);
        Assume.that(first.isRewritten() && second.isRewritten());
        Assume.that(!one.isQuoted() && !other.isQuoted());
        String swapped = "SRS0="
                + first.address().localPart().substring(5, 13)
                + second.address().localPart().substring(13) + "@" + SrsFixture.DOMAIN;
        Assume.that(!swapped.equalsIgnoreCase(second.address().toString()));
        assertThat(SRS.reverse(swapped).isValid()).isFalse();
    }

    @Property
    void reversesBatvAndSesSenders(@ForAll("words") String user, @ForAll boolean ses) {
        MailAddress sender = new MailAddress(user, "example.org");
        MailAddress signed = ses
                ? Ses.builder()
                        .keyring(SesKeyring.forAnyDomain(SesKey.of(SecretKeys.of(new byte[16]))))
                        .clock(SrsFixture.day(0))
                        .build()
                        .sign(sender)
                : Batv.builder()
                        .keyring(BatvKeyring.of(SecretKeys.of(new byte[16])))
                        .clock(SrsFixture.day(0))
                        .build()
                        .sign(sender);
        assertThat(signed).isNotEqualTo(sender);
        // An SES signature is often too long for what SRS adds.
        Srs srs = SrsFixture.builder().aliases(MemoryAliasStore.create()).build();
        SrsForwarding forwarding = srs.forward(signed);
        assertThat(forwarding.isRewritten()).isTrue();
        assertThat(srs.reverse(forwarding.address()).original()).contains(signed);
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
    }

    @Provide
    Arbitrary<MailAddress> senders() {
        Arbitrary<String> atom = Arbitraries.strings()
                .withChars("abcXYZ019!#$%&'*+-/=?^_`{|}~äß")
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<String> dotted = atom.list().ofMinSize(1).ofMaxSize(3).map(atoms -> String.join(".", atoms));
        Arbitrary<String> quoted = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMinLength(1)
                .ofMaxLength(20)
                .map(content -> '"' + content.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        Arbitrary<String> srs = Combinators.combine(
                        Arbitraries.of("SRS0=", "srs0+", "SRS1-", "SRS1=", "SRS0-a=b=", "SRS0=ab=cd=x.org="), dotted)
                .as((tag, rest) -> tag + rest);
        Arbitrary<String> label =
                Arbitraries.strings().withChars("abcXYZ09").ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> domain = label.list().ofMinSize(1).ofMaxSize(3).map(labels -> String.join(".", labels));
        return Combinators.combine(Arbitraries.oneOf(dotted, quoted, srs), domain)
                .as(MailAddress::new)
                .filter(MailAddress::isValid);
    }
}
