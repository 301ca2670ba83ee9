import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;

class VirtualThreads {

    private static final int SESSIONS = 10_000;

    public static void main(String[] arguments) throws Exception {
        DnsClient zone = ZoneDnsClient.builder()
                .text("example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n")
                .build();
        // A DNS that is far away: each of the sessions below waits for it.
        DnsClient dns = (name, type) -> zone.query(name, type)
                .thenApplyAsync(answer -> answer, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        SpfQuery query = SpfQuery.mailFrom(InetAddress.getByName("192.0.2.1"), "bob@example.net", "mail.example.net");

        List<Future<SpfVerdict>> verdicts = new ArrayList<>();
        // docs: virtual threads
        try (ExecutorService sessions = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SESSIONS; i++) {
                verdicts.add(sessions.submit(() -> spf.verify(query).verdict()));
            }
        }
        // docs: end
        for (Future<SpfVerdict> verdict : verdicts) {
            if (verdict.get() != SpfVerdict.PASS) {
                throw new IllegalStateException("a verdict is " + verdict.get());
            }
        }
        System.out.println(SESSIONS + " sessions");
    }
}
