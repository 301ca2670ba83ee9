package org.senderauth.batv;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/**
 * Decides on bounces: those that answer our mail are let in, without their tag; forged ones are refused; ordinary mail
 * passes. Ask at each RCPT command with {@link #atRcpt}, and where a decision is {@link BounceAction#LOOK_AT_CONTENT},
 * or where the server decides only then, at the end of data with {@link #decide}.
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
        this.batv = batv;
        this.rules = rules;
        this.clock = clock;
        this.failures = failures;
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
        return judge(bounce, bounce.recipients().get(bounce.recipients().size() - 1), clock.instant());
    }

    /**
     * Decides on a whole transaction. A recipient that needs the content is put off if there is none yet.
     *
     * @param bounce the transaction
     * @return the one decision for the message, and that on each recipient
     */
    public BounceDecision decide(Bounce bounce) {
        Instant now = clock.instant();
        List<RecipientDecision> decisions = new ArrayList<>();
        for (MailAddress recipient : bounce.recipients()) {
            decisions.add(judge(bounce, recipient, now));
        }
        RecipientDecision leading = leading(decisions, isBounce(bounce.sender()));
        return new BounceDecision(leading.action(), leading.reply(), List.copyOf(decisions));
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

    private RecipientDecision judge(Bounce bounce, MailAddress recipient, Instant now) {
        BatvResult result = batv.verify(recipient);
        MailAddress untagged = BatvNormalizer.normalize(recipient);
        RollOut.Stage stage = rules.rollOut.stage(untagged, now);
        Ruling ruling = isBounce(bounce.sender()) ? bounce(bounce, recipient, result, stage) : ordinary(result);
        boolean counts = stage == RollOut.Stage.ENFORCE || !FAILURES.contains(ruling.action);
        int clientFailures = count(bounce, ruling, now);
        if (isBounce(bounce.sender()) && clientFailures > rules.failureLimit && counts) {
            ruling = new Ruling(BounceAction.TRY_LATER, BounceReason.TOO_MANY_FAILURES);
        }
        BounceAction action = counts ? ruling.action : BounceAction.ACCEPT;
        boolean ours = result.reason() != BatvReason.NO_KEYS;
        return new RecipientDecision(
                recipient,
                ours ? untagged : recipient,
                result,
                action,
                ruling.action,
                ruling.reason,
                reply(action, ruling.reason),
                clientFailures);
    }

    private int count(Bounce bounce, Ruling ruling, Instant now) {
        if (bounce.client() == null) {
            return 0;
        }
        return isBounce(bounce.sender()) && FAILURES.contains(ruling.action)
                ? failures.failed(bounce.client(), now)
                : failures.failures(bounce.client(), now);
    }

    private boolean isBounce(@Nullable MailAddress sender) {
        return sender == null || rules.mailerDaemon && sender.localPart().equalsIgnoreCase("mailer-daemon");
    }

    private Ruling ordinary(BatvResult result) {
        return result.tag().isEmpty() || result.reason() == BatvReason.NO_KEYS
                ? new Ruling(BounceAction.ACCEPT, BounceReason.ORDINARY_MAIL)
                : new Ruling(rules.onOrdinaryToTag, BounceReason.ORDINARY_MAIL_TO_TAG);
    }

    // One line for each row of the table in docs/batv.md.
    private Ruling bounce(Bounce bounce, MailAddress recipient, BatvResult result, RollOut.Stage stage) {
        boolean exempt = bounce.client() != null && rules.exemptPeers.test(bounce.client());
        if (rules.oneRecipient && !exempt && bounce.recipients().size() > 1) {
            BounceAction action = bounce.content() == null ? BounceAction.TRY_LATER : BounceAction.REFUSE;
            return new Ruling(action, BounceReason.SEVERAL_RECIPIENTS);
        }
        return switch (result.verdict()) {
            case VALID -> new Ruling(BounceAction.ACCEPT, BounceReason.ANSWERS_OUR_MAIL);
            case UNAVAILABLE -> new Ruling(rules.onKeysUnavailable, BounceReason.KEYS_UNAVAILABLE);
            case EXPIRED -> invalid(BounceReason.EXPIRED_TAG, stage);
            case BAD -> invalid(BounceReason.FORGED_TAG, stage);
            case FOREIGN -> foreign(result, stage);
            case UNSIGNED, MALFORMED -> unsigned(bounce, recipient, stage, exempt);
        };
    }

    private Ruling invalid(BounceReason reason, RollOut.Stage stage) {
        return stage == RollOut.Stage.OFF
                ? new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN)
                : new Ruling(rules.onInvalid, reason);
    }

    private Ruling foreign(BatvResult result, RollOut.Stage stage) {
        if (result.reason() == BatvReason.NO_KEYS) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN);
        }
        if (result.form().filter(rules.migration::contains).isPresent()) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.MIGRATION);
        }
        MailAddress original = result.original().orElseThrow();
        return switch (batv.couldSign(original)) {
            case NO_KEYS -> new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN);
            case KEYS_UNAVAILABLE -> new Ruling(rules.onKeysUnavailable, BounceReason.KEYS_UNAVAILABLE);
            default -> invalid(BounceReason.FOREIGN_TAG, stage);
        };
    }

    private Ruling unsigned(Bounce bounce, MailAddress recipient, RollOut.Stage stage, boolean exempt) {
        if (exempt) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.EXEMPT_PEER);
        }
        if (stage == RollOut.Stage.OFF) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN);
        }
        return switch (batv.couldSign(recipient)) {
            case SIGNED -> withoutTag(bounce);
            case NO_KEYS -> new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN);
            case KEYS_UNAVAILABLE -> new Ruling(rules.onKeysUnavailable, BounceReason.KEYS_UNAVAILABLE);
            case TOO_LONG, OTHER_SCHEME, ALREADY_TAGGED, UNTAGGED_DESTINATION ->
                new Ruling(BounceAction.ACCEPT, BounceReason.CANNOT_BE_TAGGED);
        };
    }

    // Only a message with one recipient is put off: the content has one answer for all.
    private Ruling withoutTag(Bounce bounce) {
        if (rules.onUnsigned != BounceAction.LOOK_AT_CONTENT) {
            return new Ruling(rules.onUnsigned, BounceReason.NO_TAG);
        }
        if (bounce.content() != null) {
            return new Ruling(rules.onContent.get(bounce.content().kind()), BounceReason.NO_TAG_CONTENT);
        }
        return bounce.recipients().size() > 1
                ? new Ruling(BounceAction.REFUSE, BounceReason.NO_TAG)
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
