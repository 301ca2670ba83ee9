package org.senderauth.callout;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.core.Ascii;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SmtpReply;

/**
 * The result of one verification request. Immutable.
 *
 * <p>{@link CalloutVerdict#DELIVERABLE} means that a bounce could be returned to the address, and never that the mail
 * comes from it.
 */
public final class CalloutResult {

    /** The origin of a result. */
    public enum Source {
        /** The request itself and the configuration, or a limit. */
        PRECHECK,
        /** The cached entry of the domain. */
        DOMAIN,
        /** The cached entry of the address. */
        ADDRESS,
        /** The stale entry of the address; it is being refreshed, or will be. */
        STALE,
        /** A probe that another request caused. */
        COALESCED,
        /** A probe that this request caused. */
        PROBE
    }

    private final CalloutReason reason;
    private final Source source;
    private final Instant knownSince;
    private final @Nullable SmtpReply smtpReply;
    private final @Nullable TargetReply targetReply;
    private final @Nullable ProbeReport probe;
    private final @Nullable CalloutLimiter limiter;
    private final @Nullable Throwable failure;

    private CalloutResult(Builder builder) {
        this.reason = builder.reason;
        this.source = builder.source;
        this.knownSince = builder.knownSince;
        this.smtpReply = builder.smtpReply;
        this.targetReply = builder.targetReply;
        this.probe = builder.probe;
        this.limiter = builder.limiter;
        this.failure = builder.failure;
    }

    static Builder builder(CalloutReason reason, Source source, Instant knownSince) {
        return new Builder(reason, source, knownSince);
    }

    /** {@return the verdict that belongs to the reason} */
    public CalloutVerdict verdict() {
        return reason.verdict();
    }

    /** {@return the reason of the verdict} */
    public CalloutReason reason() {
        return reason;
    }

    /** {@return the origin of the result} */
    public Source source() {
        return source;
    }

    /** {@return the time of the mail server's or the DNS's answer; the time of the request if there was none} */
    public Instant knownSince() {
        return knownSince;
    }

    /** {@return the suggested reply to the SMTP client; empty where the mail should continue to the other checks} */
    public Optional<SmtpReply> smtpReply() {
        return Optional.ofNullable(smtpReply);
    }

    /** {@return the reply of the mail server that decided, if one did; it must not be shown to the client} */
    public Optional<TargetReply> targetReply() {
        return Optional.ofNullable(targetReply);
    }

    /** {@return the report of this request's own probe; empty if it caused none} */
    public Optional<ProbeReport> probe() {
        return Optional.ofNullable(probe);
    }

    /** {@return the limit or circuit breaker that prevented a probe; empty if none did} */
    public Optional<CalloutLimiter> limiter() {
        return Optional.ofNullable(limiter);
    }

    /** {@return the error that caused {@link CalloutReason#UNAVAILABLE}; empty for all other reasons} */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * {@return the result for an Authentication-Results field} The method is {@code x-callout}, since none is registered; a
     * catch-all domain is {@code neutral}.
     */
    public AuthResult authResult() {
        String result = switch (verdict()) {
            case DELIVERABLE -> "pass";
            case CATCH_ALL -> "neutral";
            case UNDELIVERABLE -> "fail";
            case UNDECIDED -> "temperror";
            case SKIPPED -> "none";
        };
        return AuthResult.builder("x-callout", result)
                .reason(Ascii.text(reason).replace('-', ' '))
                .build();
    }

    /** {@return the verdict, the reason and the source} */
    @Override
    public String toString() {
        return "CalloutResult[" + verdict() + ", reason=" + reason + ", source=" + source + ", reply=" + smtpReply
                + ", limiter=" + limiter + "]";
    }

    /** Collects the parts of a result. */
    static final class Builder {

        private final CalloutReason reason;
        private final Source source;
        private final Instant knownSince;
        private @Nullable SmtpReply smtpReply;
        private @Nullable TargetReply targetReply;
        private @Nullable ProbeReport probe;
        private @Nullable CalloutLimiter limiter;
        private @Nullable Throwable failure;

        private Builder(CalloutReason reason, Source source, Instant knownSince) {
            this.reason = Objects.requireNonNull(reason, "reason");
            this.source = Objects.requireNonNull(source, "source");
            this.knownSince = Objects.requireNonNull(knownSince, "knownSince");
        }

        Builder smtpReply(@Nullable SmtpReply reply) {
            this.smtpReply = reply;
            return this;
        }

        Builder targetReply(@Nullable TargetReply reply) {
            this.targetReply = reply;
            return this;
        }

        Builder probe(@Nullable ProbeReport report) {
            this.probe = report;
            return this;
        }

        Builder limiter(@Nullable CalloutLimiter by) {
            this.limiter = by;
            return this;
        }

        Builder failure(Throwable error) {
            this.failure = Objects.requireNonNull(error, "error");
            return this;
        }

        CalloutResult build() {
            return new CalloutResult(this);
        }
    }
}
