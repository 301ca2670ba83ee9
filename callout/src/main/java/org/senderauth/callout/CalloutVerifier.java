package org.senderauth.callout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutResult.Source;
import org.senderauth.callout.probe.Prober;
import org.senderauth.callout.probe.TargetReply;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.HostKeys;
import org.senderauth.callout.state.InMemoryCalloutState;
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

    /** By how many times the budget of a large provider's domain is multiplied. */
    public static final int LARGE_PROVIDER_BOOST = 10;

    /** The same for hosts that this site has named itself to ask about recipients. */
    private static final int CALLFORWARD_BOOST = 100;

    private static final String SENDER_KEYS = "s";
    private static final String RECIPIENT_KEYS = "r";

    private final Gates gates;
    private final Replies replies;
    private final Set<String> largeProviders;
    private final Map<String, List<InetSocketAddress>> callforward;
    private final @Nullable DnsBlockList blockList;
    private final Inquiry.Way way;
    private final @Nullable ExecutorService ownExecutor;

    private CalloutVerifier(Builder builder) {
        this.gates = new Gates(
                Set.copyOf(builder.ownDomains), builder.exemptSenders, builder.exemptClients, builder.addressLiterals);
        this.replies = new Replies(builder.replies, builder.trial, builder.exposingDetails);
        this.largeProviders = Set.copyOf(builder.largeProviders);
        this.callforward = Map.copyOf(builder.callforward);
        this.blockList = builder.blockList;
        this.ownExecutor = builder.executor == null ? ProbeThreads.newExecutor() : null;
        Executor executor = builder.executor == null ? ownExecutor : builder.executor;
        CalloutState state =
                builder.state == null ? InMemoryCalloutState.create(builder.limits, builder.clock) : builder.state;
        CalloutObserver observer = new GuardedObserver(builder.observer);
        this.way = new Inquiry.Way(
                state,
                new Probing(
                        builder.prober,
                        state,
                        new Remembering(builder.limits, builder.random),
                        builder.clock,
                        executor,
                        observer,
                        builder.limits),
                builder.clock,
                builder.timer == null ? CalloutTimer.of(executor) : builder.timer,
                observer,
                builder.limits.callerWait());
    }

    /**
     * Starts a verifier.
     *
     * @param prober asks mail servers
     * @return a builder
     */
    public static Builder builder(Prober prober) {
        return new Builder(prober);
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
        return new Inquiry(
                        way,
                        address,
                        request.client(),
                        List.of(),
                        question(SENDER_KEYS, address, request.client(), preferred),
                        senderResults())
                .begin();
    }

    private Inquiry.Results senderResults() {
        return (reason, source, known, probe) -> {
            TargetReply target = known != null ? known.reply() : probe != null ? probe.reply() : null;
            Instant since = known != null ? known.since() : way.clock().instant();
            return new CalloutResult(reason, source, since, replies.forSender(reason, target), target, probe);
        };
    }

    private CalloutResult closed(CalloutReason reason) {
        return senderResults().result(reason, Source.GATE, null, null);
    }

    /**
     * Finds out whether a host that this site has named takes mail for a recipient ("callforward"): for a gateway that
     * does not hold the list of recipients itself.
     *
     * @param recipient the recipient, at a domain that {@link Builder#callforward} has hosts for
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
        Inquiry.Results results = (reason, source, known, probe) -> {
            TargetReply target = known != null ? known.reply() : probe != null ? probe.reply() : null;
            Instant since = known != null ? known.since() : way.clock().instant();
            return new CalloutResult(reason, source, since, replies.forRecipient(reason, target), target, probe);
        };
        Question question = question(RECIPIENT_KEYS, recipient, client, true);
        return answered(way.clock().instant(), new Inquiry(way, recipient, client, hosts, question, results).begin());
    }

    private Question question(String kind, MailAddress address, InetAddress client, boolean preferred) {
        AddressKeys keys = AddressKeys.of(kind, address);
        String domain = address.domain().toLowerCase(Locale.ROOT);
        String registrable = address.isAddressLiteral() ? domain : RegistrableDomain.of(domain);
        int boost = kind.equals(RECIPIENT_KEYS)
                ? CALLFORWARD_BOOST
                : largeProviders.contains(registrable) ? LARGE_PROVIDER_BOOST : 1;
        return new Question(
                keys.exact(),
                keys.base(),
                keys.pattern(),
                kind + ":" + domain,
                kind + ":" + registrable,
                HostKeys.budget(client),
                preferred,
                boost,
                true);
    }

    private CompletableFuture<CalloutResult> answered(Instant asked, CompletableFuture<CalloutResult> answer) {
        return answer.whenComplete((result, failure) -> {
            if (result != null) {
                way.observer()
                        .answered(result, Duration.between(asked, way.clock().instant()));
            }
        });
    }

    /** Lets running probes end and starts no more, if the threads are this verifier's own; else does nothing. */
    @Override
    public void close() {
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
    }

    /** Collects the settings of a verifier. Not thread-safe. */
    public static final class Builder {

        private final Prober prober;
        private CalloutLimits limits = CalloutLimits.DEFAULT;
        private @Nullable CalloutState state;
        private InstantSource clock = InstantSource.system();
        private RandomGenerator random = new SecureRandom();
        private @Nullable Executor executor;
        private @Nullable CalloutTimer timer;
        private CalloutObserver observer = CalloutObserver.NONE;
        private final Set<String> ownDomains = new HashSet<>();
        private final Set<String> largeProviders = new HashSet<>();
        private Predicate<MailAddress> exemptSenders = address -> false;
        private Predicate<InetAddress> exemptClients = client -> false;
        private boolean addressLiterals;
        private final Map<CalloutReason, Optional<SmtpReply>> replies = new EnumMap<>(CalloutReason.class);
        private boolean trial;
        private boolean exposingDetails;
        private final Map<String, List<InetSocketAddress>> callforward = new HashMap<>();
        private @Nullable DnsBlockList blockList;

        private Builder(Prober prober) {
            this.prober = prober;
        }

        /**
         * Sets the limits; {@link CalloutLimits#DEFAULT} if they are not set.
         *
         * @param limits the limits; a state that is set has its own, which should be the same
         * @return this
         */
        public Builder limits(CalloutLimits limits) {
            this.limits = limits;
            return this;
        }

        /**
         * Sets what is remembered and shared; one in memory if it is not set.
         *
         * @param state the state
         * @return this
         */
        public Builder state(CalloutState state) {
            this.state = state;
            return this;
        }

        /**
         * Sets the clock; the system's if it is not set.
         *
         * @param clock the clock
         * @return this
         */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Sets the randomness that varies the times of what is remembered; secure if it is not set.
         *
         * @param random a thread-safe generator
         * @return this
         */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * Sets the threads that probes run on. If they are not set, probes run on virtual threads where the JVM has
         * them, else on daemon threads, and {@link CalloutVerifier#close} ends those.
         *
         * @param executor the threads; they should not queue probes, which wait most of their time
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /**
         * Sets the timer that ends the caller's wait; the JDK's if it is not set.
         *
         * @param timer the timer
         * @return this
         */
        public Builder timer(CalloutTimer timer) {
            this.timer = timer;
            return this;
        }

        /**
         * Sets who watches; nobody if it is not set.
         *
         * @param observer the observer
         * @return this
         */
        public Builder observer(CalloutObserver observer) {
            this.observer = observer;
            return this;
        }

        /**
         * Adds domains whose mailboxes are here: their senders are not asked about.
         *
         * @param domains the domains; the names below them are others
         * @return this
         */
        public Builder ownDomains(Collection<String> domains) {
            domains.forEach(domain -> ownDomains.add(domain.toLowerCase(Locale.ROOT)));
            return this;
        }

        /**
         * Sets which senders are never asked about, beside postmasters and own domains.
         *
         * @param exempt true for those
         * @return this
         */
        public Builder exemptSenders(Predicate<MailAddress> exempt) {
            this.exemptSenders = exempt;
            return this;
        }

        /**
         * Sets which clients' senders are never asked about.
         *
         * @param exempt true for those
         * @return this
         */
        public Builder exemptClients(Predicate<InetAddress> exempt) {
            this.exemptClients = exempt;
            return this;
        }

        /**
         * Asks about addresses such as {@code user@[192.0.2.1]} as well.
         *
         * @return this
         */
        public Builder askAddressLiterals() {
            this.addressLiterals = true;
            return this;
        }

        /**
         * Adds registrable domains with a great many genuine senders: {@value #LARGE_PROVIDER_BOOST} times the budget.
         * What one of their mail servers is asked stays the same.
         *
         * @param domains registrable domains
         * @return this
         */
        public Builder largeProviders(Collection<String> domains) {
            domains.forEach(domain -> largeProviders.add(domain.toLowerCase(Locale.ROOT)));
            return this;
        }

        /**
         * Looks clients up in DNS block lists first, and asks nothing for those that are listed.
         *
         * @param blockList the lists
         * @return this
         */
        public Builder blockList(DnsBlockList blockList) {
            this.blockList = blockList;
            return this;
        }

        /**
         * Sets the reply that is suggested for a reason.
         *
         * @param reason the reason
         * @param reply the reply
         * @return this
         * @throws IllegalArgumentException if a permanent reply is set for an undecided reason; only a mail server that
         *     refuses the null sender may be punished so, since a bounce cannot be returned to it
         */
        public Builder reply(CalloutReason reason, SmtpReply reply) {
            boolean mayBePermanent =
                    reason.verdict() == CalloutVerdict.UNDELIVERABLE || reason == CalloutReason.NULL_SENDER_REFUSED;
            if (reply.isPermanent() && !mayBePermanent) {
                throw new IllegalArgumentException(
                        reason + " says nothing final about the sender: set a 4yz reply, or passOn(...)");
            }
            replies.put(reason, Optional.of(reply));
            return this;
        }

        /**
         * Suggests no reply for a reason: the mail passes on to the other checks.
         *
         * @param reason the reason
         * @return this
         */
        public Builder passOn(CalloutReason reason) {
            replies.put(reason, Optional.empty());
            return this;
        }

        /**
         * Suggests 450 wherever a permanent reply would be suggested, for a time of trial.
         *
         * @return this
         */
        public Builder trial() {
            this.trial = true;
            return this;
        }

        /**
         * Adds the words of the mail server that was asked to the suggested replies. They help an honest sender, and tell
         * a dishonest one what he wants to know.
         *
         * @return this
         */
        public Builder exposeDetails() {
            this.exposingDetails = true;
            return this;
        }

        /**
         * Lets {@link CalloutVerifier#verifyRecipient} ask these hosts about the recipients of a domain.
         *
         * @param domain a domain of this site
         * @param hosts the hosts that hold its mailboxes, in the order in which to ask them
         * @return this
         * @throws IllegalArgumentException if there are no hosts
         */
        public Builder callforward(String domain, List<InetSocketAddress> hosts) {
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("callforward for " + domain + " needs at least one host");
            }
            callforward.put(domain.toLowerCase(Locale.ROOT), List.copyOf(hosts));
            return this;
        }

        /**
         * Makes the verifier.
         *
         * @return the verifier
         */
        public CalloutVerifier build() {
            return new CalloutVerifier(this);
        }
    }
}
