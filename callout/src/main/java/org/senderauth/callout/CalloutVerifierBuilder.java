package org.senderauth.callout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.prober.Prober;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MailDomain;
import org.senderauth.core.MonotonicClock;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DomainNames;

/** Collects the settings of a verifier. Not thread-safe. */
public final class CalloutVerifierBuilder {

    /** The factor of the rate limit for domains of large providers. */
    public static final int HIGH_VOLUME_BOOST = 10;

    private final Prober prober;
    private CalloutLimits limits = CalloutLimits.DEFAULT;
    private @Nullable CalloutState state;
    private InstantSource clock = InstantSource.system();
    private MonotonicClock monotonicClock = MonotonicClock.system();
    private RandomGenerator random = new SecureRandom();
    private @Nullable Executor executor;
    private @Nullable Scheduler timer;
    private CalloutObserver observer = CalloutObserver.NONE;
    private final Set<String> ownDomains = new HashSet<>();
    private final Set<String> highVolumeDomains = new HashSet<>();
    private Predicate<MailAddress> exemptSenders = address -> false;
    private Predicate<InetAddress> exemptClients = client -> false;
    private boolean addressLiterals;
    private final Map<CalloutReason, Optional<SmtpReply>> replies = new EnumMap<>(CalloutReason.class);
    private boolean trial;
    private Duration maxDeferral = Duration.ofDays(1);
    private boolean exposingDetails;
    private final Map<String, List<InetSocketAddress>> callforward = new HashMap<>();
    private @Nullable DnsBlockList blockList;

    CalloutVerifierBuilder(Prober prober) {
        this.prober = prober;
    }

    /**
     * Sets the limits; {@link CalloutLimits#DEFAULT} by default.
     *
     * @param limits the limits; a state that is set has its own, which should be the same
     */
    public CalloutVerifierBuilder limits(CalloutLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    /**
     * Sets the caches and limits; in memory by default.
     *
     * @param state an {@link InMemoryCalloutState}, or the {@code RedisCalloutState} that several hosts share
     */
    @SuppressWarnings("exports") // Only our own modules write another state.
    public CalloutVerifierBuilder state(CalloutState state) {
        this.state = Objects.requireNonNull(state, "state");
        return this;
    }

    /**
     * Sets the wall clock, which dates results and reports; the system clock by default.
     *
     * @param clock the clock
     */
    public CalloutVerifierBuilder clock(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Sets the clock for all lifetimes; {@link MonotonicClock#system} by default. A {@link #state} must use the same one.
     *
     * @param clock the clock
     */
    public CalloutVerifierBuilder monotonicClock(MonotonicClock clock) {
        this.monotonicClock = Objects.requireNonNull(clock, "monotonicClock");
        return this;
    }

    /**
     * Sets the randomness that varies cache times; secure by default.
     *
     * @param random a thread-safe generator
     */
    public CalloutVerifierBuilder random(RandomGenerator random) {
        this.random = Objects.requireNonNull(random, "random");
        return this;
    }

    /**
     * Sets the threads for probes. By default these are virtual threads where the JVM has them, else daemon threads, and
     * {@link CalloutVerifier#close} ends them.
     *
     * @param executor the threads; they should not queue probes, which wait most of the time
     */
    public CalloutVerifierBuilder executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the timer that ends the caller's wait; the JDK's by default.
     *
     * @param timer the timer
     */
    public CalloutVerifierBuilder timer(Scheduler timer) {
        this.timer = Objects.requireNonNull(timer, "timer");
        return this;
    }

    /**
     * Sets the observer; none by default.
     *
     * @param observer the observer
     */
    public CalloutVerifierBuilder observer(CalloutObserver observer) {
        this.observer = Objects.requireNonNull(observer, "observer");
        return this;
    }

    /**
     * Adds our own domains, whose senders are not probed.
     *
     * @param domains the domains, without their subdomains, in A-labels or U-labels
     */
    public CalloutVerifierBuilder ownDomains(Collection<String> domains) {
        Objects.requireNonNull(domains, "domains").forEach(domain -> ownDomains.add(canonical(domain, "ownDomains")));
        return this;
    }

    /**
     * Sets which senders are never probed, in addition to postmasters and own domains.
     *
     * @param exempt true for those
     */
    public CalloutVerifierBuilder exemptSenders(Predicate<MailAddress> exempt) {
        this.exemptSenders = Objects.requireNonNull(exempt, "exempt");
        return this;
    }

    /**
     * Sets the clients whose senders are never probed.
     *
     * @param exempt true for those
     */
    public CalloutVerifierBuilder exemptClients(Predicate<InetAddress> exempt) {
        this.exemptClients = Objects.requireNonNull(exempt, "exempt");
        return this;
    }

    /**
     * Sets whether addresses such as {@code user@[192.0.2.1]} are probed (default: false, {@link
     * CalloutReason#ADDRESS_LITERAL}).
     */
    public CalloutVerifierBuilder probeAddressLiterals(boolean probeAddressLiterals) {
        this.addressLiterals = probeAddressLiterals;
        return this;
    }

    /**
     * Adds registrable domains with many genuine senders: their rate limit is {@value #HIGH_VOLUME_BOOST} times as high.
     * The limits of their mail servers stay the same.
     *
     * @param domains registrable domains
     */
    public CalloutVerifierBuilder highVolumeDomains(Collection<String> domains) {
        Objects.requireNonNull(domains, "domains")
                .forEach(domain -> highVolumeDomains.add(canonical(domain, "highVolumeDomains")));
        return this;
    }

    private static String canonical(String domain, String parameter) {
        return DomainNames.canonical(MailDomain.require(domain, parameter));
    }

    /**
     * Sets DNS block lists that are looked up first. A listed client causes no probe.
     *
     * @param blockList the lists
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
     * @throws IllegalArgumentException if a permanent reply is set for an undecided reason, except for a mail server that
     *     rejects the null sender, since a bounce cannot be returned to it
     */
    public CalloutVerifierBuilder reply(CalloutReason reason, SmtpReply reply) {
        boolean mayBePermanent = Objects.requireNonNull(reason, "reason").allowsRejection();
        if (Objects.requireNonNull(reply, "reply").isPermanent() && !mayBePermanent) {
            throw new IllegalArgumentException(
                    reason + " does not determine the sender: set a 4yz reply, or noReply(...)");
        }
        replies.put(reason, Optional.of(reply));
        return this;
    }

    /**
     * Suggests no reply for a reason: the mail continues to the other checks.
     *
     * @param reason the reason
     */
    public CalloutVerifierBuilder noReply(CalloutReason reason) {
        replies.put(Objects.requireNonNull(reason, "reason"), Optional.empty());
        return this;
    }

    /**
     * Sets how long an undecided sender is deferred, counted from the first deferral. After that no reply is suggested and
     * the mail continues unverified, until its server decides. An MTA gives up after four or five days (RFC 5321 section
     * 4.5.4.1). The default is one day. Counted in this process alone, for at most {@link CalloutLimits#cacheSize} senders.
     *
     * @param limit how long; zero to defer nothing
     * @throws IllegalArgumentException if the limit is negative
     */
    public CalloutVerifierBuilder maxDeferral(Duration limit) {
        if (Objects.requireNonNull(limit, "maxDeferral").isNegative()) {
            throw new IllegalArgumentException("maxDeferral must not be negative, was " + limit);
        }
        this.maxDeferral = limit;
        return this;
    }

    /**
     * Sets whether 450 is suggested wherever a permanent reply would be (default: false), as Postfix's {@code
     * unverified_sender_reject_code = 450}.
     */
    public CalloutVerifierBuilder temporaryRejects(boolean temporaryRejects) {
        this.trial = temporaryRejects;
        return this;
    }

    /**
     * Sets whether suggested replies contain the reply text of the probed mail server (default: false). It helps a
     * genuine sender, and a spammer as well.
     */
    public CalloutVerifierBuilder exposeReplyText(boolean exposeReplyText) {
        this.exposingDetails = exposeReplyText;
        return this;
    }

    /**
     * Sets the hosts at which {@link CalloutVerifier#verifyRecipient} verifies the recipients of a domain.
     *
     * @param domain one of our domains
     * @param hosts the hosts with its mailboxes, in the order in which they are tried
     * @throws IllegalArgumentException if there are no hosts, or one is not resolved to an address
     */
    public CalloutVerifierBuilder callforward(String domain, List<InetSocketAddress> hosts) {
        if (Objects.requireNonNull(hosts, "hosts").isEmpty()) {
            throw new IllegalArgumentException("hosts must not be empty for " + domain);
        }
        for (InetSocketAddress host : hosts) {
            if (host.isUnresolved()) {
                throw new IllegalArgumentException(
                        "hosts must be resolved to IP addresses, but " + host.getHostString() + " is not");
            }
        }
        callforward.put(canonical(domain, "callforward"), List.copyOf(hosts));
        return this;
    }

    /**
     * Builds the verifier.
     *
     * @return the verifier
     */
    public CalloutVerifier build() {
        ExecutorService ownExecutor = executor == null ? ProbeThreads.newExecutor() : null;
        Executor threads = ownExecutor == null ? Objects.requireNonNull(executor) : ownExecutor;
        CalloutState memory = state == null ? InMemoryCalloutState.create(limits, monotonicClock) : state;
        CalloutObserver guarded = new GuardedObserver(observer);
        ProbeRunner probing = new ProbeRunner(
                prober, memory, new CachePolicy(limits, random), clock, monotonicClock, threads, guarded, limits);
        return new CalloutVerifier(
                new Prechecks(Set.copyOf(ownDomains), exemptSenders, exemptClients, addressLiterals),
                blockList,
                new CacheKeyFactory(Set.copyOf(highVolumeDomains)),
                new VerificationTask.Way(
                        memory,
                        probing,
                        clock,
                        monotonicClock,
                        timer == null ? Scheduler.of(threads) : timer,
                        guarded,
                        limits.responseTimeout()),
                new ReplyPolicy(replies, trial, exposingDetails),
                new DeferredSenders(maxDeferral, limits.cacheSize(), monotonicClock),
                Map.copyOf(callforward),
                ownExecutor);
    }
}
