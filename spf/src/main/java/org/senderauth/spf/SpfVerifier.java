package org.senderauth.spf;

import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.spf.Halt.Pending;

/**
 * Checks SPF (RFC 7208): may this client use that name? Every question gets an answer; nothing that a sender or a domain
 * does makes it throw, wait longer than its limits, or depend on another check.
 *
 * <pre>{@code
 * SpfVerifier spf = SpfVerifier.create();
 * SpfResult result = spf.verify(SpfQuery.mailFrom(client, "alice@example.org", "mail.example.org"));
 * }</pre>
 *
 * <p>Immutable and thread-safe: make one and share it. It keeps the records that it has read in a bounded cache.
 */
public final class SpfVerifier {

    /** How a verifier works. */
    record Settings(
            DnsClient dns, SpfLimits limits, InstantSource clock, String receiver, boolean prefetch, boolean trace) {}

    private final Settings settings;
    private final RecordCache records = new RecordCache();

    private SpfVerifier(Settings settings) {
        this.settings = settings;
    }

    /**
     * A verifier that asks the system's resolvers, with a cache, within the limits of RFC 7208.
     *
     * @return a verifier
     */
    public static SpfVerifier create() {
        return builder().build();
    }

    /**
     * Starts a verifier of the caller's choice.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks one identity; the calling thread waits for the DNS.
     *
     * @param query the question
     * @return the answer
     */
    public SpfResult verify(SpfQuery query) {
        try {
            return new Evaluation(query, check(query, true), settings.trace()).run();
        } catch (Pending e) {
            throw new IllegalStateException("a blocking check does not give up waiting", e);
        }
    }

    /**
     * Checks one identity without waiting: the check goes on in whichever thread completes the DNS answers, and does
     * nothing there that blocks.
     *
     * @param query the question
     * @return the answer to come; it never completes exceptionally
     */
    public CompletableFuture<SpfResult> verifyAsync(SpfQuery query) {
        return new AsyncCheck(query, check(query, false)).start();
    }

    /**
     * Checks both identities of a transaction as RFC 7208 section 2.3 recommends: the HELO name first, and the
     * reverse-path unless the HELO name is a fail. A null reverse-path means the HELO name too (section 2.4), and is
     * checked only once.
     *
     * @param query the question; its identity does not matter
     * @return the answers
     */
    public SpfResults verifyBoth(SpfQuery query) {
        SpfResult helo = verify(query.withIdentity(SpfIdentity.HELO));
        if (helo.verdict() == SpfVerdict.FAIL) {
            return new SpfResults(helo, null);
        }
        return new SpfResults(helo, query.mailFrom().isEmpty() ? sameForMailFrom(helo) : verify(mailFrom(query)));
    }

    /**
     * {@link #verifyBoth} without waiting, as {@link #verifyAsync} does it.
     *
     * @param query the question; its identity does not matter
     * @return the answers to come; they never complete exceptionally
     */
    public CompletableFuture<SpfResults> verifyBothAsync(SpfQuery query) {
        return verifyAsync(query.withIdentity(SpfIdentity.HELO)).thenCompose(helo -> {
            if (helo.verdict() == SpfVerdict.FAIL) {
                return CompletableFuture.completedFuture(new SpfResults(helo, null));
            }
            if (query.mailFrom().isEmpty()) {
                return CompletableFuture.completedFuture(new SpfResults(helo, sameForMailFrom(helo)));
            }
            return verifyAsync(mailFrom(query)).thenApply(mailFrom -> new SpfResults(helo, mailFrom));
        });
    }

    private static SpfQuery mailFrom(SpfQuery query) {
        return query.withIdentity(SpfIdentity.MAIL_FROM);
    }

    private static SpfResult sameForMailFrom(SpfResult helo) {
        return helo.withQuery(mailFrom(helo.query()));
    }

    private Check check(SpfQuery query, boolean blocking) {
        return new Check(Sender.of(query, settings.receiver()), records, settings, blocking);
    }

    /** A check that begins again whenever an answer has come that it could not wait for. */
    private final class AsyncCheck {

        private final SpfQuery query;
        private final Check check;
        private final CompletableFuture<SpfResult> result = new CompletableFuture<>();
        private final CompletableFuture<Void> timer = new CompletableFuture<>();

        AsyncCheck(SpfQuery query, Check check) {
            this.query = query;
            this.check = check;
        }

        CompletableFuture<SpfResult> start() {
            evaluate();
            if (!result.isDone()) {
                timer.completeOnTimeout(null, Math.max(1, check.remainingMillis()), TimeUnit.MILLISECONDS);
                timer.thenRun(this::timeOver);
                result.whenComplete((answer, cancelled) -> timer.cancel(false));
            }
            return result;
        }

        private void timeOver() {
            check.timeOut();
            evaluate();
        }

        private void evaluate() {
            if (result.isDone()) {
                return;
            }
            try {
                result.complete(new Evaluation(query, check, settings.trace()).run());
            } catch (Pending pending) {
                pending.answer().whenComplete((answer, failure) -> evaluate());
            }
        }
    }

    /** Collects the settings of a verifier. Not thread-safe. */
    public static final class Builder {

        private @Nullable DnsClient dns;
        private SpfLimits limits = SpfLimits.RFC_7208;
        private InstantSource clock = InstantSource.system();
        private String receiver = "unknown";
        private boolean prefetch = true;
        private boolean trace;

        private Builder() {}

        /**
         * Who answers DNS questions; by default the system's resolvers behind a {@link CachingDnsClient}.
         *
         * @param client the client
         * @return this
         */
        public Builder dns(DnsClient client) {
            this.dns = Objects.requireNonNull(client, "dns");
            return this;
        }

        /**
         * What a check may spend; by default {@link SpfLimits#RFC_7208}.
         *
         * @param limits the limits
         * @return this
         */
        public Builder limits(SpfLimits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * What tells the time, for the time limit and the macro {@code t}; by default the system's clock.
         *
         * @param clock the clock
         * @return this
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * The name of the host that checks, for header fields and the macro {@code r}; by default {@code unknown}.
         *
         * @param name a host name
         * @return this
         */
        public Builder receiver(String name) {
            this.receiver = Objects.requireNonNull(name, "receiver");
            return this;
        }

        /**
         * Whether questions are asked ahead when an answer must be waited for; by default they are. It shortens checks
         * and asks some questions in vain.
         *
         * @param on whether to ask ahead
         * @return this
         */
        public Builder prefetch(boolean on) {
            this.prefetch = on;
            return this;
        }

        /**
         * Whether results hold a trace; by default they do not.
         *
         * @param on whether to keep it
         * @return this
         */
        public Builder trace(boolean on) {
            this.trace = on;
            return this;
        }

        /**
         * The verifier with these settings.
         *
         * @return a verifier
         */
        public SpfVerifier build() {
            DnsClient client = dns != null ? dns : CachingDnsClient.over(ResolverDnsClient.ofSystem());
            return new SpfVerifier(new Settings(client, limits, clock, receiver, prefetch, trace));
        }
    }
}
