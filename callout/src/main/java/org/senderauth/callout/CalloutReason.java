package org.senderauth.callout;

import static org.senderauth.callout.CalloutVerdict.DELIVERABLE;
import static org.senderauth.callout.CalloutVerdict.SKIPPED;
import static org.senderauth.callout.CalloutVerdict.UNDECIDED;
import static org.senderauth.callout.CalloutVerdict.UNDELIVERABLE;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;

/**
 * Why a callout has the verdict it has: one constant for each row of the table of outcomes, with what follows from it.
 *
 * <p>A reason says how long it may be remembered and about what ({@link Scope}), and what to answer to the SMTP client.
 * No reason of an undecided verdict suggests a permanent refusal.
 */
public enum CalloutReason {

    /** The sender is the null reverse-path, which must be accepted (RFC 5321 section 4.5.5). */
    NULL_SENDER(SKIPPED, Remember.NEVER, null),

    /** The client, the address or its domain is exempt by configuration, or the address is a postmaster's. */
    EXEMPT(SKIPPED, Remember.NEVER, null),

    /** SPF or a DNS block list decides about the client already; there is nothing to ask. */
    DECIDED_EARLIER(SKIPPED, Remember.NEVER, null),

    /** The domain is an address literal, which is not asked unless that is enabled. */
    ADDRESS_LITERAL(SKIPPED, Remember.NEVER, null),

    /** The domain's mail goes to this host itself; ask the local directory. */
    SELF_MX(SKIPPED, Remember.of(Scope.DOMAIN, Duration.ofHours(1)), null),

    /** The host that was asked introduced itself with our own name. */
    LOOP(SKIPPED, Remember.of(Scope.HOST, Duration.ofHours(1)), null),

    /** The address is none by RFC 5321, is too long, or holds what must not be sent. */
    BAD_SYNTAX(
            UNDELIVERABLE,
            Remember.NEVER,
            new SmtpReply(501, "5.1.7", "Sender address rejected: not a valid mail address")),

    /** The domain does not exist. */
    NO_SUCH_DOMAIN(
            UNDELIVERABLE,
            Remember.of(Scope.DOMAIN, Duration.ofHours(1)),
            new SmtpReply(550, "5.1.8", "Sender address rejected: its domain does not exist")),

    /** The domain says that it takes no mail at all (RFC 7505). */
    NULL_MX(
            UNDELIVERABLE,
            Remember.of(Scope.DOMAIN, Duration.ofHours(1)),
            new SmtpReply(550, "5.7.27", "Sender address rejected: its domain has a null MX and takes no mail")),

    /** The domain has neither MX nor addresses, or its MX names have no addresses. */
    NO_MAIL_HOST(
            UNDELIVERABLE,
            Remember.of(Scope.DOMAIN, Duration.ofHours(1)),
            new SmtpReply(550, "5.1.8", "Sender address rejected: its domain has no mail server")),

    /** The domain's mail servers have only addresses that are not reachable in public. */
    MX_NOT_PUBLIC(
            UNDELIVERABLE,
            Remember.of(Scope.DOMAIN, Duration.ofHours(1)),
            new SmtpReply(550, "5.1.8", "Sender address rejected: its domain's mail server has no public address")),

    /** The address needs SMTPUTF8 (RFC 6531) and its mail server does not offer that. */
    SMTPUTF8_UNSUPPORTED(
            UNDELIVERABLE,
            Remember.of(Scope.ADDRESS, Duration.ofDays(1)),
            new SmtpReply(550, "5.6.7", "Sender address rejected: its mail server does not support SMTPUTF8")),

    /** The mail server says that there is no such mailbox. */
    NO_SUCH_MAILBOX(
            UNDELIVERABLE,
            Remember.of(Scope.ADDRESS, Duration.ofHours(3), Duration.ofHours(24)),
            new SmtpReply(550, "5.1.7", "Sender address rejected: its mail server takes no mail for it")),

    /** The mail server says that the mailbox has moved and gives mail no way to it. */
    MOVED(
            UNDELIVERABLE,
            Remember.of(Scope.ADDRESS, Duration.ofHours(3)),
            new SmtpReply(550, "5.1.7", "Sender address rejected: the mailbox has moved")),

    /** The mail server says that the mailbox exists and is disabled. */
    DISABLED(
            UNDELIVERABLE,
            Remember.of(Scope.ADDRESS, Duration.ofHours(3), Duration.ofHours(24)),
            new SmtpReply(550, "5.1.7", "Sender address rejected: the mailbox is disabled")),

    /** A limit on what may be asked of a domain, of a mail server or altogether is reached. */
    RATE_LIMITED(UNDECIDED, Remember.NEVER, null),

    /** Nearly all senders asked about at this domain are forged, so that it is asked next to nothing for a while. */
    DOMAIN_UNDER_FORGERY(UNDECIDED, Remember.NEVER, null),

    /** The client has shown too many senders that are not deliverable. */
    CLIENT_EXHAUSTED(UNDECIDED, Remember.NEVER, null),

    /** The answer takes longer than the caller waits; it is remembered when it comes. */
    IN_PROGRESS(
            UNDECIDED,
            Remember.NEVER,
            new SmtpReply(451, "4.1.7", "Sender address verification in progress, try again later")),

    /** The DNS does not answer, or not properly. */
    DNS_TEMPFAIL(
            UNDECIDED,
            Remember.of(Scope.DOMAIN, Duration.ofMinutes(2)),
            new SmtpReply(451, "4.4.3", "Sender address cannot be verified now: its domain cannot be looked up")),

    /** No mail server of the domain takes a connection. */
    UNREACHABLE(
            UNDECIDED,
            Remember.of(Scope.HOST, Duration.ofMinutes(10), Duration.ofHours(2)),
            new SmtpReply(451, "4.4.1", "Sender address cannot be verified now: its mail server does not answer")),

    /** The mail server is too busy to talk (421 or another 4yz greeting). */
    HOST_BUSY(
            UNDECIDED,
            Remember.of(Scope.HOST, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.3.2", "Sender address cannot be verified now: its mail server is busy")),

    /** The mail server refuses us, whatever the address: says nothing of the sender. */
    POLICY_REFUSED(UNDECIDED, Remember.of(Scope.HOST, Duration.ofHours(6)), null),

    /** The mail server wants TLS and no TLS session could be made. */
    TLS_REQUIRED(UNDECIDED, Remember.of(Scope.HOST, Duration.ofHours(1)), null),

    /** The mail server refuses the null reverse-path, against RFC 5321 section 4.5.5. */
    NULL_SENDER_REFUSED(UNDECIDED, Remember.of(Scope.HOST, Duration.ofHours(24)), null),

    /** The mail server says "not now" (4yz) to the sender or the recipient. */
    TEMPFAIL(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.1.7", "Sender address cannot be verified now, try again later")),

    /** The mail server will neither say yes nor no (252). */
    CANNOT_VERIFY(UNDECIDED, Remember.of(Scope.ADDRESS, Duration.ofHours(1)), null),

    /** The mailbox is locked or busy (450, 4.2.1). */
    MAILBOX_BUSY(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.1.7", "Sender address cannot be verified now: the mailbox is busy")),

    /** The mail server puts off whom it does not know (451 4.7.1). */
    GREYLISTED(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.1.7", "Sender address cannot be verified now, try again later")),

    /** The mail server takes no more recipients in this session (452 4.5.3). */
    TOO_MANY_RECIPIENTS(
            UNDECIDED,
            Remember.of(Scope.HOST, Duration.ofMinutes(5)),
            new SmtpReply(451, "4.1.7", "Sender address cannot be verified now, try again later")),

    /** The mail server does not keep to SMTP. */
    PROTOCOL_ERROR(UNDECIDED, Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)), null),

    /** The mail server took the question and did not answer in time. */
    TIMEOUT(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.4.2", "Sender address cannot be verified now: its mail server does not answer")),

    /** The mail server hung up without an answer, which counts as 451 (RFC 5321 section 3.8). */
    CONNECTION_LOST(
            UNDECIDED,
            Remember.of(Scope.ADDRESS, Duration.ofMinutes(5), Duration.ofHours(1)),
            new SmtpReply(451, "4.4.2", "Sender address cannot be verified now: its mail server hung up")),

    /** The mail server takes mail for the address. */
    ACCEPTED(DELIVERABLE, Remember.of(Scope.ADDRESS, Duration.ofHours(24)), null),

    /** Only a backup mail server could be asked, and it takes mail for the address. */
    BACKUP_MX(DELIVERABLE, Remember.of(Scope.ADDRESS, Duration.ofMinutes(15)), null),

    /** The mailbox exists and is full. */
    MAILBOX_FULL(DELIVERABLE, Remember.of(Scope.ADDRESS, Duration.ofHours(1)), null),

    /** The mail server takes mail for an invented local part as well. */
    ACCEPTS_ANYTHING(CalloutVerdict.CATCH_ALL, Remember.of(Scope.DOMAIN, Duration.ofHours(24)), null);

    /** What a reason says something about, and so where it is remembered. */
    public enum Scope {
        /** Nothing; it is never remembered. */
        NONE,
        /** One address. */
        ADDRESS,
        /** Every address of a domain. */
        DOMAIN,
        /** One network address of a mail server, whatever is asked of it. */
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

    /**
     * The verdict that has this reason.
     *
     * @return always the same one
     */
    public CalloutVerdict verdict() {
        return verdict;
    }

    /**
     * What this says something about.
     *
     * @return where it is remembered
     */
    public Scope scope() {
        return remember.scope();
    }

    /**
     * How long this is remembered when it is seen for the first time; it is doubled each time it is seen again in a
     * row, up to {@link #longest}.
     *
     * @return the time, zero for what is never remembered
     */
    public Duration shortest() {
        return remember.shortest();
    }

    /**
     * How long this is remembered at most.
     *
     * @return the time; the same as {@link #shortest} for what is not doubled
     */
    public Duration longest() {
        return remember.longest();
    }

    /**
     * What to answer to the client by default.
     *
     * @return the reply, or nothing where the mail should pass on to the other checks
     */
    public Optional<SmtpReply> suggestedReply() {
        return Optional.ofNullable(reply);
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
