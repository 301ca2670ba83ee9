package org.senderauth.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Transaction;
import org.senderauth.ses.FileSerialNumbers;
import org.senderauth.ses.SerialNumbers;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesSigningResult;

/**
 * Days of a site with several mail hosts, in one thread and from one seed: mail, forgeries, bounces, crashes, outages of
 * DNS and Redis, moods of mail servers, clock jumps, reloads and restored files, in an order that the seed decides. For
 * five days there is trouble; then there is none, and all genuine mail must be delivered.
 */
final class Simulation {

    private static final Duration TROUBLE = Duration.ofDays(5);
    private static final Duration END = Duration.ofDays(12);

    /** No question takes longer: the limit of a decision and of a callout, and what the queues add. */
    private static final Duration PATIENCE = Duration.ofSeconds(20 + 8 + 2);

    /** Nothing negative is remembered longer: a day and its jitter. */
    private static final Duration NEGATIVE = Duration.ofHours(27);

    private static final int HOSTS = 3;

    /** Small, so that the file is read often. */
    private static final int BLOCK = 4;

    private static final int KNOWN = 6;
    private static final int RARE = 100;

    private static final CalloutLimits LIMITS = CalloutLimits.builder()
            .responseTimeout(Duration.ofSeconds(8))
            .domainRate(new Rate(Duration.ofSeconds(30), 6))
            .hostRate(new Rate(Duration.ofSeconds(1), 20))
            .overall(new Rate(Duration.ofMillis(100), 100))
            .probesPerDomain(2)
            .probesPerHost(5)
            .maxConcurrentProbes(20)
            .forgeryThreshold(6)
            .clientFailureLimit(50)
            .positiveRefreshTime(Duration.ofHours(24))
            .positiveExpireTime(Duration.ofDays(7))
            .cacheSize(300)
            .build();

    private static final String ZONE = """
            $TTL 300
            good.test.    IN SOA ns h 1 2 3 4 60
            good.test.    IN TXT "v=spf1 ip4:192.0.2.0/25 -all"
            all.test.     IN SOA ns h 1 2 3 4 60
            all.test.     IN TXT "v=spf1 include:_spf.good.test ip4:192.0.2.128/25 -all"
            _spf.good.test. IN TXT "v=spf1 ip4:192.0.2.64/26 -all"
            plain.test.   IN SOA ns h 1 2 3 4 60
            plain.test.   IN MX 10 mx.plain.test.
            evil.test.    IN SOA ns h 1 2 3 4 60
            *.evil.test.  IN TXT "v=spf1 +all"
            h.test.       IN SOA ns h 1 2 3 4 60
            """;

    private final Random random;
    private final PlantedFault fault;
    private final Path folder;
    private final SimulatedTime time = new SimulatedTime();
    private final Rules rules = new Rules(time, LIMITS);
    private final SimulatedDns dns;
    private final MailServers mailServers;
    private final RedisModel redis;
    private final SesKeyring keys = SesKeyring.builder()
            .add(MailHost.OUR_DOMAIN, SesKey.of(SecretKeys.of(new byte[32])))
            .build();
    private final MailHost[] hosts = new MailHost[HOSTS];
    private final byte[][] backups = new byte[HOSTS][];
    private final List<Mail> genuine = new ArrayList<>();
    private final StringBuilder trace = new StringBuilder();
    private int decisions;

    /** A mail, and whether a rejection of it would be wrong. */
    private final class Mail {
        final Transaction transaction;
        final boolean ours;
        final Duration wallOffset = time.wallOffset();
        boolean delivered;
        int tries;

        Mail(Transaction transaction, boolean ours) {
            this.transaction = transaction;
            this.ours = ours;
        }
    }

    Simulation(long seed, PlantedFault fault, Path folder) {
        this.random = new Random(seed);
        this.fault = fault;
        this.folder = folder;
        this.dns = new SimulatedDns(ZONE, random, fault);
        this.mailServers = new MailServers(time, random, dns, fault);
        this.redis = new RedisModel(LIMITS, HOSTS, lifetimes(), fault);
        MailServers.MailServerModel shared = new MailServers.MailServerModel("mx.good.test", address("198.51.100.1"));
        mailServers.serve("good.test", shared);
        mailServers.serve("all.test", new MailServers.MailServerModel("mx.all.test", address("198.51.100.2")));
        mailServers.serve("plain.test", new MailServers.MailServerModel("mx.plain.test", address("198.51.100.3")));
        for (int i = 0; i < 40; i++) {
            // Anyone may name another's mail server.
            mailServers.serve("d" + i + ".evil.test", shared);
        }
        mailServers.acceptAll("all.test");
        for (String domain : List.of("good.test", "plain.test")) {
            for (int i = 0; i < KNOWN; i++) {
                mailServers.mailbox("a" + i + '@' + domain, Duration.ofDays(-1000));
                // Later mailboxes, which mail came from before they existed.
                mailServers.mailbox("new" + i + '@' + domain, Duration.ofHours(random.nextInt(60)));
            }
        }
        for (int i = 0; i < RARE; i++) {
            mailServers.mailbox("rare" + i + "@good.test", Duration.ofDays(-1000));
        }
        for (int i = 0; i < HOSTS; i++) {
            start(i);
        }
    }

    private static InetAddress address(String text) {
        return IpAddresses.parse(text).orElseThrow();
    }

    private MonotonicClock lifetimes() {
        return fault == PlantedFault.LIFETIMES_BY_WALL_CLOCK
                ? MonotonicClock.startingAt(
                        SimulatedTime.START,
                        () -> Duration.between(SimulatedTime.START, time.instant())
                                .toNanos())
                : time.monotonic();
    }

    private void start(int index) {
        MailHost[] self = new MailHost[1];
        self[0] = new MailHost(
                time,
                random,
                fault,
                LIMITS,
                lifetimes(),
                dns,
                mailServers,
                redis,
                rules.of(self),
                keys,
                SerialNumbers.ofServer(serialNumbers(file(index)), HOSTS, index));
        hosts[index] = self[0];
    }

    private Path file(int index) {
        return folder.resolve("serials" + index);
    }

    private SerialNumbers serialNumbers(Path file) {
        if (fault != PlantedFault.SERIALS_FROM_FILE_ALONE) {
            return FileSerialNumbers.in(file, BLOCK);
        }
        return timecode -> {
            // A new reader each time knows nothing but the file.
            return FileSerialNumbers.in(file, 1).next(timecode);
        };
    }

    /** Runs to the end, or to the first rule that is broken; returns the rules that are. */
    List<String> run() {
        plan();
        while (rules.broken().isEmpty() && time.runNext(END)) {
            if (redis.figures().addresses() > LIMITS.cacheSize() * 3L / 2) {
                rules.broken("more addresses in memory than the limit");
            }
        }
        if (rules.broken().isEmpty()) {
            rules.atTheEnd();
            genuine.stream()
                    .filter(mail -> !mail.delivered)
                    .forEach(mail -> rules.broken("genuine mail was never delivered: " + mail.transaction));
        }
        return rules.broken();
    }

    /** What happened, for the comparison of two runs. */
    String trace() {
        return trace.toString();
    }

    String figures() {
        return decisions + " decisions, " + rules.probes() + " probes, " + rules.signatures() + " signatures";
    }

    // ---- the plan of a seed ----

    private void plan() {
        repeat(150, this::genuineMail);
        repeat(80, this::newMailboxWrites);
        repeat(60, this::forgery);
        repeat(25, this::otherDomains);
        repeat(60, this::signAndBounce);
        repeat(4, this::burst);
        repeat(6, this::crash);
        repeat(5, this::redisOutage);
        repeat(2, this::redisRestart);
        repeat(6, this::dnsOutage);
        repeat(12, this::mood);
        repeat(4, this::clockJump);
        repeat(6, this::reload);
        repeat(5, this::backUp);
        repeat(5, this::restore);
        time.after(TROUBLE, this::calm);
    }

    private void repeat(int times, Runnable event) {
        for (int i = 0; i < times; i++) {
            time.after(Duration.ofMillis(random.nextInt((int) TROUBLE.toMillis())), event);
        }
    }

    private void calm() {
        dns.down(false);
        redis.resume();
        mailServers.all().forEach(server -> mailServers.mood(server, MailServers.Mood.HEALTHY));
        time.setClockOffset(Duration.ZERO);
        for (MailHost host : hosts) {
            host.reload(false);
        }
    }

    private void during(Duration most, Runnable begin, Runnable end) {
        begin.run();
        long left = TROUBLE.minus(time.elapsed()).toMillis();
        long length = 1 + (long) (random.nextDouble() * most.toMillis());
        time.after(Duration.ofMillis(Math.max(0, Math.min(length, left))), end);
    }

    // ---- mail ----

    private void genuineMail() {
        String sender = switch (random.nextInt(3)) {
            case 0 -> "a" + random.nextInt(KNOWN) + "@good.test";
            case 1 -> "x" + random.nextInt(4) + "@all.test";
            default -> "a" + random.nextInt(KNOWN) + "@plain.test";
        };
        offer(new Mail(from(sender), true));
        if (random.nextInt(4) == 0) {
            // The same sender writes to two recipients at once, over two hosts.
            offer(new Mail(from(sender), true));
        }
    }

    /** Mail of a mailbox that may not exist yet: its rejection is right for a while after it does. */
    private void newMailboxWrites() {
        String sender = "new" + random.nextInt(KNOWN) + "@good.test";
        offer(new Mail(from(sender), mailServers.age(sender).compareTo(NEGATIVE) > 0));
    }

    private Transaction from(String sender) {
        int first = sender.endsWith("@all.test") ? 128 : 64;
        return Transaction.of(address("192.0.2." + (first + random.nextInt(64))), "h.test", sender)
                .to("user@" + MailHost.OUR_DOMAIN);
    }

    private void forgery() {
        String sender = "f" + random.nextInt(1_000) + (random.nextBoolean() ? "@good.test" : "@plain.test");
        offer(new Mail(
                Transaction.of(address("203.0.113." + random.nextInt(250)), "h.test", sender)
                        .to("user@" + MailHost.OUR_DOMAIN),
                false));
    }

    /** A flood from domains that name another's mail server in their MX records. */
    private void otherDomains() {
        for (int i = 0; i < 12; i++) {
            String sender = "s" + random.nextInt(10_000) + "@d" + random.nextInt(40) + ".evil.test";
            Transaction transaction = Transaction.of(address("203.0.113." + random.nextInt(250)), "h.test", sender)
                    .to("user@" + MailHost.OUR_DOMAIN);
            time.after(Duration.ofSeconds(i * 5L), () -> offer(new Mail(transaction, false)));
        }
        for (int i = 0; i < 3; i++) {
            String rare = "rare" + random.nextInt(RARE) + "@good.test";
            time.after(Duration.ofSeconds(45 + random.nextInt(120)), () -> offer(new Mail(from(rare), true)));
        }
    }

    /** Many senders of one domain within seconds. */
    private void burst() {
        for (int i = 0; i < 30; i++) {
            String sender = "b" + random.nextInt(500) + (random.nextInt(3) == 0 ? "@all.test" : "@good.test");
            time.after(Duration.ofMillis(random.nextInt(20_000)), () -> offer(new Mail(from(sender), false)));
        }
    }

    private void signAndBounce() {
        MailAddress sender = MailAddress.of("carol@" + MailHost.OUR_DOMAIN);
        SesSigningResult signed = pick().sign(sender);
        if (signed.outcome() != SesSigningResult.Outcome.SIGNED) {
            rules.broken("not signed: " + signed.reason());
            return;
        }
        rules.signed(signed.address().toString());
        Transaction bounce = Transaction.of(address("192.0.2.66"), "h.test", "")
                .to(signed.address().toString());
        Mail mail = new Mail(bounce, true);
        time.after(Duration.ofMinutes(random.nextInt(600)), () -> offer(mail));
    }

    private void offer(Mail mail) {
        if (mail.tries++ == 0 && mail.ours) {
            genuine.add(mail);
        }
        MailHost host = pick();
        boolean monitored = host.monitors();
        Duration asked = time.elapsed();
        boolean[] answered = new boolean[1];
        time.after(PATIENCE, () -> {
            if (!answered[0] && host.isAlive()) {
                rules.broken("no decision within " + PATIENCE + ": " + mail.transaction);
            } else if (!answered[0]) {
                retry(mail);
            }
        });
        host.decide(mail.transaction).thenAccept(decision -> {
            if (!answered[0]) {
                answered[0] = true;
                decided(mail, host, decision, monitored, asked);
            }
        });
    }

    private void decided(Mail mail, MailHost host, Decision decision, boolean monitored, Duration asked) {
        decisions++;
        trace.append(asked)
                .append(' ')
                .append(time.elapsed())
                .append(' ')
                .append(mail.transaction.sender())
                .append(' ')
                .append(decision.reason())
                .append('\n');
        SmtpReply reply = decision.smtpReply().orElse(null);
        if (reply != null && monitored) {
            rules.broken("a decision that was asked to monitor replies " + reply);
        }
        if (reply == null) {
            mail.delivered = true;
            host.accepted(mail.transaction);
        } else if (!reply.isPermanent()) {
            retry(mail);
        } else if (mail.ours && isJudgedFairly(mail)) {
            rules.broken(
                    "genuine mail was rejected: " + mail.transaction + ": " + reply + " (" + decision.reason() + ")");
        } else {
            mail.delivered = true;
        }
    }

    /** A signature has a date by the wall clock: one that was signed by another is not judged here. */
    private boolean isJudgedFairly(Mail mail) {
        return !mail.transaction.isBounce() || mail.wallOffset.equals(time.wallOffset());
    }

    private void retry(Mail mail) {
        if (mail.ours) {
            time.after(Duration.ofMinutes(5 + random.nextInt(60)), () -> offer(mail));
        }
    }

    // ---- trouble ----

    private MailHost pick() {
        return hosts[random.nextInt(HOSTS)];
    }

    private void reload() {
        for (MailHost host : hosts) {
            host.reload(true);
        }
        time.after(Duration.ofMinutes(30), () -> {
            burst();
            for (MailHost host : hosts) {
                time.after(Duration.ofMillis(random.nextInt(20_000)), () -> host.reload(false));
            }
        });
    }

    private void crash() {
        int index = random.nextInt(HOSTS);
        if (mayHaveOldFile(index)) {
            // A process that starts after a restore cannot know what was signed: docs/ses.md says what to do then.
            return;
        }
        hosts[index].crash();
        rules.crashed(hosts[index]);
        start(index);
    }

    private void redisOutage() {
        boolean losesData = random.nextBoolean();
        during(Duration.ofMinutes(40), () -> redis.stop(losesData), redis::resume);
    }

    /** Redis restarts within a second, with and after much mail. */
    private void redisRestart() {
        burst();
        time.after(Duration.ofSeconds(15), () -> {
            redis.stop(true);
            redis.resume();
            burst();
        });
    }

    private void dnsOutage() {
        during(Duration.ofMinutes(90), () -> dns.down(true), () -> dns.down(false));
        time.after(Duration.ofMinutes(1), this::genuineMail);
    }

    private void mood() {
        List<MailServers.MailServerModel> all = mailServers.all();
        MailServers.MailServerModel server = all.get(random.nextInt(all.size()));
        MailServers.Mood mood = MailServers.Mood.values()[random.nextInt(MailServers.Mood.values().length)];
        during(
                Duration.ofHours(10),
                () -> mailServers.mood(server, mood),
                () -> mailServers.mood(server, MailServers.Mood.HEALTHY));
    }

    private void clockJump() {
        for (int i = 0; i < 6; i++) {
            newMailboxWrites();
            time.after(Duration.ofHours(1 + random.nextInt(60)), this::newMailboxWrites);
        }
        time.setClockOffset(Duration.ofHours(random.nextInt(96) - 60));
    }

    private void backUp() {
        onFiles((file, index) -> backups[index] = Files.exists(file) ? Files.readAllBytes(file) : null);
    }

    private void restore() {
        onFiles((file, index) -> {
            byte @Nullable [] backup = backups[index];
            if (backup != null) {
                Files.write(file, backup);
            }
        });
    }

    private boolean mayHaveOldFile(int index) {
        boolean[] old = new boolean[1];
        onFile(index, (file, same) -> {
            byte @Nullable [] backup = backups[same];
            old[0] = backup != null && Files.exists(file) && Arrays.equals(backup, Files.readAllBytes(file));
        });
        return old[0];
    }

    private interface FileWork {
        void on(Path file, int index) throws IOException;
    }

    private void onFiles(FileWork work) {
        onFile(random.nextInt(HOSTS), work);
    }

    private void onFile(int index, FileWork work) {
        try {
            work.on(file(index), index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
