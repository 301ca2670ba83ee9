package org.senderauth.batv;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.core.RoleMailbox;
import org.senderauth.core.SmtpReply;

/**
 * The bounce filter: accepts genuine bounces, without their tag, rejects forged ones and accepts ordinary mail. Call {@link
 * #atRcpt} at each RCPT command, and where its action is {@link BounceAction#CHECK_CONTENT}, {@link #atEndOfData} at the
 * end of data. A server that decides at the end of data only calls {@link #decide}.
 *
 * <p>Thread-safe if the parts given to it are.
 */
public final class BounceFilter {

    /** Actions that count as a failure of the client. */
    private static final Set<BounceAction> FAILURES =
            EnumSet.of(BounceAction.ADD_HEADER, BounceAction.QUARANTINE, BounceAction.DISCARD, BounceAction.REJECT);

    /** Reasons for which no number of failures of the client matters. */
    private static final Set<BounceReason> UNLIMITED = EnumSet.of(BounceReason.NOT_OPTED_IN, BounceReason.ROLE_MAILBOX);

    /** Reasons that only the content of a message gives. */
    private static final Set<BounceReason> BY_CONTENT =
            EnumSet.of(BounceReason.NO_TAG_CONTENT, BounceReason.NEVER_OURS);

    // At most 75 characters with its code: Exim folds longer replies, and the second line has no enhanced code.
    static final String NO_TAG = "Bounce rejected: recipient sent no such message (no valid BATV tag)";
    private static final String NO_SIGNATURE = "Bounce rejected: recipient sent no such message (no SES signature)";

    private final Function<MailAddress, BatvResult> verifier;
    private final Function<MailAddress, SigningOutcome> canSign;
    private final String refusal;
    private final BounceRules rules;
    private final FailureCounter failures;
    private final InstantSource clock;

    /**
     * Creates a filter that counts no failures.
     *
     * @param batv the signer of our mail
     * @param rules the rules
     * @param clock the time of the rollout schedule
     */
    public BounceFilter(Batv batv, BounceRules rules, InstantSource clock) {
        this(batv, rules, clock, FailureCounter.none());
    }

    /**
     * Creates a filter that counts the failures of each client.
     *
     * @param batv the signer of our mail
     * @param rules the rules
     * @param clock the time of the rollout schedule
     * @param failures the counter
     */
    public BounceFilter(Batv batv, BounceRules rules, InstantSource clock, FailureCounter failures) {
        this(Objects.requireNonNull(batv, "batv")::verify, batv::canSign, NO_TAG, rules, clock, failures);
    }

    private BounceFilter(
            Function<MailAddress, BatvResult> verifier,
            Function<MailAddress, SigningOutcome> canSign,
            String refusal,
            BounceRules rules,
            InstantSource clock,
            FailureCounter failures) {
        this.verifier = verifier;
        this.canSign = canSign;
        this.refusal = refusal;
        this.rules = Objects.requireNonNull(rules, "rules");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.failures = Objects.requireNonNull(failures, "failures");
    }

    /**
     * Returns a filter for the unsigned recipients of domains whose senders are signed with SES: the rules for bounces
     * without a tag, with another signature in its place. The caller verifies signed recipients.
     *
     * @param canSign returns whether mail of an address is signed; thread-safe
     * @param rules the rules; those for tags have no effect
     * @param clock the time of the rollout schedule
     * @param failures the counter
     * @return the filter
     */
    public static BounceFilter ofSes(
            Function<MailAddress, SigningOutcome> canSign,
            BounceRules rules,
            InstantSource clock,
            FailureCounter failures) {
        return new BounceFilter(
                BatvResult::untagged, Objects.requireNonNull(canSign, "canSign"), NO_SIGNATURE, rules, clock, failures);
    }

    /**
     * Tests whether mail from this sender is a bounce by the rules of this filter.
     *
     * @param sender the reverse-path; null is the null reverse-path {@code <>}
     * @return true if it is
     */
    public boolean isBounceSender(@Nullable MailAddress sender) {
        return rules.isBounceSender(sender);
    }

    /**
     * Returns the actions that {@link #atRcpt} can return by the rules of this filter. A server must support each of them:
     * {@link BounceAction#CHECK_CONTENT} requires a second decision at the end of data.
     *
     * @return the actions
     */
    public Set<BounceAction> actionsAtRcpt() {
        Set<BounceAction> actions = EnumSet.of(
                BounceAction.ACCEPT,
                BounceAction.DEFER,
                rules.onInvalid,
                rules.onUnsigned,
                rules.onTaggedNonBounce,
                rules.onKeysUnavailable);
        if (rules.onUnsigned == BounceAction.CHECK_CONTENT) {
            // The action for a bounce with several recipients.
            actions.add(rules.onContent(MessageKind.DSN));
        }
        return actions;
    }

    /** The decision of a rule on one recipient, before the rollout schedule and the failures of the client apply. */
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
        return decide(bounce, ruling -> BY_CONTENT.contains(ruling.reason));
    }

    /**
     * Decides on a whole transaction at once, for servers that did not decide at RCPT. A recipient that needs the content
     * is deferred if there is none yet.
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
        RecipientDecision leading =
                leading(decisions, rules.isBounceSender(bounce.sender().orElse(null)));
        return new BounceDecision(leading.action(), leading.smtpReply(), decisions);
    }

    // A message has one reply. It is deferred if any recipient is, which loses nothing. Else a bounce is delivered to
    // the
    // recipients that accept it, because no sender can be notified; ordinary mail is rejected for all, so its sender
    // is.
    private static RecipientDecision leading(List<RecipientDecision> decisions, boolean bounce) {
        List<BounceAction> order = new ArrayList<>(List.of(BounceAction.DEFER, BounceAction.CHECK_CONTENT));
        if (!bounce) {
            order.add(BounceAction.REJECT);
        }
        order.addAll(List.of(
                BounceAction.ACCEPT,
                BounceAction.ADD_HEADER,
                BounceAction.QUARANTINE,
                BounceAction.DISCARD,
                BounceAction.REJECT));
        RecipientDecision leading = decisions.get(0);
        for (RecipientDecision decision : decisions) {
            if (order.indexOf(decision.action()) < order.indexOf(leading.action())) {
                leading = decision;
            }
        }
        return leading;
    }

    private RecipientDecision judge(Bounce bounce, MailAddress recipient, Predicate<Ruling> counted) {
        BatvResult result = verifier.apply(recipient);
        MailAddress untagged = BatvNormalizer.normalize(recipient);
        RolloutSchedule.Stage stage = rules.rollOut.stage(untagged, clock.instant());
        boolean exempt = bounce.client().filter(rules.exemptPeers).isPresent();
        boolean isBounce = rules.isBounceSender(bounce.sender().orElse(null));
        Ruling ruling = isBounce ? bounce(bounce, recipient, result, stage, exempt) : ordinary(result, stage);
        int clientFailures = clientFailures(
                bounce.client().orElse(null), isBounce && FAILURES.contains(ruling.action) && counted.test(ruling));
        if (isBounce && clientFailures > rules.failureLimit && !exempt && !UNLIMITED.contains(ruling.reason)) {
            ruling = new Ruling(BounceAction.DEFER, BounceReason.TOO_MANY_FAILURES);
        }
        BounceAction action = stage == RolloutSchedule.Stage.ENFORCE || ruling.action == BounceAction.CHECK_CONTENT
                ? ruling.action
                : BounceAction.ACCEPT;
        return new RecipientDecision.Builder(recipient, result)
                .deliverTo(isForOthers(result) ? recipient : untagged)
                .action(action, reply(action, ruling.reason))
                .intended(ruling.action, ruling.reason)
                .clientFailures(clientFailures)
                .build();
    }

    private int clientFailures(@Nullable InetAddress client, boolean oneMore) {
        if (client == null) {
            return 0;
        }
        return oneMore ? failures.failed(client) : failures.failures(client);
    }

    /** Tests whether the tag is of another domain, whose mail is only relayed here. */
    private static boolean isForOthers(BatvResult result) {
        return result.reason() == BatvReason.NO_KEYS;
    }

    private Ruling ordinary(BatvResult result, RolloutSchedule.Stage stage) {
        if (result.tag().isEmpty() || isForOthers(result)) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.ORDINARY_MAIL);
        }
        return new Ruling(
                stage == RolloutSchedule.Stage.OFF ? BounceAction.ACCEPT : rules.onTaggedNonBounce,
                BounceReason.NOT_A_BOUNCE);
    }

    // One line for each row of the table in docs/batv.md.
    private Ruling bounce(
            Bounce bounce, MailAddress recipient, BatvResult result, RolloutSchedule.Stage stage, boolean exempt) {
        if (isForOthers(result) || stage == RolloutSchedule.Stage.OFF && !result.isValid()) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN);
        }
        if (!result.isValid() && RoleMailbox.is(BatvNormalizer.normalize(recipient))) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.ROLE_MAILBOX);
        }
        if (rules.oneRecipient && !exempt && bounce.recipients().size() > 1) {
            BounceAction action = bounce.content().isEmpty() ? BounceAction.DEFER : BounceAction.REJECT;
            return new Ruling(action, BounceReason.SEVERAL_RECIPIENTS);
        }
        return switch (result.verdict()) {
            case VALID -> new Ruling(BounceAction.ACCEPT, BounceReason.VALID_TAG);
            case EXPIRED -> new Ruling(rules.onInvalid, BounceReason.EXPIRED_TAG);
            case INVALID -> new Ruling(rules.onInvalid, BounceReason.FORGED_TAG);
            case FOREIGN -> foreign(result);
            case UNSIGNED, MALFORMED -> unsigned(bounce, recipient, exempt);
            case UNAVAILABLE -> new Ruling(rules.onKeysUnavailable, BounceReason.KEYS_UNAVAILABLE);
        };
    }

    private Ruling foreign(BatvResult result) {
        return result.form().filter(rules.migration::contains).isPresent()
                ? new Ruling(BounceAction.ACCEPT, BounceReason.MIGRATION_FORMAT)
                : new Ruling(rules.onInvalid, BounceReason.FOREIGN_TAG);
    }

    private Ruling unsigned(Bounce bounce, MailAddress recipient, boolean exempt) {
        if (exempt) {
            return new Ruling(BounceAction.ACCEPT, BounceReason.EXEMPT_PEER);
        }
        return switch (canSign.apply(recipient)) {
            case SIGNED -> withoutTag(bounce);
            case NO_KEYS -> new Ruling(BounceAction.ACCEPT, BounceReason.NOT_OPTED_IN);
            case KEYS_UNAVAILABLE -> new Ruling(rules.onKeysUnavailable, BounceReason.KEYS_UNAVAILABLE);
            case TOO_LONG, OTHER_SCHEME, ALREADY_TAGGED, UNTAGGED_DESTINATION ->
                new Ruling(BounceAction.ACCEPT, BounceReason.CANNOT_BE_TAGGED);
        };
    }

    // Content gives one decision for all recipients, so only a message with one recipient waits for it; one with more
    // is
    // filtered as what it most likely is, a bounce.
    private Ruling withoutTag(Bounce bounce) {
        if (rules.onUnsigned != BounceAction.CHECK_CONTENT) {
            return new Ruling(rules.onUnsigned, BounceReason.NO_TAG);
        }
        if (bounce.content().isPresent()) {
            MessageContent content = bounce.content().get();
            return new Ruling(
                    rules.untaggedAction(content),
                    rules.isNeverOurs(content) ? BounceReason.NEVER_OURS : BounceReason.NO_TAG_CONTENT);
        }
        return bounce.recipients().size() > 1
                ? new Ruling(rules.onContent(MessageKind.DSN), BounceReason.NO_TAG)
                : new Ruling(BounceAction.CHECK_CONTENT, BounceReason.NO_TAG);
    }

    private Optional<SmtpReply> reply(BounceAction action, BounceReason reason) {
        return switch (action) {
            case REJECT -> Optional.of(rules.rejection(refusal));
            case DEFER ->
                Optional.of(
                        switch (reason) {
                            case SEVERAL_RECIPIENTS ->
                                new SmtpReply(452, "4.5.3", "Bounces are limited to one recipient; send separately");
                            case TOO_MANY_FAILURES ->
                                new SmtpReply(
                                        450, "4.7.1", "Too many rejected bounces from your host, try again later");
                            default ->
                                new SmtpReply(451, "4.3.0", "Bounce check temporarily unavailable, try again later");
                        });
            default -> Optional.empty();
        };
    }
}
