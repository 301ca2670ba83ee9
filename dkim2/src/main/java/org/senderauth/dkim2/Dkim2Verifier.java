package org.senderauth.dkim2;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;

/**
 * Verifies DKIM2 signatures of received messages (draft-ietf-dkim-dkim2-spec). Experimental.
 *
 * <pre>{@code
 * Dkim2Verifier dkim2 = Dkim2Verifier.create();
 * Dkim2Result result = dkim2.verify(message, "<alice@example.org>", List.of("<bob@example.net>"));
 * result.verdict(); result.reason(); result.detail(); result.smtpReply(); result.authResult();
 * }</pre>
 *
 * <p>All signatures of the chain are verified, the chain of custody, the envelope, and the hashes of the last state of the
 * message. Earlier states need the recipes of their revisers, which are not supported yet: such a message is {@link
 * Dkim2Verdict#NOT_DETERMINED}, never a failure. Replays are not detected.
 *
 * <p>One message costs at most {@value #MAX_QUERIES} DNS queries, one per distinct key, and {@value
 * SignatureCheck#MAX_OPERATIONS} public-key operations. Its header may have {@value WireMessage#MAX_HEADER_BYTES} bytes,
 * {@value SignedMessage#MAX_FIELDS} DKIM2 fields of each kind, {@value NamedValues#MAX_VALUES} values in a field and
 * {@value Dkim2Signature#MAX_RECIPIENTS} recipients in rt=; beyond a limit it is {@link Dkim2Verdict#PERMERROR}. Nothing
 * in a message or in the DNS makes it throw.
 *
 * <p>Immutable and thread-safe.
 */
public final class Dkim2Verifier {

    /** The maximum number of DNS queries for one message. */
    public static final int MAX_QUERIES = 20;

    /** The maximum age of a signature (-06 section 11.3). */
    public static final Duration MAX_AGE = Duration.ofDays(14);

    /** The maximum time that a signature may be in the future. */
    public static final Duration SKEW = Duration.ofSeconds(300);

    /** The default time for all DNS queries of one message. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final DnsClient dns;
    private final InstantSource clock;
    private final Draft draft;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final int maxQueries;

    private Dkim2Verifier(Builder builder) {
        this.dns = builder.dns == null ? CachingDnsClient.of(ResolverDnsClient.system()) : builder.dns;
        this.clock = builder.clock;
        this.draft = builder.draft;
        this.timeout = builder.timeout;
        this.nanoTime = System::nanoTime;
        this.maxQueries = builder.maxQueries;
    }

    /** {@return a verifier with the system's resolvers and clock, and {@link Draft#SPEC_06}} */
    public static Dkim2Verifier create() {
        return builder().build();
    }

    /** {@return a new builder with the defaults of {@link #create}} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Verifies a message and waits for the result.
     *
     * @param message the message as it was received in DATA: CRLF newlines, dot-stuffing undone, before any change
     * @param mailFrom the argument of MAIL FROM, with or without angle brackets; {@code <>} or empty for the null sender
     * @param rcptTo the arguments of RCPT TO; every one must be in the signature
     * @return the result
     */
    public Dkim2Result verify(byte[] message, String mailFrom, List<String> rcptTo) {
        return verifyAsync(message, mailFrom, rcptTo).join();
    }

    /**
     * Verifies a message. The array must not change until the result is there.
     *
     * @param message the message, as in {@link #verify}
     * @param mailFrom the argument of MAIL FROM
     * @param rcptTo the arguments of RCPT TO
     * @return a future that never completes exceptionally
     */
    public CompletableFuture<Dkim2Result> verifyAsync(byte[] message, String mailFrom, List<String> rcptTo) {
        Objects.requireNonNull(mailFrom, "mailFrom");
        List<String> recipients = List.copyOf(rcptTo);
        Optional<SignedMessage> signed;
        try {
            WireMessage wire = WireMessage.parse(message, 0, message.length);
            signed = SignedMessage.parse(wire);
        } catch (MalformedMessageException e) {
            return CompletableFuture.completedFuture(new Dkim2Result(Outcome.of(e), List.of(), 0));
        }
        return signed.map(found -> verify(found, mailFrom, recipients, clock.instant()))
                .orElseGet(() -> CompletableFuture.completedFuture(new Dkim2Result(
                        Outcome.of(Dkim2Verdict.NONE, Dkim2Reason.UNSIGNED, "no DKIM2-Signature"), List.of(), 0)));
    }

    /** Verifies a message whose fields were read. */
    CompletableFuture<Dkim2Result> verify(SignedMessage signed, String mailFrom, List<String> rcptTo, Instant now) {
        KeyLookup keys = new KeyLookup(dns, maxQueries, timeout.toNanos(), nanoTime);
        List<Dkim2Hop> hops = signed.signatures().stream().map(Dkim2Hop::of).toList();
        return new MessageCheck(signed, draft, MAX_AGE, SKEW)
                .verify(mailFrom, rcptTo, now, keys)
                .thenApply(outcome -> new Dkim2Result(outcome, hops, keys.queries()));
    }

    /** Collects what a verifier needs. Not thread-safe; can be used again after {@link #build}. */
    public static final class Builder {

        private @Nullable DnsClient dns;
        private InstantSource clock = InstantSource.system();
        private Draft draft = Draft.SPEC_06;
        private Duration timeout = DEFAULT_TIMEOUT;
        private int maxQueries = MAX_QUERIES;

        private Builder() {}

        /**
         * Sets the DNS client.
         *
         * @param dns a client, usually one with a cache (default: the system's resolvers with a cache)
         * @return this builder
         */
        public Builder dns(DnsClient dns) {
            this.dns = DnsClient.guarded(Objects.requireNonNull(dns, "dns"));
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param clock the clock that signatures are compared with (default: the system's)
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the draft.
         *
         * @param draft the draft whose rules decide (default: {@link Draft#SPEC_06})
         * @return this builder
         */
        public Builder draft(Draft draft) {
            this.draft = Objects.requireNonNull(draft, "draft");
            return this;
        }

        /**
         * Sets the time for all DNS queries of one message; a key that did not arrive in it is unavailable.
         *
         * @param timeout from 1 ms to 1 minute (default: 5 seconds)
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder timeout(Duration timeout) {
            Objects.requireNonNull(timeout, "timeout");
            if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("timeout must be between 1 ms and 1 minute, was " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        Builder maxQueries(int maxQueries) {
            this.maxQueries = maxQueries;
            return this;
        }

        /**
         * Builds the verifier.
         *
         * @return the verifier
         */
        public Dkim2Verifier build() {
            return new Dkim2Verifier(this);
        }
    }
}
