package org.senderauth.callout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutResult.Source;
import org.senderauth.callout.probe.Prober;
import org.senderauth.callout.probe.TargetReply;
import org.senderauth.callout.state.Question;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/**
 * Finds out whether a bounce could be delivered to the sender of a mail, by asking the sender's mail server, and as
 * seldom as possible. Immutable and thread-safe; one serves a whole mail server.
 *
 * <p>An answer is there within {@link CalloutLimits#callerWait}. A probe that takes longer goes on behind and is
 * remembered, so that the client's next try finds an answer. Nothing queues: where a budget is used up, the answer is
 * at once {@link CalloutVerdict#UNDECIDED}.
 */
public final class CalloutVerifier implements AutoCloseable {

    private final Gates gates;
    private final @Nullable DnsBlockList blockList;
    private final Questions questions;
    private final Inquiry.Way way;
    private final Replies replies;
    private final Map<String, List<InetSocketAddress>> callforward;
    private final @Nullable ExecutorService ownExecutor;

    CalloutVerifier(
            Gates gates,
            @Nullable DnsBlockList blockList,
            Questions questions,
            Inquiry.Way way,
            Replies replies,
            Map<String, List<InetSocketAddress>> callforward,
            @Nullable ExecutorService ownExecutor) {
        this.gates = gates;
        this.blockList = blockList;
        this.questions = questions;
        this.way = way;
        this.replies = replies;
        this.callforward = callforward;
        this.ownExecutor = ownExecutor;
    }

    /**
     * Starts a verifier.
     *
     * @param prober asks mail servers
     * @return a builder
     */
    public static CalloutVerifierBuilder builder(Prober prober) {
        return new CalloutVerifierBuilder(Objects.requireNonNull(prober, "prober"));
    }

    /**
     * Finds out about the sender of a mail.
     *
     * @param request the mail
     * @return the answer; exceptionally only where the prober, the state or the executor fails, never for anything that
     *     comes from the network
     */
    public CompletableFuture<CalloutResult> verify(CalloutRequest request) {
        Instant asked = way.clock().instant();
        Gates.Passage passage = gates.pass(request);
        if (passage.closed().isPresent()) {
            return answered(
                    asked,
                    CompletableFuture.completedFuture(closed(passage.closed().get())));
        }
        MailAddress address = passage.address().orElseThrow();
        if (blockList == null) {
            return answered(asked, ask(request, address));
        }
        CompletableFuture<CalloutResult> answer = blockList
                .lookUp(request.client())
                .thenCompose(listing -> listing.isPresent()
                        ? CompletableFuture.completedFuture(closed(CalloutReason.DECIDED_EARLIER))
                        : ask(request, address))
                .toCompletableFuture();
        if (!answer.isDone()) {
            way.timer().after(way.callerWait(), () -> answer.complete(closed(CalloutReason.IN_PROGRESS)));
        }
        return answered(asked, answer);
    }

    private CompletableFuture<CalloutResult> ask(CalloutRequest request, MailAddress address) {
        boolean preferred = request.spf() == CalloutRequest.Spf.PASS;
        Question question = questions.ofSender(address, request.client(), preferred);
        return new Inquiry(way, address, request.client(), List.of(), question, results(replies::forSender)).begin();
    }

    private CalloutResult closed(CalloutReason reason) {
        return results(replies::forSender).result(reason, Source.GATE, null, null);
    }

    /** Results with the reply that is suggested for a reason and what the asked mail server said. */
    private Inquiry.Results results(BiFunction<CalloutReason, @Nullable TargetReply, @Nullable SmtpReply> suggested) {
        return (reason, source, known, probe) -> {
            TargetReply target = known != null ? known.reply() : probe != null ? probe.reply() : null;
            Instant since = known != null ? known.since() : way.clock().instant();
            return new CalloutResult(reason, source, since, suggested.apply(reason, target), target, probe);
        };
    }

    /**
     * Finds out whether a host that this site has named takes mail for a recipient ("callforward"): for a gateway that
     * does not hold the list of recipients itself.
     *
     * @param recipient the recipient, at a domain that {@link CalloutVerifierBuilder#callforward} has hosts for
     * @param client the client whose mail it is
     * @return the answer, as for a sender; its suggested reply speaks of a recipient
     * @throws IllegalArgumentException if there are no hosts for the domain: recipients elsewhere are never asked about
     */
    public CompletableFuture<CalloutResult> verifyRecipient(MailAddress recipient, InetAddress client) {
        List<InetSocketAddress> hosts = callforward.get(recipient.domain().toLowerCase(Locale.ROOT));
        if (hosts == null) {
            throw new IllegalArgumentException(
                    "recipients are asked about only at domains given to callforward(...), and not at "
                            + recipient.domain());
        }
        Question question = questions.ofRecipient(recipient, client);
        Inquiry inquiry = new Inquiry(way, recipient, client, hosts, question, results(replies::forRecipient));
        return answered(way.clock().instant(), inquiry.begin());
    }

    private CompletableFuture<CalloutResult> answered(Instant asked, CompletableFuture<CalloutResult> answer) {
        return answer.whenComplete((result, failure) -> {
            if (result != null) {
                way.observer()
                        .answered(result, Duration.between(asked, way.clock().instant()));
            }
        });
    }

    /**
     * Lets running probes end and starts no more, if the threads are this verifier's own; else does nothing. What would
     * need a probe is then answered with {@link java.util.concurrent.RejectedExecutionException}.
     */
    @Override
    public void close() {
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
    }
}
