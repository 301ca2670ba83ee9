package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;

class SesSyntaxTest {

    @ParameterizedTest
    @CsvSource({
        "SES=B=a@b, B, a, b",
        "ses=b-_9=a=b=c@d.example, b-_9, a=b=c, d.example",
        "<Ses=Z=a@c>, Z, a, c",
        "' SES=Z=a@c ', Z, a, c",
        "SES=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=a@b, BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB, a, b",
        "'SES=B=!~@b', B, '!~', b",
    })
    void signedAddressIsCutAtItsFirstSignsAndItsLastAt(String address, String digits, String localPart, String domain) {
        assertThat(SesSyntax.parse(address))
                .isEqualTo(new SesSyntax.Signed(digits, new MailAddress(localPart, domain)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "SES", "SES+B=a@b", "XSES=B=a@b", "\u017fES=B=a@b", "SRS0=x=y=z=a@b", "alice@example.org"})
    void otherAddressesAreNotSes(String address) {
        assertThat(SesSyntax.parse(address)).isEqualTo(new SesSyntax.NotSes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SES=B=a@b SIZE=1",
                "<SES=B=a@b> SIZE=1",
                "<ses=B=a@b",
                "SES=B=a@b@c",
                "SES=B=a c@b",
                "SES=B=\"a@b",
                "Alice <SES=B=a@b>"
            })
    void tagInInvalidAddressIsMalformed(String address) {
        assertThat(SesSyntax.parse(address)).isInstanceOf(SesSyntax.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "SES=, no domain",
        "SES=B=a, no domain",
        "SES=B=a@, no domain",
        "SES=B@b, no '=' after",
        "SES=B@b=c, no '=' after",
        "SES=@=b, no '=' after",
        "SES==a@b, 1 to 40 digits",
        "SES=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=a@b, 1 to 40 digits",
        "SES=B=@b, no local part",
        "SES=B+=a@b, not a digit",
        "SES=Bé=a@b, not a digit",
    })
    void malformedAddressHasItsReason(String address, String reason) {
        assertThat(SesSyntax.parse(address))
                .isInstanceOfSatisfying(
                        SesSyntax.Malformed.class,
                        malformed -> assertThat(malformed.reason()).contains(reason));
    }

    @ParameterizedTest
    @ValueSource(chars = {'\0', '\r', '\n', '\u001f', '\u007f', '\ud800', '\udfff'})
    void invalidCharactersAreMalformedAnywhere(char c) {
        for (String address : new String[] {"SES=B=a@b" + c, "SES=B=" + c + "@b", "SES=B=a@" + c}) {
            assertThat(SesSyntax.parse(address)).isInstanceOf(SesSyntax.Malformed.class);
        }
    }

    @Test
    void leadingZeroIsAnotherSpelling() {
        assertThat(SesSyntax.parse("SES=AB=a@b")).isEqualTo(new SesSyntax.NonCanonical());
        assertThat(SesSyntax.parse("SES=aB=a@b")).isEqualTo(new SesSyntax.NonCanonical());
        assertThat(SesSyntax.parse("SES=BA=a@b")).isInstanceOf(SesSyntax.Signed.class);
    }

    @Property
    void everyTextHasAVerdict(@ForAll String text) {
        assertThat(SesSyntax.parse(text)).isNotNull();
        assertThat(SesSyntax.parse("SES=" + text)).isNotInstanceOf(SesSyntax.NotSes.class);
    }
}
