package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.batv.BounceGuard;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfVerifier;

class BounceGuardMapTest {

    private final Function<String, MapReply> map = BounceGuardMap.of(
            BounceGuard.create(),
            SpfVerifier.builder()
                    .dns(ZoneDnsClient.builder()
                            .text("""
                                    example.net.      300 IN TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all"
                                    open.example.net. 300 IN TXT "v=spf1 ?all"
                                    """)
                            .trouble(DomainNames.of("away.example.net"), Cause.SERVER_FAILURE)
                            .build())
                    .receiver("mx.example.org")
                    .build());

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1 mail.example.net bob@example.net, OK proven",
        "192.0.2.1 mail.example.net <bob@example.net>, OK proven",
        "192.0.2.1 mail.example.net \"a b\"@example.net, OK proven",
        "2001:db8::1 mail.example.net bob@EXAMPLE.net, OK proven",
        "192.0.2.1  bob@example.net, OK proven",
        "192.0.2.2 mail.example.net bob@example.net, NOTFOUND unproven",
        "192.0.2.1 mail.example.net bob@open.example.net, NOTFOUND unproven",
        "192.0.2.1 mail.example.net bob@absent.example, NOTFOUND unproven",
        "192.0.2.1 mail.example.net bob@away.example.net, TEMP SPF temporary error",
        "192.0.2.1 mail.example.net <>, NOTFOUND bounce",
        "192.0.2.1 mail.example.net mailer-daemon@example.net, NOTFOUND bounce",
        // A space in the HELO name moves nothing into the sender that could be proven.
        "192.0.2.1 a bob@example.net eve@example.com, NOTFOUND not a valid address",
        "192.0.2.1 mail.example.net bob, NOTFOUND not a valid address",
        "bob@example.net, PERM key must be ADDRESS HELO SENDER",
        "mail.example.net 192.0.2.1 bob@example.net, PERM key must be ADDRESS HELO SENDER"
    })
    void allowsBounceToProvenSenderOnly(String key, String reply) {
        assertThat(map.apply(key).text()).isEqualTo(reply);
    }

    @Test
    void anyKeyHasAReply() {
        for (String key : new String[] {"", " ", "  ", "192.0.2.1", "192.0.2.1 ", "192.0.2.1  ", "\0 \0 \0@\0"}) {
            assertThat(map.apply(key).text()).as(key).matches("(NOTFOUND|PERM) .*");
        }
    }
}
