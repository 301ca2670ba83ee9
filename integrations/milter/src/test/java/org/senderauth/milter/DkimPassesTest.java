package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DkimPassesTest {

    // value | domains
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dkim.example.org; dkim=pass header.d=example.net header.s=s1                               | example.net
            dkim.example.org; dkim=pass (2048-bit key; unprotected) header.d=example.net header.i=@example.net header.b="x/y"; dkim=fail header.d=example.com; DKIM/1 = PASS reason="ok" header . d = a.example.net | example.net a.example.net
            dkim.example.org 1; spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.net      | example.net
            dkim.example.org; dkim=fail header.d=example.net                                            | ''
            dkim.example.org; dkim=none                                                                 | ''
            dkim.example.org; dkim=pass                                                                 | ''
            dkim.example.org; dkim=pass header.i=@example.net                                           | ''
            dkim.example.org; dkim=passed header.d=example.net                                          | ''
            dkim.example.org; dkim=fail reason="; dkim=pass header.d=evil.example" header.d=example.net | ''
            dkim.example.org; dkim=fail (; dkim=pass header.d=evil.example) header.d=example.net        | ''
            dkim.example.org; dkim=pass header.d=example.net header.d=example.com                       | ''
            dkim.example.org; dkim=pass reason="x header.d=evil.example" header.b=1                     | ''
            dkim=pass header.d=example.net                                                              | ''
            dkim.example.org; dkim=pass header.d=example.net "                                          | ''
            dkim.example.org; dkim=pass header.d=example.net (                                          | ''
            dkim.example.org; xdkim=pass header.d=example.net                                           | ''
            """)
    void readsDomainsOfSignaturesThatPass(String value, String domains) {
        assertThat(String.join(" ", DkimPasses.of(value))).isEqualTo(domains);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bob@example.net                               | example.net
            Bob <bob@example.net>                         | example.net
            "a@evil.example" (b@evil.example) <bob@example.net> | example.net
            "bob smith"@example.net                       | example.net
            bob@example.net, alice@example.com            | ''
            bob@evil.example <bob@example.net>            | ''
            Bob                                           | ''
            <bob@[192.0.2.1]>                             | ''
            team: bob@example.net, a@example.com;         | ''
            """)
    void readsDomainOfOneAuthor(String value, String domain) {
        assertThat(DkimPasses.author(value).orElse("")).isEqualTo(domain);
    }

    @Property(tries = 500)
    void neverThrows(@ForAll String value) {
        assertThat(DkimPasses.of(value)).isNotNull();
        assertThat(DkimPasses.author(value)).isNotNull();
    }
}
