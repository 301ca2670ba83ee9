package org.senderauth.policy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.senderauth.batv.BatvNormalizer;
import org.senderauth.core.LocalPartScheme;
import org.senderauth.core.MailAddress;
import org.senderauth.core.RecentEntries;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.StepResult.Outcome;

/**
 * Limits the guessing of signatures: counts the invalid ones per network of clients and per mailbox, and defers signed
 * addresses, valid ones too, while there are too many. So a guess over the limit learns nothing, and genuine mail only
 * waits. Thread-safe.
 */
final class GuessBrake {

    /** The time that a count lasts, from its first invalid signature. */
    static final Duration WINDOW = Duration.ofHours(1);

    /** The maximum number of networks, and of mailboxes, that are counted. */
    static final int MAX_ENTRIES = 20_000;

    /** The result of a deferred check. */
    static final String RATE_LIMITED = "rate-limited";

    private static final SmtpReply TOO_MANY =
            SmtpReply.of(450, "4.7.1", "Too many invalid signatures, try again later");

    // The results of a wrong hash. An expired signature was made with our key, and an unsigned address is no
    // guess.
    private static final Set<String> GUESSES = Set.of("bad", "invalid", "forged");

    // The other results that an address may get only because its hash is right: over the limit they must not show
    // either.
    // A right hash of SRS over an impossible sender is malformed, and one of an alias asks a store, which may be
    // unavailable.
    private static final Set<String> VERIFIED = Set.of("valid", "expired", "malformed", "unavailable");

    // What one customer has: a network of a hoster, or a site (RFC 6177).
    private static final int IPV4_NETWORK_BYTES = 3;
    private static final int IPV6_NETWORK_BYTES = 6;
    private static final int IPV4_BYTES = 4;
    private static final int MAX_KEY = 320;

    private final int perNetwork;
    private final int perMailbox;
    private final LongSupplier nanoTime;
    private final RecentEntries<String, Count> byNetwork;
    private final RecentEntries<String, Count> byMailbox;

    private record Count(int failures, long start) {}

    GuessBrake(int perNetwork, int perMailbox, LongSupplier nanoTime) {
        this(perNetwork, perMailbox, nanoTime, counts(nanoTime), counts(nanoTime));
    }

    private GuessBrake(
            int perNetwork,
            int perMailbox,
            LongSupplier nanoTime,
            RecentEntries<String, Count> byNetwork,
            RecentEntries<String, Count> byMailbox) {
        this.perNetwork = perNetwork;
        this.perMailbox = perMailbox;
        this.nanoTime = nanoTime;
        this.byNetwork = byNetwork;
        this.byMailbox = byMailbox;
    }

    /** Other limits of the same counts. */
    GuessBrake withLimits(int network, int mailbox) {
        return new GuessBrake(network, mailbox, nanoTime, byNetwork, byMailbox);
    }

    private static RecentEntries<String, Count> counts(LongSupplier nanoTime) {
        return new RecentEntries<>(MAX_ENTRIES, (key, count) -> 1, count -> WINDOW, nanoTime);
    }

    /**
     * Counts an invalid signature, and replaces the result of a signed address while there are too many.
     *
     * @param address the address that was checked
     */
    StepResult apply(InetAddress client, String address, StepResult result) {
        boolean guess = result.outcome() == Outcome.FAIL && GUESSES.contains(result.result());
        if (!guess && result.outcome() != Outcome.PASS && !VERIFIED.contains(result.result())) {
            return result;
        }
        int more = guess ? 1 : 0;
        boolean tooMany = count(byNetwork, network(client), more) > perNetwork;
        tooMany |= count(byMailbox, mailbox(address), more) > perMailbox;
        return tooMany ? StepResult.fail(RATE_LIMITED, "too many invalid signatures", TOO_MANY) : result;
    }

    private int count(RecentEntries<String, Count> counts, String key, int more) {
        long now = nanoTime.getAsLong();
        if (more == 0) {
            return counts.get(key)
                    .filter(known -> isOpen(known, now))
                    .map(Count::failures)
                    .orElse(0);
        }
        return counts.compute(
                        key,
                        known -> known != null && isOpen(known, now)
                                ? new Count(known.failures + more, known.start)
                                : new Count(more, now))
                .failures;
    }

    private static boolean isOpen(Count count, long now) {
        return now - count.start < WINDOW.toNanos();
    }

    private static String network(InetAddress client) {
        byte[] bytes = client.getAddress();
        int kept = bytes.length == IPV4_BYTES ? IPV4_NETWORK_BYTES : IPV6_NETWORK_BYTES;
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, kept));
    }

    // Without what the guesser varies.
    private static String mailbox(String address) {
        String plain = MailAddress.split(address)
                .map(BatvNormalizer::normalize)
                .map(bare ->
                        LocalPartScheme.stablePart(bare.localPart()).orElse(bare.localPart()) + "@" + bare.domain())
                .orElse(address)
                .toLowerCase(Locale.ROOT);
        return plain.substring(Math.max(0, plain.length() - MAX_KEY));
    }
}
