package org.senderauth.dkim2;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;
import org.senderauth.dns.DnsClient;

/**
 * Recognizes bounces of our own mail by our own DKIM2 signature over the message that the bounce returns. Experimental.
 *
 * <pre>{@code
 * Dkim2Bounces bounces = Dkim2Bounces.builder().ownKeys(OwnKeys.parse(lines)).build();
 * Dkim2BounceResult result = bounces.verify(message, "<>", List.of("<alice@example.org>"));
 * result.verdict(); result.reason(); result.detail(); result.smtpReply(); result.authResult();
 * }</pre>
 *
 * <p>It works with any reporting mail server that returns the message or its header: the reporter need not support DKIM2.
 * Compare the address as it is in RCPT TO, before a BATV tag or an SES or SRS signature is stripped, since that is the
 * envelope sender that was signed. A domain that does not sign all its mail learns nothing from {@link
 * Dkim2BounceVerdict#NO_EVIDENCE}.
 *
 * <p>Our signature costs at most 4 public-key operations and no DNS query. Only a report that is signed itself is looked up:
 * at most {@value #MAX_QUERIES} queries. Nothing in a message or in the DNS makes it throw.
 *
 * <p>Immutable and thread-safe.
 */
public final class Dkim2Bounces {

    /** The maximum number of DNS queries for one bounce. */
    public static final int MAX_QUERIES = 8;

    private final OwnMessageCheck ownMessages;
    private final InstantSource clock;
    private final Dkim2Verifier verifier;

    private Dkim2Bounces(Builder builder) {
        OwnKeys ownKeys = Objects.requireNonNull(builder.ownKeys, "ownKeys must be set");
        Set<String> domains = builder.domains == null ? ownKeys.domains() : Set.copyOf(builder.domains);
        this.ownMessages = new OwnMessageCheck(ownKeys, domains, builder.draft);
        this.clock = builder.clock;
        this.verifier = builder.verifier.clock(clock).draft(builder.draft).build();
    }

    /** {@return a new builder; {@link Builder#ownKeys} must be called} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks a message and waits for the result.
     *
     * @param message the message as it was received in DATA: CRLF newlines, dot-stuffing undone, before any change
     * @param mailFrom the argument of MAIL FROM; anything but the null sender is {@link Dkim2BounceVerdict#NOT_A_REPORT}
     * @param rcptTo the arguments of RCPT TO, unchanged; more than one is {@link Dkim2BounceVerdict#NOT_A_REPORT}
     * @return the result
     */
    public Dkim2BounceResult verify(byte[] message, String mailFrom, List<String> rcptTo) {
        return verifyAsync(message, mailFrom, rcptTo).join();
    }

    /**
     * Checks a message. The array must not change until the result is there.
     *
     * @param message the message, as in {@link #verify}
     * @param mailFrom the argument of MAIL FROM
     * @param rcptTo the arguments of RCPT TO
     * @return a future that never completes exceptionally
     */
    public CompletableFuture<Dkim2BounceResult> verifyAsync(byte[] message, String mailFrom, List<String> rcptTo) {
        return verifyAsync(message, true, mailFrom, rcptTo);
    }

    /**
     * Checks a message of which only the beginning was kept. Where the beginning ends inside the body of the returned message,
     * only the header of that is checked, as if nothing but the header had been returned; where it ends before, the result is
     * {@link Dkim2BounceVerdict#TEMPERROR}. The report's own signature covers what is missing, so the report counts as
     * unsigned.
     *
     * @param beginning the beginning of a message as in {@link #verify}, the header first
     * @param mailFrom the argument of MAIL FROM
     * @param rcptTo the arguments of RCPT TO
     * @return a future that never completes exceptionally
     */
    public CompletableFuture<Dkim2BounceResult> verifyBeginningAsync(
            byte[] beginning, String mailFrom, List<String> rcptTo) {
        return verifyAsync(beginning, false, mailFrom, rcptTo);
    }

    /**
     * Tests whether a bounce to a recipient can return a message that we signed: whether its domain is one of our signing
     * domains or below one.
     *
     * @param rcptTo the argument of RCPT TO
     * @return true if so
     */
    public boolean covers(String rcptTo) {
        return ownMessages.covers(Objects.requireNonNull(rcptTo, "rcptTo"));
    }

    private CompletableFuture<Dkim2BounceResult> verifyAsync(
            byte[] message, boolean complete, String mailFrom, List<String> rcptTo) {
        List<String> recipients = List.copyOf(rcptTo);
        Dkim2BounceResult.Builder result = new Dkim2BounceResult.Builder(false);
        if (!SignedPath.ofEnvelope(Objects.requireNonNull(mailFrom, "mailFrom")).equals(Optional.of(SignedPath.NULL))
                || recipients.size() != 1) {
            return done(result.build(
                    Dkim2BounceVerdict.NOT_A_REPORT,
                    Dkim2Reason.NOT_A_BOUNCE,
                    "not from the null sender to one recipient"));
        }
        try {
            WireMessage report = WireMessage.parse(message, 0, message.length);
            boolean signed = complete && (report.has(Dkim2Signature.NAME) || report.has(MessageInstance.NAME));
            // A report that was revised on its way is beyond what is checked here: nothing is held against it.
            result = new Dkim2BounceResult.Builder(
                    signed && report.fields(MessageInstance.NAME).size() <= 1);
            MimeHeader header = MimeHeader.of(report);
            if (!ReturnedMessage.isDeliveryReport(header)) {
                return done(result.build(
                        Dkim2BounceVerdict.NOT_A_REPORT,
                        Dkim2Reason.NOT_A_DELIVERY_REPORT,
                        "not a multipart/report of type delivery-status"));
            }
            Optional<ReturnedMessage> returned =
                    ReturnedMessage.find(report, header).map(found -> complete ? found : found.upTo(message.length));
            if (!complete && (returned.isEmpty() || !returned.get().isHeaderComplete())) {
                return done(incomplete(result));
            }
            return returned.isPresent()
                    ? verify(returned.get(), signed ? Optional.of(report) : Optional.empty(), recipients.get(0), result)
                    : done(result.build(
                            Dkim2BounceVerdict.NO_EVIDENCE,
                            Dkim2Reason.NOTHING_RETURNED,
                            "the report returns no message"));
        } catch (MalformedMessageException e) {
            return done(
                    complete ? result.build(Dkim2BounceVerdict.MALFORMED, e.reason(), e.text()) : incomplete(result));
        }
    }

    private static Dkim2BounceResult incomplete(Dkim2BounceResult.Builder result) {
        return result.build(
                Dkim2BounceVerdict.TEMPERROR,
                Dkim2Reason.INCOMPLETE,
                "the kept beginning of the report ends before the header of the returned message");
    }

    /**
     * Checks a returned message alone, as if the report were not signed. It needs no DNS, and is for callers that found the
     * returned message themselves, including in notifications that are not delivery reports.
     *
     * @param returned the returned message
     * @param rcptTo the argument of RCPT TO, unchanged
     * @return the result
     */
    public Dkim2BounceResult verify(ReturnedMessage returned, String rcptTo) {
        Objects.requireNonNull(rcptTo, "rcptTo");
        return verify(returned, Optional.empty(), rcptTo, new Dkim2BounceResult.Builder(false))
                .join();
    }

    private static CompletableFuture<Dkim2BounceResult> done(Dkim2BounceResult result) {
        return CompletableFuture.completedFuture(result);
    }

    private CompletableFuture<Dkim2BounceResult> verify(
            ReturnedMessage returned, Optional<WireMessage> report, String rcptTo, Dkim2BounceResult.Builder result) {
        Instant now = clock.instant();
        SignedMessage ours;
        try {
            Optional<SignedMessage> signed = SignedMessage.parse(returned.parse());
            if (signed.isEmpty()) {
                return done(result.build(
                        Dkim2BounceVerdict.NO_EVIDENCE,
                        Dkim2Reason.UNSIGNED,
                        "the returned message has no DKIM2-Signature"));
            }
            ours = signed.get();
        } catch (MalformedMessageException e) {
            return done(result.build(Dkim2BounceVerdict.MALFORMED, e.reason(), "returned message: " + e.text()));
        }
        Optional<Dkim2BounceResult> early = ownMessages.contradiction(ours, returned.isWhole(), rcptTo, result);
        if (early.isPresent()) {
            return done(early.get());
        }
        return report.isPresent()
                ? report(report.get(), ours.top(), rcptTo, now, result)
                : done(OwnMessageCheck.age(ours.top(), now, result)
                        .orElseGet(() -> result.build(
                                Dkim2BounceVerdict.OURS_UNSIGNED_REPORT,
                                Dkim2Reason.VERIFIED,
                                "the report returns our message; the report is not signed")));
    }

    // -06 section 12.1.2.
    private CompletableFuture<Dkim2BounceResult> report(
            WireMessage report, Dkim2Signature ours, String rcptTo, Instant now, Dkim2BounceResult.Builder result) {
        Optional<SignedMessage> parsed;
        try {
            parsed = SignedMessage.parse(report);
        } catch (MalformedMessageException e) {
            return done(result.build(Dkim2BounceVerdict.REPORT_FAILED, e.reason(), "report: " + e.text()));
        }
        if (parsed.isEmpty()) {
            return done(
                    result.build(Dkim2BounceVerdict.REPORT_FAILED, Dkim2Reason.UNSIGNED, "report: no DKIM2-Signature"));
        }
        SignedMessage signed = parsed.get();
        return verifier.verify(signed, "<>", List.of(rcptTo), now)
                .thenApply(verified -> report(verified, signed.signatures().get(0), ours, now, result));
    }

    private Dkim2BounceResult report(
            Dkim2Result verified,
            Dkim2Signature reporter,
            Dkim2Signature ours,
            Instant now,
            Dkim2BounceResult.Builder result) {
        result.queries(verified.queries());
        switch (verified.verdict()) {
            case TEMPERROR:
                return result.build(Dkim2BounceVerdict.TEMPERROR, verified.reason(), "report: " + verified.detail());
            case NOT_DETERMINED:
                // Its signer is not proven, and nothing is held against it: as if it were not signed.
                return OwnMessageCheck.age(ours, now, result)
                        .orElseGet(() -> result.build(
                                Dkim2BounceVerdict.OURS_UNSIGNED_REPORT,
                                verified.reason(),
                                "the report returns our message; report: " + verified.detail()));
            case PASS:
                break;
            default:
                return result.build(
                        Dkim2BounceVerdict.REPORT_FAILED, verified.reason(), "report: " + verified.detail());
        }
        if (!OwnMessageCheck.isRecipientDomain(reporter.domain(), ours)) {
            return result.build(
                    Dkim2BounceVerdict.MISALIGNED,
                    Dkim2Reason.REPORTER_NOT_ALIGNED,
                    "the returned message was not sent to " + reporter.domain());
        }
        result.reporter(reporter.domain());
        // At the time of the report: it may have waited in a queue since.
        return OwnMessageCheck.age(ours, Instant.ofEpochSecond(reporter.time()), result)
                .orElseGet(() -> result.build(
                        Dkim2BounceVerdict.OURS_AUTHENTICATED,
                        Dkim2Reason.VERIFIED,
                        "the report returns our message, and is signed by " + reporter.domain()));
    }

    /** Collects what a check needs. Not thread-safe; can be used again after {@link #build}. */
    public static final class Builder {

        private final Dkim2Verifier.Builder verifier = Dkim2Verifier.builder().maxQueries(MAX_QUERIES);
        private @Nullable OwnKeys ownKeys;
        private @Nullable Set<String> domains;
        private InstantSource clock = InstantSource.system();
        private Draft draft = Draft.SPEC_06;

        private Builder() {}

        /**
         * Sets the public keys of our signatures, including retired ones. Required.
         *
         * @param ownKeys the keys
         * @return this builder
         */
        public Builder ownKeys(OwnKeys ownKeys) {
            this.ownKeys = Objects.requireNonNull(ownKeys, "ownKeys");
            return this;
        }

        /**
         * Sets our signing domains.
         *
         * @param domains domain names (default: the domains of the keys)
         * @return this builder
         * @throws IllegalArgumentException if one is not a domain name
         */
        public Builder domains(Collection<String> domains) {
            Set<String> names = new LinkedHashSet<>();
            for (String domain : Objects.requireNonNull(domains, "domains")) {
                String name = MailDomain.require(domain, "domains");
                names.add(SignedPath.domain(name)
                        .orElseThrow(() -> new IllegalArgumentException("domains must be domain names, was " + name)));
            }
            this.domains = names;
            return this;
        }

        /**
         * Sets the DNS client that looks up the keys of signed reports.
         *
         * @param dns a client, usually one with a cache (default: the system's resolvers with a cache)
         * @return this builder
         */
        public Builder dns(DnsClient dns) {
            verifier.dns(dns);
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
         * Sets the time for all DNS queries of one bounce.
         *
         * @param timeout from 1 ms to 1 minute (default: 5 seconds)
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder timeout(Duration timeout) {
            verifier.timeout(timeout);
            return this;
        }

        /**
         * Builds the check.
         *
         * @return the bounce check
         * @throws NullPointerException if no keys were set
         */
        public Dkim2Bounces build() {
            return new Dkim2Bounces(this);
        }
    }
}
