import java.net.InetAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerifier;

class SpfOnly {
    public static void main(String[] arguments) throws Exception {
        SpfVerifier spf = SpfVerifier.builder()
                .dns(ZoneDnsClient.builder()
                        .text("example.org. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n")
                        .build())
                .build();
        for (String client : new String[] {"192.0.2.1", "192.0.2.2"}) {
            InetAddress address = InetAddress.getByName(client);
            System.out.println(spf.verify(SpfQuery.mailFrom(address, "alice@example.org", "mail.example.org"))
                    .verdict());
        }
        System.out.println(DomainNames.toAscii("b\u00fccher.example").isPresent());
        try {
            DomainNames.of("b\u00fccher.example");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        try {
            SecretKeys.derive(SecretKeys.of(new byte[16]), "batv", "example.org");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
