package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** What the labels left of a zone's name say. */
class ZoneNameTest {

    private static final String IPV6 = ".0".repeat(31).substring(1);

    private static ZoneName read(String left, String domain, boolean split) throws TextParseException {
        Name name = Name.fromString(left + ".zone.example.");
        return ZoneName.read(name, name.labels() - 3, domain, split);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    # of one domain
                    SES=B=Alice,                   example.org, ses=b=alice@example.org,
                    ses=b=bob.smith,               example.org, ses=b=bob.smith@example.org,
                    x._i.192.0.2.7,                example.org, x@example.org,                192.0.2.7
                    x.y._i.0.1.22.333,             example.org, x.y@example.org,              0.1.22.333
                    x._i.1.2.3.4._i.5.6.7.8,       example.org, x._i.1.2.3.4@example.org,     5.6.7.8
                    _i.1.2.3.4,                    example.org, _i.1.2.3.4@example.org,
                    x._i.1.2.3,                    example.org, x._i.1.2.3@example.org,
                    x._i.1.2.3.4.5,                example.org, x._i.1.2.3.4.5@example.org,
                    x._i.1.2.3.4444,               example.org, x._i.1.2.3.4444@example.org,
                    x._i.1.2.3.a,                  example.org, x._i.1.2.3.a@example.org,
                    x._at_.example.net,            example.org, x._at_.example.net@example.org,
                    # of a provider: the name says the domain
                    alice._at_.example.org,        ,            alice@example.org,
                    a.b._at_.c,                    ,            a.b@c,
                    x._i.192.0.2.7._at_.b.c,       ,            x@b.c,                        192.0.2.7
                    a._at_.b._at_.c,               ,            a._at_.b@c,
                    x._at_._i.1.2.3.4,             ,            x@_i.1.2.3.4,
                    """)
    void nameSaysAnAddressAndPerhapsAClient(String left, String domain, String address, String client)
            throws TextParseException {
        assertThat(read(left, domain, false)).isEqualTo(new ZoneName(address, client));
    }

    @Test
    void clientMayBeThirtyTwoNibbles() throws TextParseException {
        for (String last : new String[] {"0", "9", "a", "F"}) {
            assertThat(read("x._i." + IPV6 + "." + last, "example.org", false))
                    .isEqualTo(new ZoneName("x@example.org", IPV6 + "." + last.toLowerCase(java.util.Locale.ROOT)));
        }
        for (String last : new String[] {"g", "-", "10", "0.0"}) {
            String name = "x._i." + IPV6 + "." + last;
            assertThat(read(name, "example.org", false)).isEqualTo(new ZoneName(name + "@example.org", null));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SES.B.alice, ses=b=alice@example.org",
        "ses.b.bob.smith, ses=b=bob.smith@example.org",
        "ses.b.x._i.1.2.3.4, ses=b=x@example.org",
    })
    void splitNameIsPutTogetherFromThreeLabelsOrMore(String left, String address) throws TextParseException {
        assertThat(read(left, "example.org", true).address()).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        // a provider's zone needs a local part, the label and a domain
        "alice, , false",
        "_at_.example.org, , false",
        "alice._at_, , false",
        // a split name needs a tag, a signature and a local part
        "ses, example.org, true",
        "ses.b, example.org, true",
        "ses.b._i.1.2.3.4, example.org, true",
        // no dot-atom has such octets
        "x\\032, example.org, false",
        "x\\000, example.org, false",
        "x\\127, example.org, false",
        "x\\128, example.org, false",
        "x\\255, example.org, false",
        "x\\., example.org, false",
        "x\\@, example.org, false",
        "x\\\", example.org, false",
        "x\\\\, example.org, false",
        "alice._at_.exam\\ple\\.org, , false",
    })
    void nameThatCannotBeAnAddressIsNone(String left, String domain, boolean split) throws TextParseException {
        assertThat(read(left, domain, split)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"!, !", "~, ~", "a+b/c=d?e^f_g`h{i|j}k~l, a+b/c=d?e^f_g`h{i|j}k~l"})
    void everyVisibleCharacterOfADotAtomStays(String label, String local) throws TextParseException {
        assertThat(read(label, "example.org", false)).isEqualTo(new ZoneName(local + "@example.org", null));
    }
}
