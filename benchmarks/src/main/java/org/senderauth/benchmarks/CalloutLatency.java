package org.senderauth.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeListener;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.ZoneDnsClient;

/**
 * The time that an uncached result takes: each verifier verifies new addresses, one after the
 * other, of one Exim. {@code CalloutLatency TARGET EXIM POSTFIX} with the ports of the target, of an Exim and of a
 * Postfix that call senders out, as {@code callout.sh} starts them.
 */
public final class CalloutLatency {

    private static final int OURS = 200;
    private static final int EXIMS = 40;
    private static final int POSTFIXES = 8;

    private CalloutLatency() {}

    private interface Asker {
        /** Verifies an address and waits for the result, which must be a rejection. */
        void ask(String address) throws IOException;
    }

    /**
     * Measures and prints a table.
     *
     * @param args the three ports
     * @throws IOException if a peer is not there
     */
    public static void main(String[] args) throws IOException {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        String run = Long.toString(ProcessHandle.current().pid(), 36);
        SmtpProber prober = SmtpProber.of(
                ZoneDnsClient.builder().build(),
                ProbeSettings.builder("asker.example.net").build());
        System.out.println("| asker | answers | median | least | most |");
        System.out.println("|---|---|---|---|---|");
        measure("senderauth", OURS, run, address -> askOurselves(prober, target, address));
        measure("Exim", EXIMS, run, address -> askServer(Integer.parseInt(args[1]), address));
        measure("Postfix", POSTFIXES, run, address -> askServer(Integer.parseInt(args[2]), address));
    }

    private static void measure(String name, int times, String run, Asker asker) throws IOException {
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            String address = "nobody-" + name.toLowerCase(Locale.ROOT) + run + i + "@target.example";
            long begun = System.nanoTime();
            asker.ask(address);
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        Arrays.sort(millis);
        System.out.printf(
                "| %s | %d | %.1f ms | %.1f ms | %.1f ms |%n",
                name, times, millis[times / 2], millis[0], millis[times - 1]);
    }

    // Until the verdict; RSET and QUIT come after it, in another thread, as a server would have it.
    private static void askOurselves(SmtpProber prober, InetSocketAddress target, String address) {
        CompletableFuture<ProbeReport> verdict = new CompletableFuture<>();
        ProbeRequest request = new ProbeRequest(
                MailAddress.of(address), null, ProbeReport.TriState.UNKNOWN, List.of(target), new HostLimiter() {
                    @Override
                    public Leave enter(String name, InetAddress host) {
                        return new Entered(false, false);
                    }

                    @Override
                    public void leave(InetAddress host) {}
                });
        new Thread(() -> prober.probe(request, new ProbeListener() {
                    @Override
                    public void verdict(ProbeReport report) {
                        verdict.complete(report);
                    }

                    @Override
                    public void finished(ProbeReport report) {}
                }))
                .start();
        if (verdict.join().reason() != CalloutReason.NO_SUCH_MAILBOX) {
            throw new IllegalStateException("unexpected answer: " + verdict.join());
        }
    }

    // One message as far as RCPT; the time of the greeting and of MAIL is in it, and is small.
    private static void askServer(int port, String address) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            reply(in);
            command(in, out, "EHLO client.example.net");
            command(in, out, "MAIL FROM:<" + address + ">");
            String answer = command(in, out, "RCPT TO:<me@asker.example>");
            if (!answer.startsWith("5")) {
                throw new IllegalStateException("unexpected answer: " + answer);
            }
            command(in, out, "QUIT");
        }
    }

    private static String command(BufferedReader in, OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return reply(in);
    }

    private static String reply(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && line.startsWith("-", 3)) {
            line = in.readLine();
        }
        return String.valueOf(line);
    }
}
