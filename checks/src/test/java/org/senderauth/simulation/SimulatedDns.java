package org.senderauth.simulation;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;

/** A DNS whose answers are late, out of order, or absent while it is down. */
final class SimulatedDns {

    private static final int TIMEOUT_MILLIS = 4_000;

    private final ZoneDnsClient zone;
    private final Random random;
    private final PlantedFault fault;
    private boolean down;

    SimulatedDns(String zone, Random random, PlantedFault fault) {
        this.zone = ZoneDnsClient.builder().text(zone).build();
        this.random = random;
        this.fault = fault;
    }

    void down(boolean now) {
        down = now;
    }

    /** The client of a host, which waits for answers as long as the host lives. */
    DnsClient of(MailHost host) {
        return (name, type) -> {
            boolean fails = down && random.nextInt(3) > 0 || random.nextInt(100) == 0;
            CompletableFuture<DnsAnswer> answer = new CompletableFuture<>();
            if (fails) {
                host.after(Duration.ofMillis(random.nextInt(TIMEOUT_MILLIS)), () -> answer.complete(failure()));
            } else {
                host.after(
                        Duration.ofMillis(random.nextInt(300)),
                        () -> zone.query(name, type).thenAccept(answer::complete));
            }
            return answer;
        };
    }

    private DnsAnswer failure() {
        return fault == PlantedFault.DNS_FAILURE_IS_ABSENCE
                ? new DnsAnswer.NoSuchDomain(null, 60)
                : new Unavailable(random.nextBoolean() ? Cause.TIMEOUT : Cause.SERVER_FAILURE, "simulated");
    }
}
