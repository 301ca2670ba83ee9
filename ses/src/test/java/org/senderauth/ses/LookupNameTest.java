package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

class LookupNameTest {

    private static final String IPV6 = ".0".repeat(31).substring(1);

    private static LookupName read(String left, String domain) throws TextParseException {
        Name name = Name.fromString(left + ".zone.example.");
        return LookupName.read(name, name.labels() - 3, domain);
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
        assertThat(read(left, domain)).isEqualTo(new LookupName(List.of(address), client));
    }

    @Test
    void clientMayBeThirtyTwoNibbles() throws TextParseException {
        for (String last : new String[] {"0", "9", "a", "F"}) {
            assertThat(read("x._i." + IPV6 + "." + last, "example.org"))
                    .isEqualTo(new LookupName(
                            List.of("x@example.org"), IPV6 + "." + last.toLowerCase(java.util.Locale.ROOT)));
        }
        for (String last : new String[] {"g", "-", "10", "0.0"}) {
            String name = "x._i." + IPV6 + "." + last;
            assertThat(read(name, "example.org")).isEqualTo(new LookupName(List.of(name + "@example.org"), null));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SES.B.alice, ses=b=alice@example.org",
        "ses.b.bob.smith, ses=b=bob.smith@example.org",
        "ses.b.x._i.1.2.3.4, ses=b=x@example.org",
        // libspf2 loses the first character of %{l9=}
        "ES.B.alice, ses=b=alice@example.org",
        // %{lr=}
        "alice.B.SES, ses=b=alice@example.org",
        "bob.smith.b.ses, ses=b=bob.smith@example.org",
        "x.b.ses._i.1.2.3.4, ses=b=x@example.org",
        // too few labels for a signature and a local part
        "ses, ses@example.org",
        "ses.b, ses.b@example.org",
        "b.ses, b.ses@example.org",
        "s.b.alice, s.b.alice@example.org",
    })
    void readsEverySplitSpelling(String left, String address) throws TextParseException {
        assertThat(read(left, "example.org").addresses()).containsExactly(address);
    }

    @Test
    void readsBothMeaningsOfAmbiguousName() throws TextParseException {
        assertThat(read("ses.x.b.ses", "example.org").addresses())
                .containsExactly("ses=b=ses.x@example.org", "ses=x=b.ses@example.org");
    }

    @ParameterizedTest
    @CsvSource({
        // a provider's zone needs a local part, the label and a domain
        "alice,",
        "_at_.example.org,",
        "alice._at_,",
        // no dot-atom has such octets
        "x\\032, example.org",
        "x\\000, example.org",
        "x\\127, example.org",
        "x\\128, example.org",
        "x\\255, example.org",
        "x\\., example.org",
        "x\\@, example.org",
        "x\\\", example.org",
        "x\\\\, example.org",
        "alice._at_.exam\\ple\\.org,",
    })
    void nameThatCannotBeAnAddressIsNone(String left, String domain) throws TextParseException {
        assertThat(read(left, domain)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"!, !", "~, ~", "a+b/c=d?e^f_g`h{i|j}k~l, a+b/c=d?e^f_g`h{i|j}k~l"})
    void everyVisibleCharacterOfADotAtomStays(String label, String local) throws TextParseException {
        assertThat(read(label, "example.org")).isEqualTo(new LookupName(List.of(local + "@example.org"), null));
    }
}
