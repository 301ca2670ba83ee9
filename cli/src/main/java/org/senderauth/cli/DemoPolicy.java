package org.senderauth.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.PolicyProtocol;
import org.senderauth.postfix.PolicyService;
import org.senderauth.spf.SpfVerifier;

/** The policy in the demo: a policy server on loopback, queried as Postfix does. */
final class DemoPolicy {

    private static final int TIMEOUT = (int) Duration.ofSeconds(10).toMillis();

    private DemoPolicy() {}

    static void run(PrintWriter out, DnsClient dns) throws IOException {
        DemoCommand.heading(out, "Policy: one answer to Postfix for each recipient");
        ExecutorService threads = Executors.newCachedThreadPool();
        try (MtaServer server = MtaServer.builder(new PolicyProtocol(new PolicyService(policy(dns))), threads)
                .start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            InetSocketAddress address = (InetSocketAddress) server.address();
            print(out, address, "198.51.100.7", "alice@example.org");
            print(out, address, DemoCommand.SPAMMER, "alice@example.org");
            print(out, address, DemoCommand.SPAMMER, "");
        } finally {
            threads.shutdown();
        }
    }

    private static SenderPolicy policy(DnsClient dns) {
        BounceRules rules =
                BounceRules.builder().onUnsigned(BounceAction.REJECT).build();
        Batv batv = Batv.builder().keyring(DemoCommand.keyring()).build();
        return SenderPolicy.builder(DemoCommand.RECEIVER)
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(
                        SpfVerifier.builder()
                                .dns(dns)
                                .receiver(DemoCommand.RECEIVER)
                                .build(),
                        SpfStrictness.FAIL_ONLY)
                .batv(new BounceFilter(batv, rules, InstantSource.system()))
                .build();
    }

    private static void print(PrintWriter out, InetSocketAddress server, String ip, String sender) throws IOException {
        String request = "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=" + ip
                + "\nhelo_name=client.example.net\nsender=" + sender + "\nrecipient=bob@example.com\n\n";
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT);
            socket.connect(server, TIMEOUT);
            OutputStream requests = socket.getOutputStream();
            requests.write(request.getBytes(StandardCharsets.UTF_8));
            requests.flush();
            String action = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            TerminalText.print(out, ip + " from <" + sender + ">: ", String.valueOf(action));
        }
    }
}
