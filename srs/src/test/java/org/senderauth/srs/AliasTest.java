package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.srs.SrsFixture.DOMAIN;
import static org.senderauth.srs.SrsFixture.address;
import static org.senderauth.srs.SrsFixture.builder;
import static org.senderauth.srs.SrsFixture.day;
import static org.senderauth.srs.SrsFixture.forward;
import static org.senderauth.srs.SrsFixture.reverse;
import static org.senderauth.srs.SrsFixture.srs;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.senderauth.srs.SrsForwarding.Outcome;

class AliasTest {

    private static final String LONG = "b".repeat(60) + "@Example.org";
    private static final String CHAIN =
            "SRS0=AbCd=EK=a-long-domain-of-somebody.example.org=somebody@forwarder.example.com";

    private final AtomicLong nanos = new AtomicLong();
    private final MemoryAliasStore store = MemoryAliasStore.create(1 << 20, nanos::get);
    private final Srs srs = builder().aliases(store).build();

    @Test
    void writesShortAliasForLongSender() {
        String alias = forward(srs, LONG);
        assertThat(alias).matches("SRS0=[a-z2-7]{8}=EL=1=[a-z2-7]{16}@srs\\.example\\.net");
        assertThat(srs.forward(address(LONG)).outcome()).isEqualTo(Outcome.ALIAS);
        assertThat(reverse(srs, alias)).isEqualTo(LONG);
        assertThat(reverse(srs, alias.toLowerCase(Locale.ROOT))).isEqualTo(LONG);
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void rewritesShortSenderWithoutStore() {
        assertThat(srs.forward(address("alice@example.org")).outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(store.size()).isZero();
    }

    @Test
    void reversesLongChainToFirstForwarder() {
        assertThat(reverse(srs, forward(srs, CHAIN))).isEqualTo(CHAIN);
        String second =
                CHAIN.replace("SRS0=", "SRS1=XyZw=forwarder.example.com==").replace("@forwarder", "@second");
        assertThat(reverse(srs, forward(srs, second))).isEqualTo(CHAIN);
    }

    @Test
    void keepsCaseOfSender() {
        String upper = LONG.replace('b', 'B');
        String first = forward(srs, LONG);
        String second = forward(srs, upper);
        assertThat(reverse(srs, first)).isEqualTo(LONG);
        assertThat(reverse(srs, second)).isEqualTo(upper);
    }

    @Test
    void aliasDependsOnKey() {
        Srs other = builder()
                .keyring(SrsKeyring.of(SrsFixture.key("another key of 16 octets")))
                .aliases(store)
                .build();
        assertThat(forward(other, LONG).substring(13))
                .isNotEqualTo(forward(srs, LONG).substring(13));
        assertThat(reverse(other, forward(srs, LONG))).isEqualTo("FORGED WRONG_HASH");
    }

    @Test
    void refusesSenderAtAliasHost() {
        String alias = forward(srs, LONG);
        String user = alias.substring(alias.lastIndexOf('=') + 1, alias.indexOf('@'));
        assertThat(srs.forward(address(user + "@1")).outcome()).isEqualTo(Outcome.UNSUITABLE);
    }

    @Test
    void aliasExpiresWithItsAddress() {
        String alias = forward(srs, LONG);
        nanos.set(Duration.ofDays(21).toNanos());
        Srs later = builder().aliases(store).clock(day(21)).build();
        assertThat(reverse(later, alias)).isEqualTo(LONG);
        nanos.set(Duration.ofDays(23).toNanos());
        assertThat(reverse(srs, alias)).isEqualTo("EXPIRED UNKNOWN_ALIAS");
    }

    @Test
    void rejectsUnknownAlias() {
        String alias = forward(srs, LONG);
        assertThat(reverse(srs(), alias)).isEqualTo("EXPIRED UNKNOWN_ALIAS");
        assertThat(reverse(builder().aliases(MemoryAliasStore.create()).build(), alias))
                .isEqualTo("EXPIRED UNKNOWN_ALIAS");
    }

    @Test
    void defersAndNeverRejectsWithoutStore() {
        AliasStore silent = new AliasStore() {
            @Override
            public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
                return new CompletableFuture<>();
            }

            @Override
            public CompletableFuture<Answer> get(String alias) {
                return CompletableFuture.failedFuture(new IllegalStateException("broken"));
            }
        };
        Srs broken =
                builder().aliases(silent).storeTimeout(Duration.ofMillis(1)).build();
        assertThat(broken.forward(address(LONG)).outcome()).isEqualTo(Outcome.STORE_UNAVAILABLE);
        SrsResult result = broken.reverse(forward(srs, LONG));
        assertThat(result.verdict()).isEqualTo(SrsVerdict.UNAVAILABLE);
        assertThat(result.smtpReply().orElseThrow().code()).isEqualTo(451);
    }

    @Test
    void boundsMemoryInBytes() {
        MemoryAliasStore small = MemoryAliasStore.create(10_000, nanos::get);
        for (int i = 0; i < 1000; i++) {
            small.put("alias" + i, "a".repeat(200) + "@example.org", Duration.ofDays(1));
        }
        assertThat(small.size()).isBetween(1L, 20L);
        // A bounce comes back to what was forwarded lately.
        for (int i = 1000 - (int) small.size(); i < 1000; i++) {
            assertThat(small.get("alias" + i).toCompletableFuture().join())
                    .isNotEqualTo(new AliasStore.Answer.Known(Optional.empty()));
        }
    }

    @Test
    void checksAddressFromStore() {
        String alias = forward(srs, LONG);
        String user = alias.substring(alias.lastIndexOf('=') + 1, alias.indexOf('@'));
        store.put(user, "SRS0=a=b=c=d@" + DOMAIN, Duration.ofDays(1));
        assertThat(reverse(srs, alias)).isEqualTo("MALFORMED LOOP");
        store.put(user, "no address", Duration.ofDays(1));
        assertThat(reverse(srs, alias)).isEqualTo("MALFORMED ILLEGAL_RESULT");
        assertThat(store.get("absent").toCompletableFuture().join())
                .isEqualTo(new AliasStore.Answer.Known(Optional.empty()));
    }
}
