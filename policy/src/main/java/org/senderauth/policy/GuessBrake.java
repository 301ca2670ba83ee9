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
import org.senderauth.core.SmtpReply;
import org.senderauth.core.WindowCounts;
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
    private final WindowCounts byNetwork;
    private final WindowCounts byMailbox;

    GuessBrake(int perNetwork, int perMailbox, LongSupplier nanoTime) {
        this(
                perNetwork,
                perMailbox,
                new WindowCounts(MAX_ENTRIES, WINDOW, nanoTime),
                new WindowCounts(MAX_ENTRIES, WINDOW, nanoTime));
    }

    private GuessBrake(int perNetwork, int perMailbox, WindowCounts byNetwork, WindowCounts byMailbox) {
        this.perNetwork = perNetwork;
        this.perMailbox = perMailbox;
        this.byNetwork = byNetwork;
        this.byMailbox = byMailbox;
    }

    /** Other limits of the same counts. */
    GuessBrake withLimits(int network, int mailbox) {
        return new GuessBrake(network, mailbox, byNetwork, byMailbox);
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
        String network = network(client);
        String mailbox = mailbox(address);
        int ofNetwork = guess ? byNetwork.add(network) : byNetwork.get(network);
        int ofMailbox = guess ? byMailbox.add(mailbox) : byMailbox.get(mailbox);
        boolean tooMany = ofNetwork > perNetwork || ofMailbox > perMailbox;
        return tooMany ? StepResult.fail(RATE_LIMITED, "too many invalid signatures", TOO_MANY) : result;
    }

    private static String network(InetAddress client) {
        byte[] bytes = client.getAddress();
        int kept = bytes.length == IPV4_BYTES ? IPV4_NETWORK_BYTES : IPV6_NETWORK_BYTES;
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, kept));
    }

    // Without what the guesser varies: tag, quotes, case, and the sub-address, which is delivered to the same mailbox.
    private static String mailbox(String address) {
        String plain = MailAddress.split(address)
                .map(BatvNormalizer::normalize)
                .map(bare -> base(bare) + "@" + DomainNormalizer.normal(bare.domain()))
                .orElse(address)
                .toLowerCase(Locale.ROOT);
        return plain.substring(Math.max(0, plain.length() - MAX_KEY));
    }

    private static String base(MailAddress bare) {
        String content = bare.unquotedLocalPart();
        String stable = LocalPartScheme.stablePart(content).orElse(content);
        // Exim quotes after its tag.
        String unquoted = MailAddress.join(stable, bare.domain())
                .map(MailAddress::unquotedLocalPart)
                .orElse(stable);
        int delimiter = unquoted.indexOf('+');
        return delimiter > 0 ? unquoted.substring(0, delimiter) : unquoted;
    }
}
