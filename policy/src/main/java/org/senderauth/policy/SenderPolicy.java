package org.senderauth.policy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.senderauth.batv.MessageContent;
import org.senderauth.core.MailDomain;

/**
 * The policy that decides on transactions: exemptions first, then the {@linkplain Step steps} in their order. The first
 * enforcing step that fails rejects the mail; later steps are skipped. On a temporary failure of a step the mail continues
 * or is deferred, as configured; a later rejection overrides an earlier deferral.
 *
 * <p>The steps of a message run once, however many recipients it has ({@link Transaction#message}). Immutable except for
 * that cache, and thread-safe.
 */
public final class SenderPolicy {

    /** The default time limit of a decision: far below the 100 seconds that Postfix waits. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(20);

    /** The default limit of decisions that {@link #decideAsync(Transaction)} has in progress. */
    public static final int DEFAULT_MAX_PENDING = 1000;

    /** The default of {@link SenderPolicyBuilder#maxInvalidSignatures} for one network. */
    public static final int MAX_INVALID_PER_NETWORK = 60;

    /** The default of {@link SenderPolicyBuilder#maxInvalidSignatures} for one mailbox. */
    public static final int MAX_INVALID_PER_MAILBOX = 100;

    private static final Set<Step> SIGNATURES = EnumSet.of(Step.BATV, Step.SES, Step.SRS);

    private final String hostname;
    final Exemptions exemptions;
    final StepModes modes;
    private final Map<Step, TempfailAction> onTempfail;
    final Map<Step, StepCheck> checks;
    private final StepExecutor messages;
    private final PolicyObserver observer;
    private final AsyncDecisions async;
    private final boolean traced;
    final GuessBrake brake;

    SenderPolicy(SenderPolicyBuilder builder) {
        this.hostname = builder.hostname;
        this.traced = builder.traced;
        this.exemptions = builder.exemptions;
        this.modes = builder.modes;
        this.onTempfail = new EnumMap<>(builder.onTempfail);
        this.checks = new EnumMap<>(builder.checks);
        this.brake = builder.brake();
        SIGNATURES.forEach(step -> checks.computeIfPresent(step, (same, check) -> new BrakedCheck(step, check, brake)));
        this.observer = new GuardedPolicyObserver(builder.observer);
        this.messages = new StepExecutor(builder.deadline, observer, System::nanoTime);
        this.async = new AsyncDecisions(builder.executor, builder.maxPending);
    }

    /**
     * Returns a builder; the policy requires at least one step.
     *
     * @param hostname the name of this host, for {@code Authentication-Results} (RFC 8601 section 2.5)
     * @return a builder
     * @throws IllegalArgumentException if it is not a host name
     */
    public static SenderPolicyBuilder builder(String hostname) {
        return new SenderPolicyBuilder(MailDomain.require(hostname, "hostname"));
    }

    /**
     * Decides on a transaction. Waits for the DNS and for other hosts, never longer than the deadline; call it on a
     * thread that may block.
     *
     * @param transaction the transaction
     * @return the decision
     */
    public Decision decide(Transaction transaction) {
        return decide(transaction, Stage.RCPT_VALIDATED);
    }

    /**
     * Decides on a transaction at a stage, for a server that replies to each command. The policy rejects as soon as no
     * later command could override the rejection by an exemption or by another mode for a sender or a recipient. It never
     * defers before RCPT, since a later step may reject permanently. So the final decision on a recipient is the same
     * whether or not the earlier stages were decided on.
     *
     * @param transaction the transaction; without a {@link Transaction#message} its steps run again at each stage
     * @param reached the stage that the transaction has reached
     * @return the decision; decide again at a later stage on what it does not reject
     * @throws IllegalArgumentException if the stage is {@link Stage#END_OF_MESSAGE}, which requires the content
     */
    public Decision decide(Transaction transaction, Stage reached) {
        if (reached == Stage.END_OF_MESSAGE) {
            throw new IllegalArgumentException(
                    "reached must not be END_OF_MESSAGE: call decide(Transaction, ReceivedMessage)");
        }
        return decide(transaction, reached, () -> run(transaction, reached));
    }

    /**
     * Decides on one recipient at the end of the message, where the decision at RCPT {@linkplain Decision#awaitsContent
     * awaits the content}. Only the steps that check the content run. A message has one reply for all its recipients:
     * reject it if each of them is rejected, else deliver it to the others only, since a bounce has no sender to report
     * to.
     *
     * @param transaction the transaction, with the recipient
     * @param content the classified content; the step {@link Step#DKIM2} requires the bytes of the message, so it is skipped
     * @return the decision on this recipient
     */
    public Decision decide(Transaction transaction, MessageContent content) {
        return decide(transaction, ReceivedMessage.classified(content));
    }

    /**
     * Decides on one recipient at the end of the message, as {@link #decide(Transaction, MessageContent)} does, with all
     * proofs of a bounce: a valid tag or signature in the recipient, our DKIM2 signature over the returned message, and the
     * content. Any one proof accepts; a delivery report without any is rejected if a step that enforces fails. The reason
     * of the decision has the result of each.
     *
     * @param transaction the transaction, with the recipient as it was in RCPT, its tag not stripped
     * @param message the message
     * @return the decision on this recipient
     */
    public Decision decide(Transaction transaction, ReceivedMessage message) {
        return decide(transaction, Stage.END_OF_MESSAGE, () -> run(transaction, message));
    }

    /**
     * Decides on a transaction without a thread that waits, for a server with an event loop.
     *
     * @param transaction the transaction
     * @return the decision; the future never completes exceptionally
     */
    public CompletableFuture<Decision> decideAsync(Transaction transaction) {
        return decideAsync(transaction, Stage.RCPT_VALIDATED);
    }

    /**
     * Decides on a transaction at a stage, as {@link #decide(Transaction, Stage)} does, without a thread that waits. All
     * work is done on the {@linkplain SenderPolicyBuilder#executor executor}, and the future completes there. While the {@linkplain
     * SenderPolicyBuilder#maxPending limit} of decisions is in progress, further ones are deferred at once ({@code 451 4.3.2}; no
     * rejection before RCPT). A decision in progress ends by the deadline at the latest, even if the future is cancelled.
     *
     * @param transaction the transaction
     * @param reached the stage that the transaction has reached
     * @return the decision; the future never completes exceptionally
     * @throws IllegalArgumentException if the stage is {@link Stage#END_OF_MESSAGE}, which requires the content: call {@link
     *     #decide(Transaction, ReceivedMessage)} on a thread that may block
     */
    public CompletableFuture<Decision> decideAsync(Transaction transaction, Stage reached) {
        if (reached == Stage.END_OF_MESSAGE) {
            throw new IllegalArgumentException(
                    "reached must not be END_OF_MESSAGE: call decide(Transaction, ReceivedMessage)");
        }
        Objects.requireNonNull(transaction, "transaction");
        long start = System.nanoTime();
        return exempt(transaction)
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> async.decide(
                        () -> new StepSequence(
                                this,
                                transaction,
                                reached,
                                messages.start(transaction),
                                holdsBounce(transaction),
                                draft()),
                        messages,
                        reached,
                        this::draft))
                .thenApply(decision -> reported(decision, transaction, reached, start));
    }

    private Decision decide(Transaction transaction, Stage reached, Supplier<Decision> steps) {
        long start = System.nanoTime();
        Decision decision = exempt(transaction).orElseGet(steps);
        return reported(decision, transaction, reached, start);
    }

    private Optional<Decision> exempt(Transaction transaction) {
        return exemptions.reason(transaction).map(reason -> draft().exempt(reason));
    }

    private Decision reported(Decision decision, Transaction transaction, Stage reached, long start) {
        if (decision.smtpReply().isPresent() || isLast(reached)) {
            observer.decided(transaction, decision, Duration.ofNanos(System.nanoTime() - start));
        }
        return decision;
    }

    private Decision run(Transaction transaction, ReceivedMessage message) {
        StepExecutor.PolicyRun run = messages.start(transaction);
        DecisionDraft draft = draft();
        checks.forEach((step, check) -> {
            StepMode mode = modes.mode(step, transaction);
            if (mode != StepMode.OFF && exemptions.reason(step, transaction).isEmpty()) {
                run.result(step, check, transaction, message)
                        .ifPresent(result -> draft.record(new StepReport(step, mode, result)));
            }
        });
        return draft.finish(message.content().kind().isBounce(), onTempfail);
    }

    // With DKIM2 enforced, a bounce without a valid tag may still be proven at the end of the message.
    private boolean holdsBounce(Transaction transaction) {
        return checks.get(Step.DKIM2) instanceof Dkim2Check dkim2
                && modes.mode(Step.DKIM2, transaction) == StepMode.ENFORCE
                && exemptions.reason(Step.DKIM2, transaction).isEmpty()
                && dkim2.covers(transaction);
    }

    boolean defers(Step step) {
        return onTempfail.getOrDefault(step, TempfailAction.CONTINUE) == TempfailAction.DEFER;
    }

    private DecisionDraft draft() {
        return new DecisionDraft(hostname, DecisionId.next(), traced);
    }

    /**
     * Records that a message was accepted, at DATA or at its end. A bounce to one of our signed addresses then counts as a
     * use of the signature (SES); bounces over the use limit are rejected from then on. Call it once for a message.
     *
     * @param transaction the transaction, with the bounce's one recipient
     */
    public void accepted(Transaction transaction) {
        if (exemptions.reason(transaction).isPresent()) {
            return;
        }
        checks.forEach((step, check) -> {
            if (modes.mode(step, transaction) != StepMode.OFF
                    && exemptions.reason(step, transaction).isEmpty()) {
                check.accepted(transaction);
            }
        });
    }

    /**
     * Returns the progress of a message, for a server that adds one header field per reply.
     *
     * @param transaction the transaction
     * @return the progress of its message
     */
    public MessageProgress progress(Transaction transaction) {
        return messages.progress(transaction);
    }

    /**
     * Drops the results of a message, for a server that knows that it will not ask about it again. Without this call they are
     * kept until ten minutes have passed or newer messages need the room, and each collection of garbage copies them. A step in
     * progress may put them back.
     *
     * @param transaction the transaction, with its message
     */
    public void ended(Transaction transaction) {
        messages.end(transaction);
    }

    private boolean isLast(Stage reached) {
        return reached.compareTo(Stage.RCPT) >= 0
                && checks.keySet().stream().allMatch(step -> step.stage().compareTo(reached) <= 0);
    }

    private Decision run(Transaction transaction, Stage reached) {
        StepExecutor.PolicyRun run = messages.start(transaction);
        StepSequence steps = new StepSequence(this, transaction, reached, run, holdsBounce(transaction), draft());
        for (StepExecutor.PendingResult next = steps.next(); next != null; next = steps.next()) {
            steps.add(run.await(next));
        }
        return steps.decision();
    }
}
