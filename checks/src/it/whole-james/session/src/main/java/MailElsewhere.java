import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpPeer;
import org.senderauth.testkit.SmtpRules;

/** The mail server of all domains that are not James's: it accepts all mail but that to {@code nobody@}. */
final class MailElsewhere implements AutoCloseable {

    /** A message that was accepted. */
    record Mail(String sender, String recipient, String text) {}

    private final BlockingQueue<Mail> accepted = new LinkedBlockingQueue<>();
    private final AtomicInteger rejected = new AtomicInteger();
    private final ScriptedSmtpServer server;

    MailElsewhere() throws IOException {
        server = ScriptedSmtpServer.start(SmtpRules.mailServer("8BITMIME")
                .act("RCPT TO:<nobody@", peer -> {
                    peer.say("550 5.1.1 no such user");
                    rejected.incrementAndGet();
                })
                .act("DATA", this::data));
    }

    int port() {
        return server.port();
    }

    /** Waits for the next message. */
    Mail next() {
        Await.until("James sends a message", () -> !accepted.isEmpty());
        return accepted.remove();
    }

    boolean hasMore() {
        return !accepted.isEmpty();
    }

    /** Waits until mail to {@code nobody@} was rejected so many times. */
    void awaitRejected(int times) {
        Await.until("mail to nobody@ is rejected", () -> rejected.get() >= times);
    }

    private void data(SmtpPeer peer) throws IOException {
        List<String> heard = peer.heard();
        String sender = address(heard, "MAIL");
        String recipient = address(heard, "RCPT");
        peer.say("354 go ahead");
        StringBuilder message = new StringBuilder();
        String line = peer.hear();
        while (!line.equals(".")) {
            message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            line = peer.hear();
        }
        accepted.add(new Mail(sender, recipient, message.toString()));
        peer.say("250 2.0.0 OK");
    }

    // Of the last such command.
    private static String address(List<String> heard, String verb) {
        String command = heard.stream()
                .filter(line -> line.startsWith(verb))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        return command.substring(command.indexOf('<') + 1, command.lastIndexOf('>'));
    }

    @Override
    public void close() {
        server.close();
    }
}
