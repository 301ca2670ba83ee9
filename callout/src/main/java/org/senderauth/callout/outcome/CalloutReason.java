package org.senderauth.callout.outcome;

import static org.senderauth.callout.outcome.CalloutVerdict.DELIVERABLE;
import static org.senderauth.callout.outcome.CalloutVerdict.SKIPPED;
import static org.senderauth.callout.outcome.CalloutVerdict.UNDECIDED;
import static org.senderauth.callout.outcome.CalloutVerdict.UNDELIVERABLE;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;

/**
 * The reason of a verdict.
 *
 * <p>It determines the scope ({@link Scope}) and the time for which it is cached, and the suggested reply to the SMTP
 * client. No reason of an undecided verdict suggests a permanent rejection.
 */
public enum CalloutReason {

    /** The sender is the null reverse-path, which must be accepted (RFC 5321 section 4.5.5). */
    NULL_SENDER(SKIPPED, Remember.NEVER, null),

    /** The client, the address or its domain is exempt by configuration, or the address is a postmaster's. */
    EXEMPT(SKIPPED, Remember.NEVER, null),

    /** SPF or a DNS blocklist decides about the client already. */
    NOT_NEEDED(SKIPPED, Remember.NEVER, null),

    /** The domain is an address literal, which is not probed unless that is enabled. */
    ADDRESS_LITERAL(SKIPPED, Remember.NEVER, null),

    /** The domain's mail goes to this host itself. */
    SELF_MX(SKIPPED, Remember.of(Scope.DOMAIN, Duration.ofHours(1)), null),

    /** The probed host has our own name in its banner. */
    LOOP(SKIPPED, Remember.of(Scope.HOST, Duration.ofHours(1)), null),

    /** The address is invalid by RFC 5321, is too long, or contains characters that must not be sent. */
    BAD_SYNTAX(
            UNDELIVERABLE,
            Remember.NEVER,
            new SmtpReply(501, "5.1.7", "Sender address rejected: invalid address syntax")),

    /** The domain does not exist. */
    NO_SUCH_DOMAIN(
            UNDELIVERABLE,
            Remember.of(Scope.DOMAIN, Duration.ofHours(1)),
            new SmtpReply(550, "5.1.8", "Sender address rejected: domain not found")),

    /** The domain has a null MX record: it accepts no mail (RFC 7505). */
    NULL_MX(
            UNDELIVERABLE,
            Remember.of(Scope.DOMAIN, Duration.ofHours(1)),
            new SmtpReply(550, "5.7.27", "Sender address rejected: domain does not accept mail (null MX)")),

    /** The domain has no MX, A or AAAA record, or its MX names have no addresses. */
    NO_MAIL_HOST(
            UNDELIVERABLE,
            Remember.of(Scope.DOMAIN, Duration.ofHours(1)),
            new SmtpReply(550, "5.1.8", "Sender address rejected: domain has no MX, A or AAAA record")),

    /** The domain's mail servers have no public address. */
    MX_NOT_PUBLIC(
            UNDELIVERABLE,
            Remember.of(Scope.DOMAIN, Duration.ofHours(1)),
            new SmtpReply(550, "5.1.8", "Sender address rejected: domain's MX hosts have no public address")),

    /** The address requires SMTPUTF8 (RFC 6531), which its mail server does not offer. */
    SMTPUTF8_UNSUPPORTED(
            UNDELIVERABLE,
            Remember.of(Scope.ADDRESS, Duration.ofDays(1)),
            new SmtpReply(550, "5.6.7", "Sender address rejected: its mail server does not support SMTPUTF8")),

    /** The mail server replied that the mailbox does not exist. */
    NO_SUCH_MAILBOX(
            UNDELIVERABLE,
            Remember.of(Scope.ADDRESS, Duration.ofHours(3), Duration.ofHours(24)),
            new SmtpReply(550, "5.1.7", "Sender address rejected: undeliverable address")),

    /** The mail server replied that the mailbox has moved. */
    MOVED(
            UNDELIVERABLE,
            Remember.of(Scope.ADDRESS, Duration.ofHours(3)),
            new SmtpReply(550, "5.1.7", "Sender address rejected: mailbox has moved")),

    /** The mail server replied that the mailbox is disabled. */
    DISABLED(
            UNDELIVERABLE,
            Remember.of(Scope.ADDRESS, Duration.ofHours(3), Duration.ofHours(24)),
            new SmtpReply(550, "5.1.7", "Sender address rejected: mailbox disabled")),

    /** A rate limit of the domain, of the mail server or of all probes is exceeded. */
    RATE_LIMITED(UNDECIDED, Remember.NEVER, null),

    /** The circuit breaker of the domain is open: nearly all recent results were negative. */
    DOMAIN_UNDER_ATTACK(UNDECIDED, Remember.NEVER, null),

    /** The circuit breaker of the mail server, or of its MX domain, is open: nearly all recent results were negative. */
    HOST_UNDER_ATTACK(UNDECIDED, Remember.NEVER, null),

    /** The client sent too many undeliverable senders. */
    CLIENT_RATE_LIMITED(UNDECIDED, Remember.NEVER, null),

    /** The probe takes longer than the response timeout; it continues, and its result is cached. */
    IN_PROGRESS(
            UNDECIDED,
            Remember.NEVER,
            new SmtpReply(451, "4.1.7", "Sender address verification in progress, try again later")),

    /** The verifier is closed, or its shared state, its prober or its threads failed. */
    UNAVAILABLE(UNDECIDED, Remember.NEVER, null),

    /** A DNS lookup failed. */
    DNS_TEMPFAIL(
            UNDECIDED,
            Remember.of(Scope.DOMAIN, Duration.ofMinutes(2)),
            new SmtpReply(451, "4.4.3", "Sender address not verified: DNS lookup failed, try again later")),

    /** No mail server of the domain accepts a connection. */
    UNREACHABLE(
            UNDECIDED,
            Remember.of(Scope.HOST, Duration.ofMinutes(10), Duration.ofHours(2)),
            new SmtpReply(451, "4.4.1", "Sender address not verified: MX host not reachable, try again later")),

    /** The mail server is busy (banner with 421 or another 4yz code). */
    HOST_BUSY(
            UNDECIDED,
            Remember.of(Scope.HOST, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.3.2", "Sender address not verified: MX host is busy, try again later")),

    /** The mail server rejects us whatever the address, which does not determine the sender. */
    POLICY_REFUSED(UNDECIDED, Remember.of(Scope.HOST, Duration.ofHours(6)), null),

    /**
     * The mail server defers us (4yz) whatever the address, such as for a rate limit. A deferral of the client would not
     * help.
     */
    POLICY_DEFERRED(UNDECIDED, Remember.of(Scope.HOST, Duration.ofMinutes(10), Duration.ofHours(2)), null),

    /** The mail server accepts no mail at all (521, RFC 7504), which does not determine the sender. */
    HOST_ACCEPTS_NO_MAIL(UNDECIDED, Remember.of(Scope.HOST, Duration.ofHours(6)), null),

    /** The mail server does not accept mail for the domain, or not from us: "relaying denied". */
    RELAY_DENIED(UNDECIDED, Remember.of(Scope.ADDRESS, Duration.ofHours(1), Duration.ofHours(24)), null),

    /** The mail server rejects permanently, without a reason that concerns the mailbox or us. */
    UNCLEAR_REJECTION(UNDECIDED, Remember.of(Scope.ADDRESS, Duration.ofHours(1), Duration.ofHours(24)), null),

    /** The mail server requires TLS, and the handshake failed or was impossible. */
    TLS_REQUIRED(UNDECIDED, Remember.of(Scope.HOST, Duration.ofHours(1)), null),

    /** The mail server rejects the null reverse-path, in violation of RFC 5321 section 4.5.5. */
    NULL_SENDER_REFUSED(UNDECIDED, Remember.of(Scope.HOST, Duration.ofHours(24)), null),

    /** The mail server defers the sender or the recipient (4yz). */
    TEMPFAIL(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.1.7", "Sender address not verified, try again later")),

    /** The mail server cannot verify the address (252). */
    CANNOT_VERIFY(UNDECIDED, Remember.of(Scope.ADDRESS, Duration.ofHours(1)), null),

    /** The mailbox is locked or busy (450, 4.2.1). */
    MAILBOX_BUSY(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.1.7", "Sender address not verified: mailbox is busy, try again later")),

    /** The mail server greylists us (451 4.7.1). */
    GREYLISTED(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.1.7", "Sender address not verified, try again later")),

    /** The mail server accepts no more recipients in this session (452 4.5.3). */
    TOO_MANY_RECIPIENTS(
            UNDECIDED,
            Remember.of(Scope.HOST, Duration.ofMinutes(5)),
            new SmtpReply(451, "4.1.7", "Sender address not verified, try again later")),

    /** The mail server violates SMTP. */
    PROTOCOL_ERROR(UNDECIDED, Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)), null),

    /** The mail server did not reply in time. */
    TIMEOUT(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.4.2", "Sender address not verified: MX host timed out, try again later")),

    /** The mail server closed the connection without a reply, which counts as 451 (RFC 5321 section 3.8). */
    CONNECTION_LOST(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.4.2", "Sender address not verified: MX host closed the connection, try again later")),

    /** The mail server accepts the address. */
    ACCEPTED(DELIVERABLE, Remember.of(Scope.ADDRESS, Duration.ofHours(24)), null),

    /** Only a backup MX was reachable, and it accepts the address. */
    BACKUP_MX(DELIVERABLE, Remember.of(Scope.ADDRESS, Duration.ofMinutes(15)), null),

    /** The mailbox exists and is full. */
    MAILBOX_FULL(DELIVERABLE, Remember.of(Scope.ADDRESS, Duration.ofHours(1)), null),

    /** The mail server accepts a random local part too. */
    ACCEPTS_ALL(CalloutVerdict.CATCH_ALL, Remember.of(Scope.DOMAIN, Duration.ofHours(27)), null);

    /** The scope of a reason, for which it is cached. */
    public enum Scope {
        /** No scope: it is never cached. */
        NONE,
        /** One address. */
        ADDRESS,
        /** Every address of a domain. */
        DOMAIN,
        /** One network address of a mail server, for all its domains. */
        HOST
    }

    private final CalloutVerdict verdict;
    private final Remember remember;
    private final @Nullable SmtpReply reply;

    CalloutReason(CalloutVerdict verdict, Remember remember, @Nullable SmtpReply reply) {
        this.verdict = verdict;
        this.remember = remember;
        this.reply = reply;
    }

    /** {@return the verdict that belongs to this reason} */
    public CalloutVerdict verdict() {
        return verdict;
    }

    /** {@return the scope for which this is cached} */
    public Scope scope() {
        return remember.scope();
    }

    /**
     * {@return the time for which the first such result is cached; zero for never} It is doubled with each repetition, up to
     * {@link #longest}.
     */
    public Duration shortest() {
        return remember.shortest();
    }

    /** {@return the maximum time for which this is cached; the same as {@link #shortest} where it is not doubled} */
    public Duration longest() {
        return remember.longest();
    }

    /** {@return the default reply to the client; empty where the mail continues to the other checks} */
    public Optional<SmtpReply> suggestedReply() {
        return Optional.ofNullable(reply);
    }

    /**
     * {@return whether a permanent rejection may be configured for this reason: only where a bounce cannot be delivered
     * to the sender, which includes a mail server that rejects the null sender}
     */
    public boolean allowsRejection() {
        return verdict == UNDELIVERABLE || this == NULL_SENDER_REFUSED;
    }

    private record Remember(Scope scope, Duration shortest, Duration longest) {

        static final Remember NEVER = new Remember(Scope.NONE, Duration.ZERO, Duration.ZERO);

        static Remember of(Scope scope, Duration time) {
            return new Remember(scope, time, time);
        }

        static Remember of(Scope scope, Duration shortest, Duration longest) {
            return new Remember(scope, shortest, longest);
        }
    }
}
