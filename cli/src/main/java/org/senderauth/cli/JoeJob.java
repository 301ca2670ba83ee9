package org.senderauth.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutRequest.Spf;
import org.senderauth.callout.CalloutVerdict;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.cli.SimulatedMailServers.Behaviour;

/**
 * One day of a joe-job: a flood of mail with forged senders of a victim, and the victim's own mail among it, all checked
 * by a real {@link CalloutVerifier} on a simulated clock.
 *
 * @param letter its name
 * @param what what it is, in a few words
 * @param senders the forged senders
 * @param behaviour what the victims' mail servers do
 * @param genuineSpf whether the genuine mail passes SPF
 * @param warm whether the genuine senders were seen in the days before
 * @param clients how many clients send the flood
 * @param most most RCPT commands that one victim may get, of a million messages
 */
record JoeJob(
        String letter,
        String what,
        Senders senders,
        Behaviour behaviour,
        boolean genuineSpf,
        boolean warm,
        int clients,
        int most) {

    /** Genuine mail of a day: one every 30 seconds. */
    static final int GENUINE_MESSAGES = 2_880;

    private static final int LEAST_JUDGED = 100_000;
    private static final int GENUINE_SENDERS = 300;
    private static final int WARM_DAYS = 3;
    private static final int MANY_CLIENTS = 10_000;
    private static final int FEW_CLIENTS = 1_000;
    private static final int DOMAINS = 100_000;
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final String VICTIM = "example.com";

    /** How senders are forged. */
    enum Senders {
        /** Always the same one. */
        ONE,
        /** A new local part each time. */
        LOCAL_PARTS,
        /** A new subdomain each time; one mail server for all. */
        SUBDOMAINS,
        /** Many domains, each with a mail server of its own. */
        DOMAINS
    }

    static final List<JoeJob> ALL = List.of(
            new JoeJob("A", "one forged sender", Senders.ONE, Behaviour.KNOWS_USERS, true, false, MANY_CLIENTS, 2_000),
            new JoeJob(
                    "B",
                    "new local parts",
                    Senders.LOCAL_PARTS,
                    Behaviour.KNOWS_USERS,
                    true,
                    false,
                    MANY_CLIENTS,
                    2_000),
            new JoeJob(
                    "B2",
                    "the same, genuine mail without SPF",
                    Senders.LOCAL_PARTS,
                    Behaviour.KNOWS_USERS,
                    false,
                    false,
                    MANY_CLIENTS,
                    2_000),
            new JoeJob(
                    "B3",
                    "the same, its senders known",
                    Senders.LOCAL_PARTS,
                    Behaviour.KNOWS_USERS,
                    false,
                    true,
                    MANY_CLIENTS,
                    2_000),
            new JoeJob(
                    "C",
                    "victim takes everything",
                    Senders.LOCAL_PARTS,
                    Behaviour.CATCH_ALL,
                    true,
                    false,
                    MANY_CLIENTS,
                    2),
            new JoeJob(
                    "D", "victim says 451", Senders.LOCAL_PARTS, Behaviour.TEMPFAIL, true, false, MANY_CLIENTS, 1_000),
            new JoeJob(
                    "E", "new subdomains", Senders.SUBDOMAINS, Behaviour.KNOWS_USERS, true, false, MANY_CLIENTS, 2_000),
            new JoeJob("F", "100,000 victims", Senders.DOMAINS, Behaviour.KNOWS_USERS, true, false, FEW_CLIENTS, 11));

    /**
     * What a day came to.
     *
     * @param job the day
     * @param messages all messages
     * @param probes dialogues
     * @param recipients RCPT commands, to all victims
     * @param mostRecipients RCPT commands to the victim that got most
     * @param genuine genuine messages
     * @param unanswered genuine messages for which the answer was "undecided"
     * @param cacheOnly RCPT commands that a checker would send that has a cache of verdicts and no limits
     */
    record Outcome(
            JoeJob job,
            long messages,
            long probes,
            long recipients,
            int mostRecipients,
            long genuine,
            long unanswered,
            long cacheOnly) {

        /**
         * Whether no victim got more than it may, and no genuine mail went without an answer that should have one. A small
         * flood hides among the genuine mail and is not judged by the former.
         */
        boolean isMet() {
            boolean spared = messages < LEAST_JUDGED || mostRecipients <= job.most();
            return spared && (unanswered == 0 || !job.genuineIsAnswered());
        }

        double recipientsPerMessage() {
            return (double) recipients / messages;
        }
    }

    /** Whether all genuine mail should have an answer: it passes SPF or was seen before, and its server gives one. */
    private boolean genuineIsAnswered() {
        return behaviour != Behaviour.TEMPFAIL && (genuineSpf || warm);
    }

    /**
     * Runs the day.
     *
     * @param forged how many forged messages it brings
     * @param seed of the times and senders
     * @param percent is told of each hundredth that is done
     */
    Outcome run(int forged, long seed, IntConsumer percent) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedTime time = new SimulatedTime(START.minus(DAY.multipliedBy(WARM_DAYS)));
        SimulatedMailServers servers = new SimulatedMailServers(time, behaviour, senders != Senders.DOMAINS);
        CalloutVerifier verifier = CalloutVerifier.builder(servers)
                .limits(CalloutLimits.DEFAULT)
                .clock(time)
                .timer(time)
                .executor(Runnable::run)
                .random(new SplittableRandom(seed))
                .build();
        long[] unanswered = new long[1];
        if (warm) {
            for (long i = 0; i < (long) WARM_DAYS * GENUINE_MESSAGES; i++) {
                time.goOnTo(time.instant().plus(DAY.dividedBy(GENUINE_MESSAGES)));
                genuine(verifier, random, new long[1]);
            }
        }
        long before = servers.recipients();
        long probesBefore = servers.probes();
        long total = (long) forged + GENUINE_MESSAGES;
        long genuineSent = 0;
        for (long i = 0; i < total; i++) {
            time.goOnTo(START.plus(Duration.ofNanos((long) ((double) i / total * DAY.toNanos()))));
            if (genuineSent * total <= i * GENUINE_MESSAGES && genuineSent < GENUINE_MESSAGES) {
                genuineSent++;
                genuine(verifier, random, unanswered);
            } else {
                verifier.verify(CalloutRequest.sender(forgedSender(i - genuineSent))
                        .client(client(1, random.nextInt(clients)))
                        .build());
            }
            if (i * 100 / total != (i - 1) * 100 / total || i == 0) {
                percent.accept((int) (i * 100 / total));
            }
        }
        time.goOnTo(START.plus(DAY).plus(Duration.ofMinutes(2)));
        return new Outcome(
                this,
                total,
                servers.probes() - probesBefore,
                servers.recipients() - before,
                // Where each victim has a server of its own, the genuine mail's is not one of them.
                servers.mostRecipients(VICTIM) - (int) before,
                genuineSent,
                unanswered[0],
                cacheOnly(forged));
    }

    private void genuine(CalloutVerifier verifier, SplittableRandom random, long[] unanswered) {
        int number = random.nextInt(GENUINE_SENDERS);
        String sender = SimulatedMailServers.GENUINE + number + "@" + VICTIM;
        verifier.verify(CalloutRequest.sender(sender)
                        .client(client(2, number))
                        .spf(genuineSpf ? Spf.PASS : Spf.NONE)
                        .build())
                .thenAccept(result -> unanswered[0] += result.verdict() == CalloutVerdict.UNDECIDED ? 1 : 0);
    }

    private String forgedSender(long number) {
        return switch (senders) {
            case ONE -> "forged@" + VICTIM;
            case LOCAL_PARTS -> "forged" + number + "@" + VICTIM;
            case SUBDOMAINS -> "forged@host" + number + "." + VICTIM;
            case DOMAINS -> "forged" + number / DOMAINS + "@victim" + number % DOMAINS + ".com";
        };
    }

    /**
     * The reckoning for a checker with a cache of verdicts alone: one RCPT for each sender that it does not know, one for
     * each message where a temporary failure is no verdict, one more for each domain to test for a catch-all.
     */
    private long cacheOnly(long forged) {
        long distinct = switch (senders) {
            case ONE -> Math.min(forged, DAY.dividedBy(Duration.ofHours(3)));
            case LOCAL_PARTS, SUBDOMAINS, DOMAINS -> forged;
        };
        if (behaviour == Behaviour.TEMPFAIL) {
            return forged + GENUINE_MESSAGES;
        }
        return distinct + GENUINE_SENDERS + 1;
    }

    private static InetAddress client(int network, int number) {
        byte[] octets = {10, (byte) network, (byte) (number >> 8), (byte) number};
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }
}
