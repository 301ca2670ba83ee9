package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.SecretKeys;
import org.senderauth.srs.AliasStore;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsFormat;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsMode;
import org.senderauth.testkit.ManualClock;

/** The socketmaps of PostSRSd 2.4 and their words, without its {@code PERM} for addresses of others. */
class SrsMapsTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-06-15T12:00:00Z"));
    private final SrsKeyring keys = SrsKeyring.builder()
            .sign(SecretKeys.of(new byte[20]))
            .predecessor(
                    SecretKeys.of("tops3cret-example".getBytes()),
                    SrsFormat.of(SrsMode.POSTSRSD2),
                    Instant.parse("2026-07-10T00:00:00Z"))
            .build();
    private final Srs.Builder builder = Srs.builder()
            .keyring(keys)
            .domain("srs.example.net")
            .localDomains(List.of("example.net", ".local.example"))
            .clock(clock);

    private String forward(String key) {
        return AddressMaps.srsForward(builder.build()).apply(key).text();
    }

    private String reverse(String key) {
        return AddressMaps.srsReverse(builder.build()).apply(key).text();
    }

    @Test
    void rewritesAndReversesSender() {
        String reply = forward("joe@example.org");
        assertThat(reply).matches("OK SRS0=[a-z2-7]{8}=EL=example\\.org=joe@srs\\.example\\.net");
        assertThat(reverse(reply.substring(3))).isEqualTo("OK joe@example.org");
        assertThat(forward(reply.substring(3))).isEqualTo("NOTFOUND Need not rewrite local domain.");
    }

    @ParameterizedTest
    @CsvSource({
        "'', No domain.",
        "'\"\"', No domain.",
        "<>, No domain.",
        "joe, No domain.",
        "joe@EXAMPLE.net, Need not rewrite local domain.",
        "joe@a.local.example, Need not rewrite local domain.",
        "joe@srs.example.net, Need not rewrite local domain.",
        "joe@[192.0.2.1], Need not rewrite an address literal.",
    })
    void returnsNotFoundForSendersNotRewritten(String key, String reason) {
        assertThat(forward(key)).isEqualTo("NOTFOUND " + reason);
    }

    @ParameterizedTest
    @CsvSource({
        "joe@example.org, Not an SRS address.",
        "'', Not an SRS address.",
        "'\"\"', Not an SRS address.",
        "SRS0=dVfA=EL=example.org=alice@srs.example.net, Hash invalid in SRS address.",
        "SRS0=KUrj=DV=example.org=alice@srs.example.net, Time stamp out of date.",
        "SRS0=J/k7=0L=example.org=alice@srs.example.net, Bad base32 character in timestamp.",
        // PostSRSd answers PERM to some of these, and Postfix holds the mail of every recipient.
        "SRS1=joe@srs.example.net, Incomplete SRS address.",
        "SRS0=@srs.example.net, Incomplete SRS address.",
        "SRS1=joe@elsewhere.example, Not a domain of this forwarder.",
        "SRS0=jVtX=EL=1=8ID00N4HPJ33FH6CHMN0J1ES0CJCVUHD@srs.example.net, Unknown alias.",
    })
    void returnsNotFoundForForeignAddresses(String key, String reason) {
        assertThat(reverse(key)).isEqualTo("NOTFOUND " + reason);
    }

    @Test
    void reversesPostsrsdAddressesUntilEndDate() {
        assertThat(reverse("SRS0=-HGl=EL=example.org=joe@srs.example.net")).isEqualTo("OK joe@example.org");
        clock.advance(Duration.ofDays(25));
        assertThat(reverse("SRS0=-HGl=EL=example.org=joe@srs.example.net")).startsWith("NOTFOUND ");
    }

    @Test
    void returnsTempWhenStoreUnavailable() {
        builder.aliases(new AliasStore() {
            @Override
            public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
                return CompletableFuture.completedFuture(new Answer.Unavailable("away"));
            }

            @Override
            public CompletableFuture<Answer> get(String alias) {
                return CompletableFuture.completedFuture(new Answer.Unavailable("away"));
            }
        });
        assertThat(forward("b".repeat(60) + "@example.org")).isEqualTo("TEMP The alias store does not respond.");
    }
}
