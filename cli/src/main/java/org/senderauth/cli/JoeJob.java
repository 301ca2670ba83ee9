package org.senderauth.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutRequest.Spf;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.cli.SimulatedMailServers.Behaviour;
import org.senderauth.cli.SimulatedMailServers.Site;

/**
 * One day of a joe-job: a flood of mail with forged senders, and genuine mail of a victim, all checked by a real {@link
 * CalloutVerifier} on a simulated clock.
 *
 * @param letter its name
 * @param what a short description
 * @param senders the forged senders
 * @param behaviour the reply of the victims' mail servers
 * @param genuineSpf whether the genuine mail passes SPF
 * @param warm whether the genuine senders were seen on the days before; else only their domain was
 * @param clients how many clients send the flood
 * @param most most RCPT commands that one victim may get, of a million messages; all addresses of a provider together
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

    /** The provider of many domains. */
    private static final String PROVIDER = "example.net";

    private static final int PROVIDER_ADDRESSES = 50;

    /** The operator of the mail server of the genuine mail. */
    private static final String OPERATOR = "victim";

    /** The kind of forgery. */
    enum Senders {
        /** Always the same one. */
        ONE,
        /** A new local part each time. */
        LOCAL_PARTS,
        /** A new subdomain each time; one mail server for all. */
        SUBDOMAINS,
        /** Many domains, each with its own mail server. */
        DOMAINS,
        /** Many domains on the victim's mail server. */
        HOSTED,
        /** Many domains on the 50 addresses of the victim's provider. */
        HOSTED_50,
        /** Many domains, each with an MX name of its own, on 50 addresses of the victim's provider in one /24. */
        VANITY_MX,
        /** The same, with the addresses in 50 networks. */
        VANITY_MX_FAR,
        /** Many domains whose MX records name the victim's mail server, which does not serve them. */
        THROW_AWAY,
        /** The same, with SPF records that match every client. */
        THROW_AWAY_SPF,
        /** Many domains on the neighbor of the victim's mail server in the same /24. */
        NEIGHBOR
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
                    "victim accepts all recipients",
                    Senders.LOCAL_PARTS,
                    Behaviour.CATCH_ALL,
                    true,
                    false,
                    MANY_CLIENTS,
                    2),
            new JoeJob(
                    "D",
                    "victim replies 451",
                    Senders.LOCAL_PARTS,
                    Behaviour.TEMPFAIL,
                    true,
                    false,
                    MANY_CLIENTS,
                    1_000),
            new JoeJob(
                    "E", "new subdomains", Senders.SUBDOMAINS, Behaviour.KNOWS_USERS, true, false, MANY_CLIENTS, 2_000),
            new JoeJob("F", "100,000 victims", Senders.DOMAINS, Behaviour.KNOWS_USERS, true, false, FEW_CLIENTS, 11),
            of("G", "100,000 domains on one server", Senders.HOSTED, Behaviour.KNOWS_USERS, true),
            of("H", "100,000 domains on 50 addresses", Senders.HOSTED_50, Behaviour.KNOWS_USERS, true),
            of("I", "throw-away domains at the victim", Senders.THROW_AWAY, Behaviour.KNOWS_USERS, true),
            of("I2", "the same, genuine mail without SPF", Senders.THROW_AWAY, Behaviour.KNOWS_USERS, false),
            of("I3", "throw-away domains that pass SPF", Senders.THROW_AWAY_SPF, Behaviour.KNOWS_USERS, true),
            of("J", "50 addresses reply 451 to all", Senders.HOSTED_50, Behaviour.TEMPFAIL, true),
            of("K", "noisy neighbor in the same /24", Senders.NEIGHBOR, Behaviour.KNOWS_USERS, true),
            of("L", "an MX name per domain, 50 addresses", Senders.VANITY_MX, Behaviour.KNOWS_USERS, true),
            of("L2", "the same in 50 networks", Senders.VANITY_MX_FAR, Behaviour.KNOWS_USERS, true));

    private static JoeJob of(String letter, String what, Senders senders, Behaviour behaviour, boolean genuineSpf) {
        return new JoeJob(letter, what, senders, behaviour, genuineSpf, false, MANY_CLIENTS, 2_000);
    }

    /**
     * The totals of a day.
     *
     * @param job the day
     * @param messages all messages
     * @param probes SMTP sessions
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
         * Tests whether no victim got more than it may, and no genuine mail went without an answer that should have one. A small
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

    /** Tests whether all genuine mail should have an answer: it passes SPF or was seen before, and its server gives one. */
    boolean genuineIsAnswered() {
        boolean unprovenFlood = senders == Senders.THROW_AWAY || senders == Senders.THROW_AWAY_SPF;
        return behaviour != Behaviour.TEMPFAIL && (genuineSpf || warm || unprovenFlood);
    }

    /**
     * Runs the day.
     *
     * @param forged how many forged messages it brings
     * @param seed of the times and senders
     * @param percent called after each hundredth
     */
    Outcome run(int forged, long seed, IntConsumer percent) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedTime time = new SimulatedTime(START.minus(DAY.multipliedBy(WARM_DAYS)));
        SimulatedMailServers servers = new SimulatedMailServers(time, this::site, new SplittableRandom(seed + 1));
        CalloutVerifier verifier = CalloutVerifier.builder(servers)
                .limits(CalloutLimits.DEFAULT)
                .clock(time)
                .monotonicClock(time.monotonic())
                .timer(time)
                .executor(Runnable::run)
                .random(new SplittableRandom(seed))
                .build();
        long[] unanswered = new long[1];
        // The domain was seen before, so that it has its part in the reserve.
        genuine(verifier, random, new long[1]);
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
                verifier.verifyAsync(CalloutRequest.sender(forgedSender(i - genuineSent))
                        .client(address(10, 1, random.nextInt(clients)))
                        .spf(senders == Senders.THROW_AWAY_SPF ? Spf.PASS : Spf.NONE)
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
                senders == Senders.DOMAINS
                        ? servers.mostRecipients(OPERATOR)
                        : senders == Senders.NEIGHBOR
                                ? servers.mostRecipients("")
                                : servers.recipients(OPERATOR) - (int) before,
                genuineSent,
                unanswered[0],
                cacheOnly(forged));
    }

    private void genuine(CalloutVerifier verifier, SplittableRandom random, long[] unanswered) {
        int number = random.nextInt(GENUINE_SENDERS);
        String sender = SimulatedMailServers.GENUINE + number + "@" + VICTIM;
        verifier.verifyAsync(CalloutRequest.sender(sender)
                        .client(address(10, 2, number))
                        .spf(genuineSpf ? Spf.PASS : Spf.NONE)
                        .build())
                .thenAccept(result -> unanswered[0] += result.verdict() == CalloutVerdict.UNDECIDED ? 1 : 0);
    }

    private String forgedSender(long number) {
        return switch (senders) {
            case ONE -> "forged@" + VICTIM;
            case LOCAL_PARTS -> "forged" + number + "@" + VICTIM;
            case SUBDOMAINS -> "forged@host" + number + "." + VICTIM;
            case DOMAINS, HOSTED, HOSTED_50, NEIGHBOR, VANITY_MX, VANITY_MX_FAR ->
                "forged" + number / DOMAINS + "@victim" + number % DOMAINS + ".com";
            case THROW_AWAY, THROW_AWAY_SPF -> "forged" + number / DOMAINS + "@throwaway" + number % DOMAINS + ".com";
        };
    }

    /**
     * The reckoning for a checker with a cache of verdicts alone: one RCPT for each sender that it does not know, one for
     * each message where a temporary failure is no verdict, one more for each domain to test for a catch-all.
     */
    private long cacheOnly(long forged) {
        long distinct = switch (senders) {
            case ONE -> Math.min(forged, DAY.dividedBy(Duration.ofHours(3)));
            default -> forged;
        };
        if (behaviour == Behaviour.TEMPFAIL) {
            return forged + GENUINE_MESSAGES;
        }
        return distinct + GENUINE_SENDERS + 1;
    }

    /** The mail servers of a domain. */
    private Site site(String domain) {
        boolean genuine = domain.endsWith(VICTIM);
        List<InetAddress> one = List.of(address(100, 0, 1));
        return switch (senders) {
            case ONE, LOCAL_PARTS, SUBDOMAINS -> new Site(OPERATOR, "mx." + VICTIM, one, behaviour);
            case DOMAINS ->
                genuine
                        ? new Site(OPERATOR, "mx." + VICTIM, one, behaviour)
                        : new Site(domain, "mx." + domain, List.of(ofName(domain)), behaviour);
            case HOSTED -> new Site(OPERATOR, "mx." + PROVIDER, one, behaviour);
            case HOSTED_50 ->
                new Site(
                        OPERATOR,
                        "mx." + PROVIDER,
                        IntStream.range(0, PROVIDER_ADDRESSES)
                                .mapToObj(i -> address(100, i, 1))
                                .toList(),
                        behaviour);
            case VANITY_MX ->
                new Site(OPERATOR, "mx." + domain, List.of(address(100, 0, ofProvider(domain))), behaviour);
            case VANITY_MX_FAR ->
                new Site(OPERATOR, "mx." + domain, List.of(address(100, ofProvider(domain), 1)), behaviour);
            case THROW_AWAY, THROW_AWAY_SPF ->
                genuine
                        ? new Site(OPERATOR, "mx." + VICTIM, one, behaviour)
                        : new Site(OPERATOR, "mx." + domain, one, Behaviour.RELAY_DENIED);
            case NEIGHBOR ->
                genuine
                        ? new Site(OPERATOR, "mx." + VICTIM, one, behaviour)
                        : new Site(PROVIDER, "mx." + PROVIDER, List.of(address(100, 0, 2)), behaviour);
        };
    }

    private static int ofProvider(String domain) {
        return Math.floorMod(domain.hashCode(), PROVIDER_ADDRESSES);
    }

    /** A different address for each server; the simulation has no other network. */
    private static InetAddress ofName(String domain) {
        int hash = domain.hashCode();
        return address(101 + (hash >>> 24 & 15), hash >> 16 & 255, hash & 0xffff);
    }

    private static InetAddress address(int first, int second, int rest) {
        byte[] octets = {(byte) first, (byte) second, (byte) (rest >> 8), (byte) rest};
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }
}
