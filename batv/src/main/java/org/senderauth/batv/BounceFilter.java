package org.senderauth.batv;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/**
 * Decides on bounces: those that answer our mail are let in, without their tag; forged ones are refused; ordinary mail
 * passes. Ask at each RCPT command with {@link #atRcpt}, and where a decision is {@link BounceAction#LOOK_AT_CONTENT},
 * again at the end of data with {@link #atEndOfData}. A server that decides only then asks {@link #decide}.
 *
 * <p>Thread-safe if the parts given to it are.
 */
public final class BounceFilter {

    /** Actions that count as a failure of the client. */
    private static final Set<BounceAction> FAILURES =
            EnumSet.of(BounceAction.MARK, BounceAction.QUARANTINE, BounceAction.DISCARD, BounceAction.REFUSE);

    private final Batv batv;
    private final BounceRules rules;
    private final FailureCounter failures;
    private final InstantSource clock;

    /**
     * A filter that counts no failures.
     *
     * @param batv what signs our mail
     * @param rules what to do in which case
     * @param clock the time of the roll-out plan
     */
    public BounceFilter(Batv batv, BounceRules rules, InstantSource clock) {
        this(batv, rules, clock, FailureCounter.none());
    }

    /**
     * A filter that counts the failures of each client.
     *
     * @param batv what signs our mail
     * @param rules what to do in which case
     * @param clock the time of the roll-out plan and of the counter
     * @param failures the counter
     */
    public BounceFilter(Batv batv, BounceRules rules, InstantSource clock, FailureCounter failures) {
        this.batv = Objects.requireNonNull(batv, "batv");
        this.rules = Objects.requireNonNull(rules, "rules");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.failures = Objects.requireNonNull(failures, "failures");
    }

    /** What a rule says on one recipient, before roll-out and the client's failures are looked at. */
    private record Ruling(BounceAction action, BounceReason reason) {}

    /**
     * Decides on the last recipient of a transaction that is still in its RCPT commands.
     *
     * @param bounce the transaction; its earlier recipients have been accepted
     * @return the decision on its last recipient
     */
    public RecipientDecision atRcpt(Bounce bounce) {
        return judge(bounce, bounce.recipients().get(bounce.recipients().size() - 1), ruling -> true);
    }

    /**
     * Decides on a transaction at the end of its data, each of whose recipients was accepted by {@link #atRcpt}. Of the
     * client's failures only those are counted that its content shows, since the others were counted at RCPT.
     *
     * @param bounce the transaction, with its content
     * @return the one decision for the message, and that on each recipient
     */
    public BounceDecision atEndOfData(Bounce bounce) {
        return decide(bounce, ruling -> ruling.reason == BounceReason.NO_TAG_CONTENT);
    }

    /**
     * Decides on a whole transaction at once, for servers that did not ask at RCPT. A recipient that needs the content
     * is put off if there is none yet.
     *
     * @param bounce the transaction
     * @return the one decision for the message, and that on each recipient
     */
    public BounceDecision decide(Bounce bounce) {
        return decide(bounce, ruling -> true);
    }

    private BounceDecision decide(Bounce bounce, Predicate<Ruling> counted) {
        List<RecipientDecision> decisions = bounce.recipients().stream()
                .map(recipient -> judge(bounce, recipient, counted))
                .toList();
        RecipientDecision leading = leading(decisions, isBounce(bounce.sender()));
        return new BounceDecision(leading.action(), leading.reply(), decisions);
    }

    // A message has one answer. Put off if anybody is, since that loses nothing. Else a bounce goes to those who may
    // have it, since there is no one to tell; ordinary mail is refused for all, so that its sender learns of it.
    private static RecipientDecision leading(List<RecipientDecision> decisions, boolean bounce) {
        List<BounceAction> order = new ArrayList<>(List.of(BounceAction.TRY_LATER, BounceAction.LOOK_AT_CONTENT));
        if (!bounce) {
            order.add(BounceAction.REFUSE);
        }
        order.addAll(List.of(
                BounceAction.ACCEPT,
                BounceAction.MARK,
                BounceAction.QUARANTINE,
                BounceAction.DISCARD,
                BounceAction.REFUSE));
        RecipientDecision leading = decisions.get(0);
        for (RecipientDecision decision : decisions) {
            if (order.indexOf(decision.action()) < order.indexOf(leading.action())) {
                leading = decision;
            }
        }
        return leading;
    }

    private RecipientDecision judge(Bounce bounce, MailAddress recipient, Predicate<Ruling> counted) {
        Instant now = clock.instant();
        BatvResult result = batv.verify(recipient);
        MailAddress untagged = BatvNormalizer.normalize(recipient);
        RollOut.Stage stage = rules.rollOut.stage(untagged, now);
        boolean exempt = bounce.client() != null && rules.exemptPeers.test(bounce.client());
        boolean isBounce = isBounce(bounce.sender());
        Ruling ruling = isBounce ? bounce(bounce, recipient, result, stage, exempt) : ordinary(result, stage);
        int clientFailures = clientFailures(
                bounce.client(), isBounce && FAILURES.contains(ruling.action) && counted.test(ruling), now);
        if (isBounce && clientFailures > rules.failureLimit && !exempt && ruling.reason != BounceReason.NOT_OPTED_IN) {
            ruling = new Ruling(BounceAction.TRY_LATER, BounceReason.TOO_MANY_FAILURES);
        }
        BounceAction action = stage == RollOut.Stage.ENFORCE || ruling.action == BounceAction.LOOK_AT_CONTENT
                ? ruling.action
                : BounceAction.ACCEPT;
        return new RecipientDecision(
                recipient,
                isForOthers(result) ? recipient : untagged,
                result,
                action,
                ruling.action,
                ruling.reason,
                reply(action, ruling.reason),
                clientFailures);
    }

    private int clientFailures(@Nullable InetAddress client, boolean oneMore, Instant now) {
        if (client == null) {
            return 0;
        }
        return oneMore ? failures.failed(client, now) : failures.failures(client, now);
    }

    /** Whether the tag is the affair of another domain, whose mail only passes through here. */
    private static boolean isForOthers(BatvResult result) {
        return result.reason() == BatvReason.NO_KEYS;
    }

    private boolean isBounce(@Nullable MailAddress sender) {
        return sender == null || rules.mailerDaemon && sender.localPart().equalsIgnoreCase("mailer-daemon");
    }

    private Ruling ordinary(BatvResult result, RollOut.Stage stage) {
        if (result.tag().isEmpty() || isForOthers(result)) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.ORDINARY_MAIL);
        }
        return new Ruling(
                stage == RollOut.Stage.OFF ? BounceAction.ACCEPT : rules.onOrdinaryToTag,
                BounceReason.ORDINARY_MAIL_TO_TAG);
    }

    // One line for each row of the table in docs/batv.md.
    private Ruling bounce(
            Bounce bounce, MailAddress recipient, BatvResult result, RollOut.Stage stage, boolean exempt) {
        if (isForOthers(result) || stage == RollOut.Stage.OFF && !result.isValid()) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN);
        }
        if (rules.oneRecipient && !exempt && bounce.recipients().size() > 1) {
            BounceAction action = bounce.content() == null ? BounceAction.TRY_LATER : BounceAction.REFUSE;
            return new Ruling(action, BounceReason.SEVERAL_RECIPIENTS);
        }
        return switch (result.verdict()) {
            case VALID -> new Ruling(BounceAction.ACCEPT, BounceReason.ANSWERS_OUR_MAIL);
            case EXPIRED -> new Ruling(rules.onInvalid, BounceReason.EXPIRED_TAG);
            case BAD -> new Ruling(rules.onInvalid, BounceReason.FORGED_TAG);
            case FOREIGN -> foreign(result);
            case UNSIGNED, MALFORMED -> unsigned(bounce, recipient, exempt);
            case UNAVAILABLE -> new Ruling(rules.onKeysUnavailable, BounceReason.KEYS_UNAVAILABLE);
        };
    }

    private Ruling foreign(BatvResult result) {
        return result.form().filter(rules.migration::contains).isPresent()
                ? new Ruling(BounceAction.ACCEPT, BounceReason.MIGRATION)
                : new Ruling(rules.onInvalid, BounceReason.FOREIGN_TAG);
    }

    private Ruling unsigned(Bounce bounce, MailAddress recipient, boolean exempt) {
        if (exempt) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.EXEMPT_PEER);
        }
        return switch (batv.couldSign(recipient)) {
            case SIGNED -> withoutTag(bounce);
            case NO_KEYS -> new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN);
            case KEYS_UNAVAILABLE -> new Ruling(rules.onKeysUnavailable, BounceReason.KEYS_UNAVAILABLE);
            case TOO_LONG, OTHER_SCHEME, ALREADY_TAGGED, UNTAGGED_DESTINATION ->
                new Ruling(BounceAction.ACCEPT, BounceReason.CANNOT_BE_TAGGED);
        };
    }

    // Content has one answer for all recipients, so only a message with one is put off; one with more is taken for what
    // it most likely is, a bounce.
    private Ruling withoutTag(Bounce bounce) {
        if (rules.onUnsigned != BounceAction.LOOK_AT_CONTENT) {
            return new Ruling(rules.onUnsigned, BounceReason.NO_TAG);
        }
        if (bounce.content() != null) {
            return new Ruling(rules.onContent(bounce.content().kind()), BounceReason.NO_TAG_CONTENT);
        }
        return bounce.recipients().size() > 1
                ? new Ruling(rules.onContent(MessageKind.DSN), BounceReason.NO_TAG)
                : new Ruling(BounceAction.LOOK_AT_CONTENT, BounceReason.NO_TAG);
    }

    // 5.7.1, not 5.1.1: the mailbox is there, and list software must not think it gone.
    private Optional<SmtpReply> reply(BounceAction action, BounceReason reason) {
        return switch (action) {
            case REFUSE -> Optional.of(new SmtpReply(550, "5.7.1", rules.refusal));
            case TRY_LATER ->
                Optional.of(
                        switch (reason) {
                            case SEVERAL_RECIPIENTS ->
                                new SmtpReply(452, "4.5.3", "Send bounces one recipient at a time");
                            case TOO_MANY_FAILURES ->
                                new SmtpReply(450, "4.7.1", "Too many refused bounces from your host");
                            default -> new SmtpReply(451, "4.3.0", "Cannot check this bounce now, try again later");
                        });
            default -> Optional.empty();
        };
    }
}
