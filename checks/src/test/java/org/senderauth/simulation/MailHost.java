package org.senderauth.simulation;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.TempfailAction;
import org.senderauth.policy.Transaction;
import org.senderauth.ses.SerialNumbers;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesSigningResult;
import org.senderauth.spf.SpfVerifier;

/**
 * One mail host from a start to its crash: the real policy, verifiers and signer, over simulated time, DNS, Redis and mail
 * servers. What it was to do after its crash does not happen.
 */
final class MailHost {

    static final String OUR_DOMAIN = "ours.test";

    private final SimulatedTime time;
    private final Random random;
    private final PlantedFault fault;
    private final CalloutVerifier callout;
    private final SpfVerifier spf;
    private final Ses ses;
    private SenderPolicy policy;
    private boolean monitors;
    private boolean alive = true;

    MailHost(
            SimulatedTime time,
            Random random,
            PlantedFault fault,
            CalloutLimits limits,
            MonotonicClock lifetimes,
            SimulatedDns dns,
            MailServers mailServers,
            RedisModel redis,
            RedisModel.Watch watch,
            SesKeyring keys,
            SerialNumbers serialNumbers) {
        this.time = time;
        this.random = random;
        this.fault = fault;
        this.callout = CalloutVerifier.builder(mailServers.from(this))
                .limits(limits)
                .state(redis.seenBy(watch, RedisModel.delayed(this, () -> Duration.ofNanos(random.nextInt(5_000_000)))))
                .clock(time)
                .monotonicClock(lifetimes)
                .timer(this::after)
                .executor(soon())
                .random(random)
                .build();
        this.spf = SpfVerifier.builder()
                .dns(dns.of(this))
                .clock(time)
                .nanoTime(time::nanos)
                .receiver("mx." + OUR_DOMAIN)
                .build();
        this.ses = Ses.builder()
                .keyring(keys)
                .ledger(redis.ledger())
                .serialNumbers(serialNumbers)
                .clock(time)
                .build();
        this.policy = policy();
    }

    private SenderPolicy policy() {
        return SenderPolicy.builder("mx." + OUR_DOMAIN)
                .spf(spf, SpfStrictness.FAIL_ONLY)
                .ses(ses, Set.of(OUR_DOMAIN))
                .callout(callout)
                .modes(StepModes.builder()
                        .defaultMode(Step.CALLOUT, StepMode.ENFORCE)
                        .monitorOnly(monitors)
                        .build())
                .onTempfail(Step.SPF, TempfailAction.DEFER)
                .onTempfail(Step.SES, TempfailAction.DEFER)
                .onTempfail(Step.CALLOUT, TempfailAction.DEFER)
                .executor(soon())
                .build();
    }

    /** Threads start soon, and in any order. */
    private Executor soon() {
        return work -> after(Duration.ofNanos(random.nextInt(2_000_000)), work);
    }

    void after(Duration delay, Runnable work) {
        time.after(delay, () -> {
            if (alive) {
                work.run();
            }
        });
    }

    void crash() {
        alive = false;
    }

    boolean isAlive() {
        return alive;
    }

    boolean monitors() {
        return monitors;
    }

    /** Takes another configuration, as a reload does. */
    void reload(boolean newMonitors) {
        monitors = newMonitors;
        policy = policy();
    }

    CompletableFuture<Decision> decide(Transaction transaction) {
        SenderPolicy asked = policy;
        return asked.decideAsync(transaction).thenCompose(decision -> {
            boolean reached = fault == PlantedFault.RELOAD_REACHES_DECISIONS_IN_PROGRESS
                    && asked != policy
                    && !monitors
                    && decision.withheld().isPresent();
            return reached ? policy.decideAsync(transaction) : CompletableFuture.completedFuture(decision);
        });
    }

    void accepted(Transaction transaction) {
        policy.accepted(transaction);
    }

    SesSigningResult sign(MailAddress sender) {
        return ses.trySign(sender);
    }
}
