package org.senderauth.policy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.core.Ascii;
import org.senderauth.core.MailDomain;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dns.DnsClient;
import org.senderauth.ses.Ses;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.srs.Srs;

/** Collects the steps and rules of a {@link SenderPolicy}. Not thread-safe. */
public final class SenderPolicyBuilder {

    // The actions of the bounce filter that a decision can express.
    private static final Set<BounceAction> CARRIED_OUT =
            EnumSet.of(BounceAction.ACCEPT, BounceAction.REJECT, BounceAction.DEFER);

    final String hostname;
    Exemptions exemptions = Exemptions.AUTHENTICATED;
    StepModes modes = StepModes.builder().build();
    final Map<Step, TempfailAction> onTempfail = new EnumMap<>(Step.class);
    final Map<Step, StepCheck> checks = new EnumMap<>(Step.class);
    private static final Duration MAX_DEADLINE = Duration.ofDays(1);

    Duration deadline = SenderPolicy.DEFAULT_DEADLINE;
    PolicyObserver observer = PolicyObserver.NONE;
    Executor executor = DecisionThreads.SHARED;
    int maxPending = SenderPolicy.DEFAULT_MAX_PENDING;
    boolean traced;
    private int maxInvalidPerNetwork = SenderPolicy.MAX_INVALID_PER_NETWORK;
    private int maxInvalidPerMailbox = SenderPolicy.MAX_INVALID_PER_MAILBOX;
    private LongSupplier nanoTime = System::nanoTime;
    private @Nullable GuessBrake counted;
    private @Nullable GuessBrake brake;

    SenderPolicyBuilder(String hostname) {
        this.hostname = hostname;
    }

    /**
     * Sets the exemptions; by default authenticated clients are exempt.
     *
     * @param exemptions the exemptions
     */
    public SenderPolicyBuilder exemptions(Exemptions exemptions) {
        this.exemptions = Objects.requireNonNull(exemptions, "exemptions");
        return this;
    }

    /**
     * Sets the mode of each step; by default all enforce, except {@link Step#DKIM2} and {@link Step#CONTENT}, which
     * monitor. The callout has no default: a policy with that step requires its mode.
     *
     * @param modes the modes
     */
    public SenderPolicyBuilder modes(StepModes modes) {
        this.modes = Objects.requireNonNull(modes, "modes");
        return this;
    }

    /**
     * Sets the action of an enforcing step on a temporary failure; by default the mail continues.
     *
     * @param step the step
     * @param action the action
     */
    public SenderPolicyBuilder onTempfail(Step step, TempfailAction action) {
        onTempfail.put(Objects.requireNonNull(step, "step"), Objects.requireNonNull(action, "action"));
        return this;
    }

    /**
     * Adds the step {@link Step#DNSBL}. A list that does not respond is ignored.
     *
     * @param lists the blocklists
     */
    public SenderPolicyBuilder blockLists(DnsBlockList lists) {
        checks.put(Step.DNSBL, new DnsblCheck(Objects.requireNonNull(lists, "lists")));
        return this;
    }

    /**
     * Adds the step {@link Step#CSV}. The policy uses the results of the verifier; its enforcement settings have no
     * effect here.
     *
     * @param csv the verifier
     */
    public SenderPolicyBuilder csv(CsvVerifier csv) {
        checks.put(Step.CSV, new CsvCheck(Objects.requireNonNull(csv, "csv")));
        return this;
    }

    /**
     * Adds the steps {@link Step#SPF_HELO} and {@link Step#SPF}.
     *
     * @param spf the verifier; its receiver should be this host
     * @param strictness the results that count as failures
     */
    public SenderPolicyBuilder spf(SpfVerifier spf, SpfStrictness strictness) {
        Objects.requireNonNull(spf, "spf");
        Objects.requireNonNull(strictness, "strictness");
        checks.put(Step.SPF_HELO, new SpfCheck(spf, SpfIdentity.HELO, strictness));
        checks.put(Step.SPF, new SpfCheck(spf, SpfIdentity.MAIL_FROM, strictness));
        return this;
    }

    /**
     * Defers a failure of {@link Step#SPF} until the end of the message, where it is overridden if a DKIM signature
     * passes whose domain has the organizational domain of From (RFC 9989 section 4.10). Only for servers that call
     * {@link SenderPolicy#decide(Transaction, ReceivedMessage)} with {@link ReceivedMessage#with} for each recipient whose decision
     * {@linkplain Decision#awaitsContent awaits the content}; with other servers such mail would be accepted. A null
     * sender, and a sender whose domain has no DMARC record, is rejected at RCPT. Call it after {@link #spf}.
     *
     * @param dns looks up DMARC records, at most eight for each domain
     * @throws IllegalStateException if there is no step SPF
     */
    public SenderPolicyBuilder unlessDkimPasses(DnsClient dns) {
        Objects.requireNonNull(dns, "dns");
        StepCheck spf = checks.get(Step.SPF);
        if (spf == null) {
            throw new IllegalStateException("unlessDkimPasses requires SPF: call spf(...) before");
        }
        checks.put(Step.SPF, new SpfUnlessDkimCheck(spf, new OrganizationalDomains(DnsClient.guarded(dns))));
        return this;
    }

    /**
     * Adds the step {@link Step#BATV}, at RCPT. Without the content the policy can only accept, reject or defer a
     * message, so the filter's rules must be limited to these actions.
     *
     * @param filter the bounce filter
     * @throws IllegalArgumentException if the filter can decide otherwise: by the {@linkplain
     *     org.senderauth.batv.BounceRules#defaults default rules} untagged bounces await a check of their content;
     *     without that check all of them would be accepted
     */
    public SenderPolicyBuilder batv(BounceFilter filter) {
        return batv(filter, false);
    }

    /**
     * Adds the step {@link Step#BATV} for servers that can pass the content.
     *
     * @param filter the bounce filter
     * @param contentStage whether the server calls {@link SenderPolicy#decide(Transaction, ReceivedMessage)} at the end of
     *     each message whose decision {@linkplain Decision#awaitsContent awaits the content}; only then may the filter
     *     decide {@link BounceAction#CHECK_CONTENT}
     * @throws IllegalArgumentException if the filter can decide what the policy cannot carry out
     */
    public SenderPolicyBuilder batv(BounceFilter filter, boolean contentStage) {
        checks.put(Step.BATV, new BatvCheck(checked(filter, contentStage)));
        return this;
    }

    private static BounceFilter checked(BounceFilter filter, boolean contentStage) {
        for (BounceAction action : Objects.requireNonNull(filter, "filter").actionsAtRcpt()) {
            if (!CARRIED_OUT.contains(action) && !(contentStage && action == BounceAction.CHECK_CONTENT)) {
                throw new IllegalArgumentException("a policy decides at RCPT and cannot carry out " + Ascii.text(action)
                        + ": give the bounce filter rules that accept, reject or defer, such as"
                        + " BounceRules.builder().onUnsigned(BounceAction.REJECT).build()");
            }
        }
        return filter;
    }

    /**
     * Adds the step {@link Step#DKIM2}, for servers that call {@link SenderPolicy#decide(Transaction, ReceivedMessage)}
     * at the end of each message whose decision {@linkplain Decision#awaitsContent awaits the content}. Experimental.
     *
     * <p>Its default mode is {@link StepMode#MONITOR}. While it enforces, {@link Step#BATV} and {@link Step#SES} do not
     * reject a bounce to the signing domains at RCPT: the DKIM2 signature may prove it at the end of the message.
     *
     * @param bounces the check
     */
    public SenderPolicyBuilder dkim2(Dkim2Bounces bounces) {
        checks.put(Step.DKIM2, new Dkim2Check(Objects.requireNonNull(bounces, "bounces")));
        return this;
    }

    /**
     * Adds the step {@link Step#CONTENT}, for servers that call {@link SenderPolicy#decide(Transaction,
     * ReceivedMessage)}: a delivery report that no other step proves fails it. Receipts and automatic replies do not,
     * nor does mail to role mailboxes. Enforce it only for domains that have signed or tagged all their mail for longer
     * than a bounce takes, since it rejects genuine bounces that return nothing. Its default mode is {@link
     * StepMode#MONITOR}.
     *
     * @param domains the domains whose mail is signed or tagged, without their subdomains
     * @throws IllegalArgumentException if one is not a domain name
     */
    public SenderPolicyBuilder content(Set<String> domains) {
        Set<String> names = normal(domains);
        checks.put(Step.CONTENT, new ContentCheck(names::contains));
        return this;
    }

    private static Set<String> normal(Set<String> domains) {
        return Objects.requireNonNull(domains, "domains").stream()
                .map(domain -> DomainNormalizer.normal(MailDomain.require(domain, "domains")))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Adds the step {@link Step#SES}: for signed senders of these domains, and for bounces to signed addresses.
     * Bounces to unsigned addresses are accepted; see {@link #ses(Ses, Set, BounceRules, InstantSource, boolean)}.
     *
     * @param ses the verifier
     * @param domains the domains with keys
     */
    public SenderPolicyBuilder ses(Ses ses, Set<String> domains) {
        return ses(ses, domains, null);
    }

    /**
     * Adds the step {@link Step#SES}, which also decides on bounces to unsigned addresses whose mail is signed, as the
     * step {@link Step#BATV} does on untagged ones: none of them is for a message we sent.
     *
     * @param ses the verifier
     * @param domains the domains with keys
     * @param rules the rules for unsigned bounces and their rollout schedule; those for tags have no effect
     * @param clock the time of the rollout schedule
     * @param contentStage as for {@link #batv(BounceFilter, boolean)}
     * @throws IllegalArgumentException if the rules allow what the policy cannot carry out
     */
    public SenderPolicyBuilder ses(
            Ses ses, Set<String> domains, BounceRules rules, InstantSource clock, boolean contentStage) {
        return ses(ses, domains, checked(SesCheck.filter(ses, rules, clock), contentStage));
    }

    private SenderPolicyBuilder ses(Ses ses, Set<String> domains, @Nullable BounceFilter unsigned) {
        checks.put(Step.SES, new SesCheck(Objects.requireNonNull(ses, "ses"), normal(domains), unsigned));
        return this;
    }

    /**
     * Adds the step {@link Step#SRS}: for recipients that are SRS addresses of this forwarder.
     *
     * @param srs the forwarder
     */
    public SenderPolicyBuilder srs(Srs srs) {
        return srs(srs, false);
    }

    /**
     * Adds the step {@link Step#SRS}, which may reject all mail to SRS addresses that is not a bounce, valid or not: then
     * replies and auto-replies that are sent to the Return-Path are rejected, and no one can relay ordinary mail through a
     * valid address.
     *
     * @param srs the forwarder
     * @param nullSenderOnly whether only mail from the null sender or {@code mailer-daemon@} is accepted
     */
    public SenderPolicyBuilder srs(Srs srs, boolean nullSenderOnly) {
        checks.put(Step.SRS, new SrsCheck(Objects.requireNonNull(srs, "srs"), nullSenderOnly));
        return this;
    }

    /**
     * Adds the step {@link Step#CALLOUT}, which runs if no earlier step is conclusive. It connects to other hosts, so
     * {@link #modes} must set its mode, be it {@link StepMode#OFF}.
     *
     * @param callout the verifier
     */
    public SenderPolicyBuilder callout(CalloutVerifier callout) {
        checks.put(Step.CALLOUT, new CalloutCheck(Objects.requireNonNull(callout, "callout")));
        return this;
    }

    /**
     * Adds the step {@link Step#CALLFORWARD}, for recipients at domains of {@link
     * org.senderauth.callout.CalloutVerifierBuilder#callforward}. All other recipients are skipped.
     *
     * @param callforward the verifier
     */
    public SenderPolicyBuilder callforward(CalloutVerifier callforward) {
        checks.put(Step.CALLFORWARD, new CallforwardCheck(Objects.requireNonNull(callforward, "callforward")));
        return this;
    }

    /**
     * Sets the time limit of a decision; {@link SenderPolicy#DEFAULT_DEADLINE} by default. A step without a result
     * by then is a temporary failure.
     *
     * @param deadline a positive time, at most one day
     * @throws IllegalArgumentException if it is not positive, or longer
     */
    public SenderPolicyBuilder deadline(Duration deadline) {
        if (Objects.requireNonNull(deadline, "deadline").isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be positive, was " + deadline);
        }
        if (deadline.compareTo(MAX_DEADLINE) > 0) {
            throw new IllegalArgumentException("deadline must be at most one day, was " + deadline);
        }
        this.deadline = deadline;
        return this;
    }

    /**
     * Sets the executor of {@link SenderPolicy#decideAsync(Transaction)}; by default daemon threads that all policies
     * share, one for each processor, and at most 256 while some of them wait. They end after a minute without work.
     * Steps wait on the executor for nothing but a shared SES ledger.
     *
     * @param executor the executor
     */
    public SenderPolicyBuilder executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the limit of decisions that {@link SenderPolicy#decideAsync(Transaction)} has in progress; {@link
     * SenderPolicy#DEFAULT_MAX_PENDING} by default. It bounds the memory that clients with slow name servers can use.
     *
     * @param maxPending a positive number
     * @throws IllegalArgumentException if it is not positive
     */
    public SenderPolicyBuilder maxPending(int maxPending) {
        if (maxPending < 1) {
            throw new IllegalArgumentException("maxPending must be positive, was " + maxPending);
        }
        this.maxPending = maxPending;
        return this;
    }

    /**
     * Sets the observer; by default there is none.
     *
     * @param observer the observer
     */
    public SenderPolicyBuilder observer(PolicyObserver observer) {
        this.observer = Objects.requireNonNull(observer, "observer");
        return this;
    }

    /** Sets the monotonic clock that counts of invalid signatures expire by, for tests. */
    SenderPolicyBuilder nanoTime(LongSupplier clock) {
        this.nanoTime = clock;
        return this;
    }

    /**
     * Sets the invalid BATV, SES and SRS signatures of an hour above which signed addresses are deferred, valid ones
     * too, so that signatures cannot be guessed; {@value SenderPolicy#MAX_INVALID_PER_NETWORK} and
     * {@value SenderPolicy#MAX_INVALID_PER_MAILBOX} by default. Policies that this builder builds afterwards count together.
     *
     * @param perNetwork the limit for the clients of one network: an IPv4 /24 or an IPv6 /48
     * @param perMailbox the limit for one signed mailbox, from any client
     * @throws IllegalArgumentException if a limit is less than 1
     */
    public SenderPolicyBuilder maxInvalidSignatures(int perNetwork, int perMailbox) {
        if (perNetwork < 1 || perMailbox < 1) {
            throw new IllegalArgumentException(
                    "perNetwork and perMailbox must be at least 1, were " + perNetwork + " and " + perMailbox);
        }
        this.maxInvalidPerNetwork = perNetwork;
        this.maxInvalidPerMailbox = perMailbox;
        this.brake = null;
        return this;
    }

    /**
     * Continues the counts of invalid signatures of an earlier policy, for a service that reads its configuration again.
     *
     * @param earlier the earlier policy
     */
    public SenderPolicyBuilder continueCounts(SenderPolicy earlier) {
        this.counted = Objects.requireNonNull(earlier, "earlier").brake;
        this.brake = null;
        return this;
    }

    // One for all policies of this builder, so that a client of two protocols has no more guesses.
    GuessBrake brake() {
        if (brake == null) {
            brake = counted == null
                    ? new GuessBrake(maxInvalidPerNetwork, maxInvalidPerMailbox, nanoTime)
                    : counted.withLimits(maxInvalidPerNetwork, maxInvalidPerMailbox);
        }
        return brake;
    }

    /**
     * Sets whether clients and messages show the {@linkplain Decision#id id} of their decision: at the end of the
     * reply text in brackets, and in the header field {@value Decision#HEADER}. False by default.
     *
     * @param traced whether they show it
     */
    public SenderPolicyBuilder traced(boolean traced) {
        this.traced = traced;
        return this;
    }

    /**
     * Builds the policy.
     *
     * @return an immutable policy
     * @throws IllegalStateException if it has no step, since it would accept all mail; or if the mode of the callout is
     *     not set, since it would never run
     */
    public SenderPolicy build() {
        if (checks.isEmpty()) {
            throw new IllegalStateException("policy must have at least one step: call spf(...), csv(...) or another");
        }
        if (checks.containsKey(Step.CALLOUT) && !modes.isSet(Step.CALLOUT)) {
            throw new IllegalStateException("the mode of step callout must be set, or it never runs: add"
                    + " modes(StepModes.builder().defaultMode(Step.CALLOUT, StepMode.MONITOR).build())");
        }
        return new SenderPolicy(this);
    }
}
