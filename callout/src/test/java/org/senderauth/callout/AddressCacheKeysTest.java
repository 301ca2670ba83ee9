package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.callout.state.AddressCacheKeys;
import org.senderauth.callout.state.RegistrableDomain;
import org.senderauth.core.MailAddress;

class AddressCacheKeysTest {

    @ParameterizedTest
    @CsvSource({
        "alice@Example.ORG,                          s:alice@example.org,                       ,",
        "alice@BÜCHER.example,                     s:alice@xn--bcher-kva.example,               ,",
        "alice@[IPv6:2001:DB8::1],                     s:alice@[ipv6:2001:db8::1],                 ,",
        "Alice@example.org,                          s:Alice@example.org,                       ,",
        "prvs=0123abcdef=alice@example.org,          s:prvs=0123abcdef=alice@example.org,       sb:alice@example.org,",
        "PRVS=0123ABCDEF=alice@example.org,          s:PRVS=0123ABCDEF=alice@example.org,       sb:alice@example.org,",
        "prvs=alice/0123abcdef@example.org,          s:prvs=alice/0123abcdef@example.org,       sb:alice@example.org,",
        "prvs=12=alice@example.org,                  s:prvs=12=alice@example.org,               ,",
        "SRS0=abcd=AB=example.com=bob@example.org,   s:SRS0=abcd=AB=example.com=bob@example.org, "
                + "sb:srs0=example.com=bob@example.org,",
        "SRS0+abcd=AB=example.com=bob@example.org,   s:SRS0+abcd=AB=example.com=bob@example.org, "
                + "sb:srs0=example.com=bob@example.org,",
        "SRS1=xy12=fwd.test==abcd=AB=example.com=bob@example.org, "
                + "s:SRS1=xy12=fwd.test==abcd=AB=example.com=bob@example.org, "
                + "sb:srs1=fwd.test=example.com=bob@example.org,",
        "SES=abcdefgh=alice@example.org,             s:SES=abcdefgh=alice@example.org,          sb:alice@example.org,",
    })
    void stripsTagFromBaseKeyOnly(String address, String exact, String base) {
        AddressCacheKeys keys = AddressCacheKeys.sender(MailAddress.of(address));
        assertThat(keys.exact()).isEqualTo(exact);
        assertThat(keys.base()).isEqualTo(base);
        assertThat(keys.pattern()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "list-return-12-user=example.com@lists.example.org, sp:list-return-#-*=*@lists.example.org",
        "bounce+user=example.com@lists.example.org,         sp:bounce+*=*@lists.example.org",
        "bounces-12345-678@lists.example.org,               sp:bounces-#-678@lists.example.org",
        "b.20260301.news@lists.example.org,                 sp:b.#.news@lists.example.org",
        "msg-0a1b2c3d4e5f@lists.example.org,                sp:msg-#@lists.example.org",
        "reply+88a7@lists.example.org,                      sp:reply+*@lists.example.org",
        "alice+shop@example.org,                            ",
        "user1234@example.org,                              ",
        "john.smith@example.org,                            ",
        "alice-2@example.org,                               ",
        "deadbeef@example.org,                              ",
    })
    void recognizesSerialNumbersAndVerpAsPattern(String address, String pattern) {
        assertThat(AddressCacheKeys.sender(MailAddress.of(address)).pattern()).isEqualTo(pattern);
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "a.b.example.org, example.org",
        "a.b.example.co.uk, example.co.uk",
        "co.uk, co.uk",
        "someone.github.io, github.io",
        "x.bücher.example, xn--bcher-kva.example",
        "under_score.example.org, example.org",
        "host.unlisted-tld, host.unlisted-tld",
        "single, single",
    })
    void countsSubdomainsByRegistrableDomain(String domain, String registrable) {
        assertThat(RegistrableDomain.of(domain)).isEqualTo(registrable);
    }
}
