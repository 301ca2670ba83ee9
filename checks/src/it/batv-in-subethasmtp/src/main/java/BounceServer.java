import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.Scanner;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.Bounce;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.MessageContent;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SmtpReply;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** A server that rejects forged bounces, at the end of each message. */
class BounceServer {

    private static final Batv BATV =
            Batv.builder().keyring(BatvKeyring.of(SecretKeys.of(new byte[20]))).build();
    private static final BounceFilter FILTER =
            new BounceFilter(BATV, BounceRules.defaults(), InstantSource.system());

    private static final class Session implements MessageHandler {
        private String sender = "";
        private String recipient = "";

        @Override
        public void from(String from) {
            sender = from;
        }

        @Override
        public void recipient(String to) {
            recipient = to;
        }

        @Override
        public String data(InputStream data) throws RejectException, IOException {
            MailAddress from = sender.isEmpty() ? null : MailAddress.of(sender);
            Bounce bounce = Bounce.to(from, MailAddress.of(recipient)).with(MessageContent.read(data));
            SmtpReply reply = FILTER.decide(bounce).smtpReply().orElse(null);
            if (reply != null) {
                throw new RejectException(reply.code(), reply.enhancedCode() + " " + reply.text());
            }
            return null;
        }

        @Override
        public void done() {}
    }

    private static String bounce(int port, String recipient) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                Scanner in = new Scanner(socket.getInputStream(), "US-ASCII");
                PrintStream out = new PrintStream(socket.getOutputStream(), true, "US-ASCII")) {
            String reply = in.nextLine();
            for (String line : new String[] {
                "HELO client.example.com",
                "MAIL FROM:<>",
                "RCPT TO:<" + recipient + ">",
                "DATA",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\ntext\r\n."
            }) {
                out.print(line + "\r\n");
                out.flush();
                reply = in.nextLine();
            }
            return reply;
        }
    }

    public static void main(String[] arguments) throws IOException {
        SMTPServer server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .messageHandlerFactory(context -> new Session())
                .build();
        server.start();
        MailAddress alice = MailAddress.of("alice@example.org");
        System.out.println(bounce(server.getPortAllocated(), alice.toString()));
        System.out.println(bounce(server.getPortAllocated(), BATV.sign(alice).toString()));
        server.stop();
    }
}
