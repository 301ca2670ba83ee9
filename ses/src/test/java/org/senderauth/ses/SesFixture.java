package org.senderauth.ses;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import javax.crypto.SecretKey;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.testkit.ManualClock;

/** What the tests of this room begin with. */
final class SesFixture {

    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    static final SecretKey SECRET = SecretKeys.of("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    static final SesKey KEY = SesKey.of(SECRET);
    static final MailAddress ALICE = MailAddress.of("alice@example.org");

    /** A ledger that is down. */
    static final ReplayLedger DOWN = new ReplayLedger() {
        @Override
        public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
            return CompletableFuture.completedFuture(new UseCount.Unavailable("no connection"));
        }

        @Override
        public CompletableFuture<UseCount> read(String key) {
            return increment(key, Instant.EPOCH);
        }
    };

    private SesFixture() {}

    static SesKeyring keyring() {
        return SesKeyring.builder().add("example.org", KEY).build();
    }

    /** Numbers from 1, whatever the time. */
    static SerialNumbers counting() {
        java.util.concurrent.atomic.AtomicLong last = new java.util.concurrent.atomic.AtomicLong();
        return timecode -> last.incrementAndGet();
    }

    static Ses.Builder ses(ManualClock clock) {
        return Ses.builder().keyring(keyring()).clock(clock).serialNumbers(counting());
    }
}
