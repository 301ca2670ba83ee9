package org.senderauth.server.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Transaction;

/** A process that decides until it is killed, and prints each decision one second after it was made. */
final class KilledWriter {

    private KilledWriter() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        InstantSource clock = InstantSource.system();
        HistoryFiles files = HistoryFiles.open(
                Path.of(arguments[0]),
                new HistoryFiles.Limits(Duration.ofDays(1), 16 << 20),
                clock,
                System.err::println);
        HistoryWriter writer =
                HistoryWriter.start(files, true, clock, System::nanoTime, System.err::println, PolicyObserver.NONE);
        Transaction transaction =
                Transaction.of(IpAddresses.parse("192.0.2.1").orElseThrow(), "mail.example.org", "alice@example.org");
        record Made(String id, long at) {}
        Deque<Made> made = new ArrayDeque<>();
        SenderPolicy policy = Records.policy();
        while (true) {
            Decision decision = policy.decide(transaction);
            writer.decided(transaction, decision, Duration.ZERO);
            made.add(new Made(decision.id(), System.nanoTime()));
            while (System.nanoTime() - made.getFirst().at() > 1_000_000_000L) {
                System.out.println(made.removeFirst().id());
            }
            Thread.sleep(1);
        }
    }
}
