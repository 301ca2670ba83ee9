import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;

class Library {

    private final SpfVerifier spf;
    private final Batv batv;

    Library(DnsClient dns, BatvKeyring keys) {
        spf = SpfVerifier.builder().dns(dns).receiver("mx.example.org").build();
        batv = Batv.builder().keyring(keys).build();
    }

    // docs: blocking
    String replyToMail(InetAddress client, String helo, String sender) {
        SpfResult result = spf.verify(SpfQuery.mailFrom(client, sender, helo));
        return result.smtpReply().map(SmtpReply::toString).orElse("250 2.1.0 Ok");
    }
    // docs: end

    // docs: event loop
    void onMail(InetAddress client, String helo, String sender, Executor loop, Consumer<SpfResult> answer) {
        CompletionStage<SpfResult> result = spf.verifyAsync(SpfQuery.mailFrom(client, sender, helo));
        result.thenAcceptAsync(answer, loop);
    }
    // docs: end

    String outbound(String sender) {
        return batv.sign(MailAddress.of(sender)).toString();
    }

    public static void main(String[] arguments) throws Exception {
        DnsClient dns = ZoneDnsClient.builder()
                .text("example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n")
                .build();
        Library library = new Library(dns, BatvKeyring.of(SecretKeys.of(new byte[20])));
        InetAddress stranger = InetAddress.getByName("198.51.100.1");
        System.out.println(library.replyToMail(stranger, "mail.example.net", "bob@example.net"));

        ExecutorService loop = Executors.newSingleThreadExecutor();
        library.onMail(InetAddress.getByName("192.0.2.1"), "mail.example.net", "bob@example.net", loop, result -> {
            System.out.println(result.verdict());
            loop.shutdown();
        });
        loop.awaitTermination(1, TimeUnit.MINUTES);

        System.out.println(library.outbound("alice@example.org").startsWith("prvs=") ? "signed" : "not signed");
    }
}
