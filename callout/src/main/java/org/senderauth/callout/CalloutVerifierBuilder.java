package org.senderauth.callout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.probe.Prober;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.InMemoryCalloutState;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/** Collects the settings of a verifier. Not thread-safe. */
public final class CalloutVerifierBuilder {

    /** By how many times the budget of a large provider's domain is multiplied. */
    public static final int LARGE_PROVIDER_BOOST = 10;

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

    CalloutVerifierBuilder(Prober prober) {
        this.prober = prober;
    }

    /**
     * Sets the limits; {@link CalloutLimits#DEFAULT} if they are not set.
     *
     * @param limits the limits; a state that is set has its own, which should be the same
     * @return this
     */
    public CalloutVerifierBuilder limits(CalloutLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    /**
     * Sets what is remembered and shared; one in memory if it is not set.
     *
     * @param state the state
     * @return this
     */
    public CalloutVerifierBuilder state(CalloutState state) {
        this.state = Objects.requireNonNull(state, "state");
        return this;
    }

    /**
     * Sets the clock; the system's if it is not set.
     *
     * @param clock the clock
     * @return this
     */
    public CalloutVerifierBuilder clock(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Sets the randomness that varies the times of what is remembered; secure if it is not set.
     *
     * @param random a thread-safe generator
     * @return this
     */
    public CalloutVerifierBuilder random(RandomGenerator random) {
        this.random = Objects.requireNonNull(random, "random");
        return this;
    }

    /**
     * Sets the threads that probes run on. If they are not set, probes run on virtual threads where the JVM has
     * them, else on daemon threads, and {@link CalloutVerifier#close} ends those.
     *
     * @param executor the threads; they should not queue probes, which wait most of their time
     * @return this
     */
    public CalloutVerifierBuilder executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the timer that ends the caller's wait; the JDK's if it is not set.
     *
     * @param timer the timer
     * @return this
     */
    public CalloutVerifierBuilder timer(CalloutTimer timer) {
        this.timer = Objects.requireNonNull(timer, "timer");
        return this;
    }

    /**
     * Sets who watches; nobody if it is not set.
     *
     * @param observer the observer
     * @return this
     */
    public CalloutVerifierBuilder observer(CalloutObserver observer) {
        this.observer = Objects.requireNonNull(observer, "observer");
        return this;
    }

    /**
     * Adds domains whose mailboxes are here: their senders are not asked about.
     *
     * @param domains the domains; the names below them are others
     * @return this
     */
    public CalloutVerifierBuilder ownDomains(Collection<String> domains) {
        domains.forEach(domain -> ownDomains.add(domain.toLowerCase(Locale.ROOT)));
        return this;
    }

    /**
     * Sets which senders are never asked about, beside postmasters and own domains.
     *
     * @param exempt true for those
     * @return this
     */
    public CalloutVerifierBuilder exemptSenders(Predicate<MailAddress> exempt) {
        this.exemptSenders = Objects.requireNonNull(exempt, "exempt");
        return this;
    }

    /**
     * Sets which clients' senders are never asked about.
     *
     * @param exempt true for those
     * @return this
     */
    public CalloutVerifierBuilder exemptClients(Predicate<InetAddress> exempt) {
        this.exemptClients = Objects.requireNonNull(exempt, "exempt");
        return this;
    }

    /**
     * Asks about addresses such as {@code user@[192.0.2.1]} as well.
     *
     * @return this
     */
    public CalloutVerifierBuilder askAddressLiterals() {
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
    public CalloutVerifierBuilder largeProviders(Collection<String> domains) {
        domains.forEach(domain -> largeProviders.add(domain.toLowerCase(Locale.ROOT)));
        return this;
    }

    /**
     * Looks clients up in DNS block lists first, and asks nothing for those that are listed.
     *
     * @param blockList the lists
     * @return this
     */
    public CalloutVerifierBuilder blockList(DnsBlockList blockList) {
        this.blockList = Objects.requireNonNull(blockList, "blockList");
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
    public CalloutVerifierBuilder reply(CalloutReason reason, SmtpReply reply) {
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
    public CalloutVerifierBuilder passOn(CalloutReason reason) {
        replies.put(Objects.requireNonNull(reason, "reason"), Optional.empty());
        return this;
    }

    /**
     * Suggests 450 wherever a permanent reply would be suggested, for a time of trial.
     *
     * @return this
     */
    public CalloutVerifierBuilder trial() {
        this.trial = true;
        return this;
    }

    /**
     * Adds the words of the mail server that was asked to the suggested replies. They help an honest sender, and tell
     * a dishonest one what he wants to know.
     *
     * @return this
     */
    public CalloutVerifierBuilder exposeDetails() {
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
    public CalloutVerifierBuilder callforward(String domain, List<InetSocketAddress> hosts) {
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
        ExecutorService ownExecutor = executor == null ? ProbeThreads.newExecutor() : null;
        Executor threads = executor == null ? ownExecutor : executor;
        CalloutState memory = state == null ? InMemoryCalloutState.create(limits, clock) : state;
        CalloutObserver guarded = new GuardedObserver(observer);
        Probing probing = new Probing(prober, memory, new Remembering(limits, random), clock, threads, guarded, limits);
        return new CalloutVerifier(
                new Gates(Set.copyOf(ownDomains), exemptSenders, exemptClients, addressLiterals),
                blockList,
                new Questions(Set.copyOf(largeProviders)),
                new Inquiry.Way(
                        memory,
                        probing,
                        clock,
                        timer == null ? CalloutTimer.of(threads) : timer,
                        guarded,
                        limits.callerWait()),
                new Replies(replies, trial, exposingDetails),
                Map.copyOf(callforward),
                ownExecutor);
    }
}
