package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.ProbeTimeouts;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/**
 * Floods of mail with forged senders, verified by this library, with a real Exim and a real Postfix as its targets: mostly
 * 300 mails, 50 at a time. The RCPT commands are counted in the target's own log.
 */
class RealTargetsTest {

    private static final Path POSTFIX = Path.of("/opt/senderauth-peers/postfix");
    private static final int MAILS = 300;
    private static final int AT_A_TIME = 50;

    // Callers wait for the slow target too, however busy the machine is.
    private static final CalloutLimits LIMITS =
            CalloutLimits.DEFAULT.toBuilder().responseTimeout(Await.LIMIT).build();

    /** A target, and how its log shows a RCPT command. */
    private record Target(int port, Path log, String recipient) {

        long count(String text) {
            try {
                return Files.exists(log)
                        ? Files.readString(log, StandardCharsets.UTF_8)
                                .lines()
                                .filter(line -> line.contains(text))
                                .count()
                        : 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits for lines that the target writes after it has said its last word. */
        void await(String text, long times) {
            Await.until(times + " lines with " + text, () -> count(text) >= times);
        }

        long recipients() {
            return count(recipient);
        }
    }

    @Test
    void eximGetsFewCommands(@TempDir Path folder) throws Exception {
        Path exim = PeerProcess.program("exim4");
        needsRoot();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = PeerProcess.freePort();
        Path configuration = folder.resolve("exim.conf");
        String template;
        try (var in = RealTargetsTest.class.getResourceAsStream("/peers/exim-target.conf")) {
            template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Files.writeString(
                configuration, template.replace("@DIR@", folder.toString()).replace("@PORT@", Integer.toString(port)));
        for (String name : List.of("spool", "log")) {
            Files.createDirectory(folder.resolve(name));
            run("chown", "Debian-exim:Debian-exim", folder.resolve(name).toString());
        }
        List<String> command = List.of(exim.toString(), "-C", configuration.toString(), "-bdf");
        try (PeerProcess peer = PeerProcess.start(folder, folder.resolve("out"), command)) {
            peer.awaitTcp(port, Await.LIMIT);
            Target target = new Target(port, folder.resolve("log/mainlog"), "RCPT-SEEN");
            long sessions = attacks(target);

            // Every session ended with QUIT, and none reached DATA.
            String polite = "SMTP connection from (asker.example) [127.0.0.1] closed by QUIT";
            target.await(polite, sessions);
            assertThat(target.count(polite)).isEqualTo(sessions);
            assertThat(target.count("DATA-SEEN")).isZero();

            verifiesRecipients(target);

            // A banner with 554 or 421: one connection for all, and no sender is rejected.
            Files.createFile(folder.resolve("refuse"));
            Flood refused = flood(target, i -> "user" + i + "@refusing.example");
            assertThat(target.count("GREETED-554")).isEqualTo(1);
            assertThat(refused.replies()).containsExactly(Map.entry("pass", MAILS));
            Files.move(folder.resolve("refuse"), folder.resolve("busy"));
            Flood putOff = flood(target, i -> "user" + i + "@refusing.example");
            assertThat(target.count("GREETED-421")).isEqualTo(1);
            assertThat(putOff.replies()).doesNotContainKey("550");
        }
    }

    @Test
    void postfixGetsFewCommands(@TempDir Path folder) throws Exception {
        Path bash = PeerProcess.program("bash");
        PeerProcess.program("unshare");
        PeerProcess.program(POSTFIX.resolve("usr/sbin/postfix").toString());
        needsRoot();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = PeerProcess.freePort();
        Path script = folder.resolve("target.sh");
        try (var in = RealTargetsTest.class.getResourceAsStream("/peers/postfix-target.sh")) {
            Files.copy(in, script);
        }
        List<String> command = List.of(
                bash.toString(), script.toString(), folder.toString(), Integer.toString(port), POSTFIX.toString());
        try (PeerProcess peer = PeerProcess.start(folder, folder.resolve("out"), command)) {
            peer.awaitTcp(port, Await.LIMIT);
            // It accepts no message: DATA is rejected. Postfix counts the commands of a session when it ends: "rcpt=1",
            // or
            // "rcpt=0/1" if it was refused.
            Target target = new Target(port, folder.resolve("postfix.log"), " rcpt=");
            attacks(target);
            verifiesRecipients(target);
        }
    }

    /** All floods, and how many sessions they made. */
    private static long attacks(Target target) throws Exception {
        Flood atOnce = flood(target, 50, 50, i -> "alice@unknown1.example");
        assertThat(atOnce.probes()).isEqualTo(1);

        Flood slow = flood(target, 40, 40, i -> "alice@slow.example");
        assertThat(slow.probes()).isEqualTo(1);
        assertThat(slow.replies()).containsExactly(Map.entry("pass", 40));

        Flood one = flood(target, i -> "alice@unknown1.example");
        // The sender's RCPT and one for a random local part, in one session.
        assertThat(one.probes()).isEqualTo(1);
        assertThat(one.rcpts()).isLessThanOrEqualTo(2);

        Flood oneUnknown = flood(target, i -> "nobody@unknown2.example");
        assertThat(oneUnknown.rcpts()).isEqualTo(1);
        assertThat(oneUnknown.replies()).containsExactly(Map.entry("550", MAILS));

        Flood unknown = flood(target, i -> "user" + i + "@unknown3.example");
        assertThat(unknown.rcpts()).isBetween(1L, 20L);

        Flood catchAll = flood(target, i -> "user" + i + "@catchall.example");
        assertThat(catchAll.rcpts()).isEqualTo(2);

        Flood tempfail = flood(target, i -> "same@tempfail.example");
        assertThat(tempfail.rcpts()).isEqualTo(1);
        assertThat(tempfail.replies()).containsExactly(Map.entry("451", MAILS));

        Flood policy = flood(target, i -> "user" + i + "@blocked.example");
        assertThat(policy.rcpts()).isBetween(1L, 3L);
        assertThat(policy.replies()).containsExactly(Map.entry("pass", MAILS));

        List<Flood> all = List.of(atOnce, slow, one, oneUnknown, unknown, catchAll, tempfail, policy);
        long sent = all.stream().mapToLong(Flood::rcpts).sum();
        if (target.recipient().equals("RCPT-SEEN")) {
            assertThat(target.recipients()).as("the target counts as we do").isEqualTo(sent);
        } else {
            target.await(target.recipient(), 1);
            assertThat(target.recipients()).as("sessions").isLessThanOrEqualTo(sent);
        }
        return all.stream().mapToLong(Flood::connections).sum();
    }

    // The target is the host with the mailboxes of a gateway.
    private static void verifiesRecipients(Target target) {
        InetSocketAddress inside = new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port());
        InetAddress client = IpAddresses.parse("198.51.100.1").orElseThrow();
        try (CalloutVerifier verifier = CalloutVerifier.builder(prober(target.port()))
                .limits(LIMITS)
                .callforward("unknown1.example", List.of(inside))
                .callforward("tempfail.example", List.of(inside))
                .build()) {
            assertThat(verifier.verifyRecipient(MailAddress.of("alice@unknown1.example"), client)
                            .verdict())
                    .isEqualTo(CalloutVerdict.DELIVERABLE);
            for (int i = 0; i < AT_A_TIME; i++) {
                assertThat(verifier.verifyRecipient(MailAddress.of("user" + i + "@unknown1.example"), client)
                                .smtpReply()
                                .map(Object::toString))
                        .contains("550 5.1.1 Recipient address rejected: user unknown");
            }
            assertThat(verifier.verifyRecipient(MailAddress.of("alice@tempfail.example"), client)
                            .smtpReply()
                            .map(Object::toString))
                    .contains("450 4.1.1 Recipient address not verified, try again later");
        }
    }

    /** What became of a flood. */
    private record Flood(long probes, long connections, long rcpts, Map<String, Integer> replies) {}

    private static Flood flood(Target target, IntFunction<String> sender) throws Exception {
        return flood(target, MAILS, AT_A_TIME, sender);
    }

    private static Flood flood(Target target, int mails, int atATime, IntFunction<String> sender) throws Exception {
        CalloutCounters counters = new CalloutCounters();
        try (CalloutVerifier verifier = CalloutVerifier.builder(prober(target.port()))
                .limits(LIMITS)
                .observer(counters)
                .build()) {
            Semaphore lanes = new Semaphore(atATime);
            CountDownLatch open = new CountDownLatch(mails);
            List<CompletableFuture<CalloutResult>> results = new ArrayList<>();
            for (int i = 0; i < mails; i++) {
                assertThat(lanes.tryAcquire(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                CalloutRequest request = CalloutRequest.sender(sender.apply(i))
                        .client(IpAddresses.parse("198.51.100." + (i % 250 + 1)).orElseThrow())
                        .build();
                results.add(verifier.verifyAsync(request).whenComplete((result, failure) -> {
                    lanes.release();
                    open.countDown();
                }));
            }
            assertThat(open.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            Map<String, Integer> replies = new java.util.TreeMap<>();
            for (CompletableFuture<CalloutResult> result : results) {
                var reply = result.join().smtpReply();
                replies.merge(reply.map(given -> Integer.toString(given.code())).orElse("pass"), 1, Integer::sum);
            }
            // The last sessions may still be saying QUIT.
            Await.until("the end of every probe", () -> counters.inFlight() == 0);
            Map<String, Long> counts = counters.counts();
            long probes = counts.entrySet().stream()
                    .filter(count -> count.getKey().startsWith("callout.probes{")
                            && !count.getKey().contains("stage=NONE"))
                    .filter(count -> !count.getKey().contains("stage=DNS"))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            return new Flood(probes, sum(counts, "callout.connections{"), sum(counts, "callout.rcpts{"), replies);
        }
    }

    private static long sum(Map<String, Long> counts, String name) {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().startsWith(name))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static SmtpProber prober(int port) {
        StringBuilder zone =
                new StringBuilder("$ORIGIN example.\n@ 60 IN SOA ns h 1 2 3 4 60\nmx.peer 60 IN A 127.0.0.1\n");
        for (String domain :
                List.of("unknown1", "unknown2", "unknown3", "catchall", "tempfail", "blocked", "slow", "refusing")) {
            zone.append(domain).append(" 60 IN MX 10 mx.peer\n");
        }
        DnsClient dns = ZoneDnsClient.builder().text(zone.toString()).build();
        return SmtpProber.of(
                dns,
                ProbeSettings.builder("asker.example")
                        .port(port)
                        .addressFilter(address -> true)
                        .timeouts(ProbeTimeouts.of(Await.LIMIT, Await.LIMIT.multipliedBy(6)))
                        .build());
    }

    private static void needsRoot() {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw PeerProcess.missing("the target changes to a user of its own, which needs root");
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
