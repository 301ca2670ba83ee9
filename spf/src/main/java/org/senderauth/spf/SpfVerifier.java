package org.senderauth.spf;

import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Verifies SPF (RFC 7208): checks whether a client is authorized to send mail for a domain. Every query gets a result;
 * no sender and no domain makes it throw, wait longer than its limits, or depend on another check.
 *
 * <pre>{@code
 * SpfVerifier spf = SpfVerifier.create();
 * SpfResult result = spf.verify(SpfQuery.mailFrom(client, "alice@example.org", "mail.example.org"));
 * }</pre>
 *
 * <p>Immutable and thread-safe: create one and share it. It keeps parsed records in a bounded cache.
 */
public final class SpfVerifier {

    private final CheckSettings settings;
    private final RecordCache records = new RecordCache();
    private final SharedBytes bytes = new SharedBytes();

    private SpfVerifier(CheckSettings settings) {
        this.settings = settings;
    }

    /** {@return the limits of each check} */
    public SpfLimits limits() {
        return settings.limits();
    }

    /** {@return a verifier that queries the system's resolvers, with a cache, within the limits of RFC 7208} */
    public static SpfVerifier create() {
        return builder().build();
    }

    /** {@return a builder with the defaults of {@link #create}} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks one identity; the calling thread waits for the DNS.
     *
     * @param query the client and the identity
     * @return the result
     */
    public SpfResult verify(SpfQuery query) {
        return verify(query, settings.limits().queries());
    }

    /**
     * Checks one identity without waiting: the check continues in the thread that completes a DNS query, and never blocks
     * it.
     *
     * @param query the client and the identity
     * @return the future result; it never completes exceptionally
     */
    public CompletableFuture<SpfResult> verifyAsync(SpfQuery query) {
        return start(query, settings.limits().queries());
    }

    /**
     * Checks the second identity of a transaction without waiting: both checks together are within {@link
     * SpfLimits#transactionQueries}. For callers that check the identities at two stages; others use {@link
     * #verifyBothAsync}.
     *
     * @param query the client and the identity
     * @param usedQueries the number of queries of the first check ({@link SpfResult#queries}), 0 or more
     * @return the future result; it never completes exceptionally
     * @throws IllegalArgumentException if the number is negative
     */
    public CompletableFuture<SpfResult> verifyAsync(SpfQuery query, int usedQueries) {
        if (usedQueries < 0) {
            throw new IllegalArgumentException("usedQueries must be 0 or more, was " + usedQueries);
        }
        return start(query, queriesAfter(usedQueries));
    }

    /**
     * Evaluates a record as if the checked domain published it, with live DNS for everything else: for drafts, and for
     * records from elsewhere. The calling thread waits for the DNS.
     *
     * @param query the client and the identity
     * @param record the record's text, such as {@code v=spf1 mx -all}; none is the result if it is not an SPF record
     * @return the result
     */
    public SpfResult verifyRecord(SpfQuery query, String record) {
        return run(query, context(query, settings.limits().queries(), true, Objects.requireNonNull(record, "record")));
    }

    /**
     * Checks both identities of a transaction as RFC 7208 section 2.3 recommends: the HELO name first, and the sender
     * unless the HELO name fails ({@link Builder#mailFromAfterHeloFail}). A null sender means the HELO name too (section
     * 2.4), and is checked only once.
     *
     * @param query the client and both identities; the query's own identity is ignored
     * @return the results
     */
    public SpfIdentityResults verifyBoth(SpfQuery query) {
        SpfResult helo = verify(query.withIdentity(SpfIdentity.HELO));
        if (decidesAlone(helo)) {
            return new SpfIdentityResults(helo, null);
        }
        return new SpfIdentityResults(
                helo,
                query.mailFrom().isEmpty()
                        ? sameForMailFrom(helo)
                        : verify(mailFrom(query), queriesAfter(helo.queries())));
    }

    /**
     * Does the same as {@link #verifyBoth} without waiting, as {@link #verifyAsync} does.
     *
     * @param query the client and both identities; the query's own identity is ignored
     * @return the future results; they never complete exceptionally
     */
    public CompletableFuture<SpfIdentityResults> verifyBothAsync(SpfQuery query) {
        return verifyAsync(query.withIdentity(SpfIdentity.HELO)).thenCompose(helo -> {
            if (decidesAlone(helo)) {
                return CompletableFuture.completedFuture(new SpfIdentityResults(helo, null));
            }
            if (query.mailFrom().isEmpty()) {
                return CompletableFuture.completedFuture(new SpfIdentityResults(helo, sameForMailFrom(helo)));
            }
            return start(mailFrom(query), queriesAfter(helo.queries()))
                    .thenApply(mailFrom -> new SpfIdentityResults(helo, mailFrom));
        });
    }

    private boolean decidesAlone(SpfResult helo) {
        return helo.verdict() == SpfVerdict.FAIL && !settings.mailFromAfterHeloFail();
    }

    private int queriesAfter(int usedQueries) {
        SpfLimits limits = settings.limits();
        return Math.max(0, Math.min(limits.queries(), limits.transactionQueries() - usedQueries));
    }

    private static SpfQuery mailFrom(SpfQuery query) {
        return query.withIdentity(SpfIdentity.MAIL_FROM);
    }

    private static SpfResult sameForMailFrom(SpfResult helo) {
        return helo.withQuery(mailFrom(helo.query()));
    }

    private SpfResult verify(SpfQuery query, int maxQueries) {
        return run(query, context(query, maxQueries, true, null));
    }

    private CompletableFuture<SpfResult> start(SpfQuery query, int maxQueries) {
        return new AsyncCheck(query, context(query, maxQueries, false, null)).start();
    }

    private SpfResult run(SpfQuery query, CheckContext check) {
        try {
            return new Evaluation(query, check, new Prefetch(check), settings.trace()).run();
        } catch (AnswerPendingException e) {
            throw new IllegalStateException("a blocking check does not give up waiting", e);
        } finally {
            check.close();
        }
    }

    private CheckContext context(SpfQuery query, int maxQueries, boolean blocking, @Nullable String record) {
        CheckHostArguments arguments = CheckHostArguments.of(query, settings.receiver());
        CheckContext context = new CheckContext(arguments, records, bytes, settings, maxQueries, blocking);
        Name name = arguments.domain().name();
        if (record != null && name != null) {
            context.answers().put(name, Type.TXT, RecordCache.published(name, record));
        }
        return context;
    }

    /** A check that restarts whenever the answer arrives that it could not wait for. */
    private final class AsyncCheck {

        private final SpfQuery query;
        private final CheckContext check;
        private final Prefetch prefetch;
        private final CompletableFuture<SpfResult> result = new CompletableFuture<>();
        private final CompletableFuture<Void> timer = new CompletableFuture<>();

        AsyncCheck(SpfQuery query, CheckContext check) {
            this.query = query;
            this.check = check;
            this.prefetch = new Prefetch(check);
        }

        CompletableFuture<SpfResult> start() {
            result.whenComplete((answer, cancelled) -> check.close());
            evaluate();
            if (!result.isDone()) {
                timer.completeOnTimeout(null, Math.max(1, check.remainingMillis()), TimeUnit.MILLISECONDS);
                timer.thenRun(this::timeOver);
                // Not cancelled, which costs a stack trace: once the result is there, the timer does nothing.
                result.whenComplete((answer, cancelled) -> timer.complete(null));
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
                result.complete(new Evaluation(query, check, prefetch, settings.trace()).run());
            } catch (AnswerPendingException pending) {
                pending.answer().whenComplete((answer, failure) -> evaluate());
            }
        }
    }

    /** Collects the settings of a verifier. Not thread-safe. */
    public static final class Builder {

        private @Nullable DnsClient dns;
        private SpfLimits limits = SpfLimits.RFC_7208;
        private InstantSource clock = InstantSource.system();
        private LongSupplier nanoTime = System::nanoTime;
        private String receiver = "unknown";
        private boolean prefetch = true;
        private boolean trace;
        private boolean mailFromAfterHeloFail;

        private Builder() {}

        /**
         * Sets the DNS client; by default the system's resolvers with a {@link CachingDnsClient}.
         *
         * @param dns the client
         */
        public Builder dns(DnsClient dns) {
            this.dns = Objects.requireNonNull(dns, "dns");
            return this;
        }

        /**
         * Sets the limits of a check; by default {@link SpfLimits#RFC_7208}.
         *
         * @param limits the limits
         */
        public Builder limits(SpfLimits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Sets the clock for the macro {@code t}; by default the system's clock.
         *
         * @param clock the clock
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the ticker that measures the time of a check; by default {@link System#nanoTime}.
         *
         * @param nanoTime counts nanoseconds and never goes back
         */
        public Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
            return this;
        }

        /**
         * Sets the name of the receiving host, for header fields and the macro {@code r}; by default {@code unknown}.
         *
         * @param receiver a host name
         */
        public Builder receiver(String receiver) {
            if (Objects.requireNonNull(receiver, "receiver").isBlank()) {
                throw new IllegalArgumentException("receiver must be a host name, was \"" + receiver + "\"");
            }
            this.receiver = receiver;
            return this;
        }

        /**
         * Sets whether queries of later terms are sent while a check waits for an answer; by default true. It shortens
         * checks and sends some queries in vain.
         *
         * @param prefetch whether to prefetch
         */
        public Builder prefetch(boolean prefetch) {
            this.prefetch = prefetch;
            return this;
        }

        /**
         * Sets whether results contain a trace; by default false.
         *
         * @param trace whether to keep it
         */
        public Builder trace(boolean trace) {
            this.trace = trace;
            return this;
        }

        /**
         * Sets whether {@link SpfVerifier#verifyBoth} checks the sender after the HELO name fails; by default false. DMARC
         * (RFC 7489 section 3.1.2) needs the result for the sender.
         *
         * @param mailFromAfterHeloFail whether to check it
         */
        public Builder mailFromAfterHeloFail(boolean mailFromAfterHeloFail) {
            this.mailFromAfterHeloFail = mailFromAfterHeloFail;
            return this;
        }

        /** Builds the verifier. */
        public SpfVerifier build() {
            DnsClient client = dns != null ? dns : CachingDnsClient.of(ResolverDnsClient.system());
            return new SpfVerifier(new CheckSettings(
                    client, limits, clock, nanoTime, receiver, prefetch, trace, mailFromAfterHeloFail));
        }
    }
}
