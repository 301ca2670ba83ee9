package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SesSyntaxTest {

    @ParameterizedTest
    @CsvSource({
        "SES=B=a@b, B, a, b",
        "ses=b-_9=a=b=c@d.example, b-_9, a=b=c, d.example",
        "Ses=Z=a@b@c, Z, a@b, c",
        "SES=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=a@b, BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB, a, b",
        "'SES=B= ~@b', B, ' ~', b",
    })
    void signedAddressIsCutAtItsFirstSignsAndItsLastAt(String address, String digits, String localPart, String domain) {
        assertThat(SesSyntax.parse(address)).isEqualTo(new SesSyntax.Signed(digits, localPart, domain));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "SES", "SES+B=a@b", "XSES=B=a@b", "\u017fES=B=a@b", "SRS0=x=y=z=a@b", "alice@example.org"})
    void otherAddressesAreNotSes(String address) {
        assertThat(SesSyntax.parse(address)).isEqualTo(new SesSyntax.NotSes());
    }

    @ParameterizedTest
    @CsvSource({
        "SES=, no domain",
        "SES=B=a, no domain",
        "SES=B=a@, no domain",
        "SES=B@b, no '=' behind",
        "SES=B@b=c, no '=' behind",
        "SES=@=b, no '=' behind",
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
    @ValueSource(chars = {'\0', '\r', '\n', '\t', '\u001f', '\u007f', '\ud800', '\udfff'})
    void whatNoAddressCanHoldIsMalformedAnywhere(char c) {
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
    void everyTextIsSomething(@ForAll String text) {
        assertThat(SesSyntax.parse(text)).isNotNull();
        assertThat(SesSyntax.parse("SES=" + text)).isNotInstanceOf(SesSyntax.NotSes.class);
    }
}
