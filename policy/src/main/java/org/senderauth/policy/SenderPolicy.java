package org.senderauth.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.senderauth.batv.BounceFilter;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.policy.Finding.Standing;
import org.senderauth.ses.Ses;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfVerifier;

/**
 * Gives one answer to one transaction: exemptions first, then the {@linkplain Step steps} in their order. The first
 * enforcing step that finds against the sender refuses, and what follows is not asked any more. A step that cannot tell
 * lets the mail go on or defers it, as configured; a later refusal goes before an earlier deferral.
 *
 * <p>The steps of a message are taken once, however many recipients it has ({@link Transaction#message}). Immutable but
 * for that memory, and thread-safe.
 */
public final class SenderPolicy {

    /** How long a decision may take unless another time is set: far below the 100 seconds that Postfix waits. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(20);

    private final String hostname;
    private final Exemptions exemptions;
    private final StepModes modes;
    private final Map<Step, OnTrouble> onTrouble;
    private final Map<Step, Check> checks;
    private final Messages messages;
    private final PolicyObserver observer;

    private SenderPolicy(Builder builder) {
        this.hostname = builder.hostname;
        this.exemptions = builder.exemptions;
        this.modes = builder.modes;
        this.onTrouble = new EnumMap<>(builder.onTrouble);
        this.checks = new EnumMap<>(builder.checks);
        this.observer = builder.observer;
        this.messages = new Messages(builder.deadline, builder.observer, System::nanoTime);
    }

    /**
     * Starts a policy without any step.
     *
     * @param hostname the name of this host, for {@code Authentication-Results} (RFC 8601 section 2.5)
     * @return a builder
     */
    public static Builder builder(String hostname) {
        return new Builder(Objects.requireNonNull(hostname, "hostname"));
    }

    /**
     * Decides on a transaction. Waits for the DNS and for other hosts, never longer than the deadline; call it on a
     * thread that may wait.
     *
     * @param transaction the transaction
     * @return the decision
     */
    public Decision decide(Transaction transaction) {
        return decide(transaction, Stage.RECIPIENT_EXISTS);
    }

    /**
     * Decides as far as a transaction has come, for a server that answers each command. A refusal is given as soon as
     * nothing that the client still has to say can lift it: neither an exemption nor another mode for a sender or a
     * recipient. A deferral is not given before RCPT, since a later step may refuse for good. So the last answer to a
     * recipient is the same whether or not the earlier stages were asked about.
     *
     * @param transaction the transaction; name its message, or its steps are taken anew at each stage
     * @param reached how far it has come
     * @return the decision; what it does not refuse must be asked about again at a later stage
     */
    public Decision decide(Transaction transaction, Stage reached) {
        long start = System.nanoTime();
        Decision decision = exemptions
                .reason(transaction)
                .map(reason -> new Decision(null, List.of(), "exempt: " + reason, List.of()))
                .orElseGet(() -> walk(transaction, reached));
        if (decision.refusal() != null || isLast(reached)) {
            observer.decided(transaction, decision, Duration.ofNanos(System.nanoTime() - start));
        }
        return decision;
    }

    /**
     * Notes that a message was accepted, at DATA or at its end: a bounce to one of our signed addresses then counts as a
     * use of the signature (SES), and one that is used too often is refused from then on. Call it once for a message.
     *
     * @param transaction the transaction, with the bounce's one recipient
     */
    public void accepted(Transaction transaction) {
        if (exemptions.reason(transaction).isPresent()) {
            return;
        }
        checks.forEach((step, check) -> {
            if (modes.mode(step, transaction) != StepMode.OFF) {
                check.accepted(transaction);
            }
        });
    }

    private boolean isLast(Stage reached) {
        return reached.compareTo(Stage.RCPT) >= 0
                && checks.keySet().stream().allMatch(step -> step.stage().compareTo(reached) <= 0);
    }

    private Decision walk(Transaction transaction, Stage reached) {
        Messages.Walk walk = messages.walk(transaction);
        List<StepReport> reports = new ArrayList<>();
        StepReport deferring = null;
        for (Step step : Step.values()) {
            Check check = checks.get(step);
            StepMode mode = modes.mode(step, transaction);
            if (check == null || mode == StepMode.OFF || step.stage().compareTo(reached) > 0) {
                continue;
            }
            StepReport report = new StepReport(step, mode, walk.find(step, check, transaction, reports));
            reports.add(report);
            Standing standing = report.finding().standing();
            if (mode != StepMode.ENFORCE) {
                continue;
            }
            if (standing == Standing.BAD) {
                boolean settled = exemptions.settledAt(reached) && modes.settledAt(reached, step, transaction);
                return settled ? decision(report, reports) : goOn("what is to come may lift " + report, reports);
            }
            boolean defers =
                    standing == Standing.TROUBLE && onTrouble.getOrDefault(step, OnTrouble.CONTINUE) == OnTrouble.DEFER;
            if (defers && deferring == null && reached.compareTo(Stage.RCPT) >= 0) {
                deferring = report;
            }
        }
        return deferring == null ? goOn("no step objects", reports) : decision(deferring, reports);
    }

    private Decision goOn(String reason, List<StepReport> reports) {
        return new Decision(null, TraceHeaders.of(hostname, reports), reason, reports);
    }

    private Decision decision(StepReport decisive, List<StepReport> reports) {
        SmtpReply reply = decisive.finding().reply();
        return new Decision(reply, TraceHeaders.of(hostname, reports), decisive.toString(), reports);
    }

    /** Collects the steps and their rules. Not thread-safe. */
    public static final class Builder {

        private final String hostname;
        private Exemptions exemptions = Exemptions.AUTHENTICATED;
        private StepModes modes = StepModes.builder().build();
        private final Map<Step, OnTrouble> onTrouble = new EnumMap<>(Step.class);
        private final Map<Step, Check> checks = new EnumMap<>(Step.class);
        private Duration deadline = DEFAULT_DEADLINE;
        private PolicyObserver observer = PolicyObserver.NONE;

        private Builder(String hostname) {
            this.hostname = hostname;
        }

        /**
         * Who is exempt; by default authenticated clients.
         *
         * @param newExemptions the exemptions
         * @return this
         */
        public Builder exemptions(Exemptions newExemptions) {
            this.exemptions = newExemptions;
            return this;
        }

        /**
         * What each step may do; by default all enforce but the callout, which is off.
         *
         * @param newModes the modes
         * @return this
         */
        public Builder modes(StepModes newModes) {
            this.modes = newModes;
            return this;
        }

        /**
         * What an enforcing step does when it cannot tell; by default the mail goes on.
         *
         * @param step the step
         * @param what what it does
         * @return this
         */
        public Builder onTrouble(Step step, OnTrouble what) {
            onTrouble.put(step, what);
            return this;
        }

        /**
         * Takes the step {@link Step#DNSBL}. A list that does not answer lists nobody.
         *
         * @param lists the block lists
         * @return this
         */
        public Builder blockLists(DnsBlockList lists) {
            checks.put(Step.DNSBL, new DnsblCheck(lists));
            return this;
        }

        /**
         * Takes the step {@link Step#CSV}. What the verifier itself enforces does not matter here, only what it finds.
         *
         * @param csv the verifier
         * @return this
         */
        public Builder csv(CsvVerifier csv) {
            checks.put(Step.CSV, new CsvCheck(csv));
            return this;
        }

        /**
         * Takes the steps {@link Step#SPF_HELO} and {@link Step#SPF}.
         *
         * @param spf the verifier; its receiver should be this host
         * @param strictness which results speak against a sender
         * @return this
         */
        public Builder spf(SpfVerifier spf, SpfStrictness strictness) {
            checks.put(Step.SPF_HELO, new SpfCheck(spf, SpfIdentity.HELO, strictness));
            checks.put(Step.SPF, new SpfCheck(spf, SpfIdentity.MAIL_FROM, strictness));
            return this;
        }

        /**
         * Takes the step {@link Step#BATV}, at RCPT. There is no content yet: a filter that puts untagged bounces off
         * until there is refuses none of them here.
         *
         * @param filter the bounce filter
         * @return this
         */
        public Builder batv(BounceFilter filter) {
            checks.put(Step.BATV, new BatvCheck(filter));
            return this;
        }

        /**
         * Takes the step {@link Step#SES}: for senders of these domains that carry a signature, and for bounces to
         * addresses that do.
         *
         * @param ses the verifier
         * @param domains the domains that it has keys for
         * @return this
         */
        public Builder ses(Ses ses, Set<String> domains) {
            checks.put(
                    Step.SES,
                    new SesCheck(ses, domains.stream().map(Domains::normal).collect(Collectors.toUnmodifiableSet())));
            return this;
        }

        /**
         * Takes the step {@link Step#CALLOUT}, where no step before it says enough. The mode of this step is off unless
         * the modes say otherwise.
         *
         * @param callout the verifier
         * @return this
         */
        public Builder callout(CalloutVerifier callout) {
            checks.put(Step.CALLOUT, new CalloutCheck(callout));
            return this;
        }

        /**
         * How long a decision may take; {@link SenderPolicy#DEFAULT_DEADLINE} if not set. What has no answer then counts
         * as trouble.
         *
         * @param time a positive time
         * @return this
         */
        public Builder deadline(Duration time) {
            this.deadline = time;
            return this;
        }

        /**
         * Who is told; by default nobody.
         *
         * @param newObserver the observer
         * @return this
         */
        public Builder observer(PolicyObserver newObserver) {
            this.observer = newObserver;
            return this;
        }

        /**
         * The policy.
         *
         * @return an immutable policy
         */
        public SenderPolicy build() {
            return new SenderPolicy(this);
        }
    }
}
