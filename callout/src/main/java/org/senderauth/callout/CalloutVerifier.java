package org.senderauth.callout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutResult.Source;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.prober.Prober;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DomainNames;

/**
 * Verifies that a sender accepts bounces by probing its MX hosts; caches results and rate-limits probes. Immutable and
 * thread-safe; one instance serves a whole mail server.
 *
 * <p>A result comes within {@link CalloutLimits#responseTimeout}. A probe that takes longer continues, and its result is
 * cached for the client's next attempt. There is no queue: over a rate limit the result is {@link
 * CalloutVerdict#UNDECIDED} at once.
 */
public final class CalloutVerifier implements AutoCloseable {

    private final Prechecks gates;
    private final @Nullable DnsBlockList blockList;
    private final CacheKeyFactory questions;
    private final VerificationTask.Way way;
    private final ReplyPolicy replies;
    private final DeferredSenders deferred;
    private final Map<String, List<InetSocketAddress>> callforward;
    private final @Nullable ExecutorService ownExecutor;

    CalloutVerifier(
            Prechecks gates,
            @Nullable DnsBlockList blockList,
            CacheKeyFactory questions,
            VerificationTask.Way way,
            ReplyPolicy replies,
            DeferredSenders deferred,
            Map<String, List<InetSocketAddress>> callforward,
            @Nullable ExecutorService ownExecutor) {
        this.gates = gates;
        this.blockList = blockList;
        this.questions = questions;
        this.way = way;
        this.replies = replies;
        this.deferred = deferred;
        this.callforward = callforward;
        this.ownExecutor = ownExecutor;
    }

    /**
     * Returns a builder.
     *
     * @param prober probes mail servers, such as an {@link org.senderauth.callout.probe.SmtpProber}
     * @return a builder
     */
    public static CalloutVerifierBuilder builder(Prober prober) {
        return new CalloutVerifierBuilder(Objects.requireNonNull(prober, "prober"));
    }

    /**
     * Verifies the sender of a mail.
     *
     * @param request the request
     * @return the result; the future never completes exceptionally. Where this verifier is closed, or its state, its
     *     prober or its threads fail, the reason is {@link CalloutReason#UNAVAILABLE}
     */
    public CompletableFuture<CalloutResult> verifyAsync(CalloutRequest request) {
        Objects.requireNonNull(request, "request");
        return answered(() -> start(request));
    }

    private CompletableFuture<CalloutResult> start(CalloutRequest request) {
        Prechecks.Passage passage = gates.pass(request);
        if (passage.closed().isPresent()) {
            return CompletableFuture.completedFuture(closed(passage.closed().get()));
        }
        MailAddress address = passage.address().orElseThrow();
        if (blockList == null) {
            return ask(request, address);
        }
        CompletableFuture<CalloutResult> answer = blockList
                .lookUp(request.client())
                .thenCompose(listing -> listing.isPresent()
                        ? CompletableFuture.completedFuture(closed(CalloutReason.NOT_NEEDED))
                        : ask(request, address))
                .toCompletableFuture();
        if (!answer.isDone()) {
            way.timer().after(way.responseTimeout(), () -> {
                if (!answer.isDone()) {
                    answer.complete(
                            results(forSender(address)).result(CalloutReason.IN_PROGRESS, Source.PRECHECK, null, null));
                }
            });
        }
        return answer;
    }

    private CompletableFuture<CalloutResult> ask(CalloutRequest request, MailAddress address) {
        boolean preferred = request.spf() == CalloutRequest.Spf.PASS;
        AdmissionRequest question = questions.ofSender(address, request.client(), preferred);
        return new VerificationTask(way, address, request.client(), List.of(), question, results(forSender(address)))
                .begin();
    }

    private CalloutResult closed(CalloutReason reason) {
        return results(replies::forSender).result(reason, Source.PRECHECK, null, null);
    }

    private BiFunction<CalloutReason, @Nullable TargetReply, @Nullable SmtpReply> forSender(MailAddress sender) {
        return (reason, target) -> deferred.limited(sender, reason, replies.forSender(reason, target));
    }

    /** Results with the suggested reply for a reason and the reply of the probed mail server. */
    private VerificationTask.Results results(
            BiFunction<CalloutReason, @Nullable TargetReply, @Nullable SmtpReply> suggested) {
        return (reason, source, known, probe, limiter) -> {
            TargetReply target = known != null ? known.reply() : probe != null ? probe.reply() : null;
            Instant since = known != null ? known.since() : way.clock().instant();
            Instant date = since.plus(way.clock().offsetOf(way.wallClock()));
            return CalloutResult.builder(reason, source, date)
                    .smtpReply(suggested.apply(reason, target))
                    .targetReply(target)
                    .probe(probe)
                    .limiter(limiter)
                    .build();
        };
    }

    /**
     * Verifies a recipient at the configured hosts of its domain ("callforward"), for a gateway without a list of
     * recipients.
     *
     * @param recipient the recipient, at a domain that {@link CalloutVerifierBuilder#callforward} has hosts for
     * @param client the client whose mail it is
     * @return the result, with a reply for a recipient; the future never completes exceptionally
     * @throws IllegalArgumentException if there are no hosts for the domain: recipients elsewhere are never probed
     */
    public CompletableFuture<CalloutResult> verifyRecipientAsync(MailAddress recipient, InetAddress client) {
        List<InetSocketAddress> hosts = callforward.get(DomainNames.canonical(recipient.domain()));
        if (hosts == null) {
            throw new IllegalArgumentException(
                    "recipient must be at a domain of callforward(...), was at " + recipient.domain());
        }
        AdmissionRequest question = questions.ofRecipient(recipient, client);
        return answered(() ->
                new VerificationTask(way, recipient, client, hosts, question, results(replies::forRecipient)).begin());
    }

    /**
     * {@return whether recipients of a domain can be verified: whether {@link CalloutVerifierBuilder#callforward} has hosts
     * for it}
     *
     * @param domain a domain name, case-insensitive
     */
    public boolean hasCallforward(String domain) {
        return callforward.containsKey(DomainNames.canonical(domain));
    }

    /**
     * Verifies the sender of a mail, and waits for the result: {@link CalloutLimits#responseTimeout} at most.
     *
     * @param request the mail
     * @return the result
     */
    public CalloutResult verify(CalloutRequest request) {
        return verifyAsync(request).join();
    }

    /**
     * Verifies a recipient, and waits for the result.
     *
     * @param recipient the recipient, at a domain that {@link CalloutVerifierBuilder#callforward} has hosts for
     * @param client the client whose mail it is
     * @return the result
     * @throws IllegalArgumentException if there are no hosts for the domain
     */
    public CalloutResult verifyRecipient(MailAddress recipient, InetAddress client) {
        return verifyRecipientAsync(recipient, client).join();
    }

    private CompletableFuture<CalloutResult> answered(Supplier<CompletableFuture<CalloutResult>> request) {
        Instant asked = way.clock().instant();
        CompletableFuture<CalloutResult> answer;
        try {
            answer = request.get();
        } catch (RuntimeException | OutOfMemoryError e) {
            // OutOfMemoryError: the system gives no more threads.
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(this::unavailable).thenApply(result -> {
            way.observer().answered(result, Duration.between(asked, way.clock().instant()));
            return result;
        });
    }

    private CalloutResult unavailable(Throwable failure) {
        Throwable cause = failure.getCause();
        Instant now = way.clock().instant().plus(way.clock().offsetOf(way.wallClock()));
        return CalloutResult.builder(CalloutReason.UNAVAILABLE, Source.PRECHECK, now)
                .failure(failure instanceof CompletionException && cause != null ? cause : failure)
                .build();
    }

    /**
     * Starts no more probes and lets those in progress end, if the threads are this verifier's own; else does nothing. The
     * reason of a request that needs a probe is then {@link CalloutReason#UNAVAILABLE}.
     */
    @Override
    public void close() {
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
    }
}
