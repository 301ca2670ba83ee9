package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesDnsServer;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesZone;
import org.xbill.DNS.Name;

/** SES in the demo: an SPF check by anyone validates a signed sender through a real DNS query. */
final class DemoSes {

    private static final String DOMAIN = "ses.example.net";
    private static final Name ZONE = DomainNames.of("_spf_verify." + DOMAIN);

    private DemoSes() {}

    static void run(PrintWriter out, DnsClient zone) throws IOException {
        SesKey key = SesKey.of(SecretKeys.generate(new SecureRandom()));
        Ses ses = Ses.builder()
                .keyring(SesKeyring.builder().add(DOMAIN, key).build())
                .build();
        String signed =
                ses.sign(MailAddress.parse("carol@" + DOMAIN).orElseThrow()).toString();
        SesZone served = SesZone.builder(ses, "ns1.example.net").domain(DOMAIN).build();
        try (SesDnsServer server =
                SesDnsServer.builder(served).start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            DnsClient validation = ResolverDnsClient.ofServer(server.address());
            DnsClient dns =
                    (name, type) -> name.subdomain(ZONE) ? validation.query(name, type) : zone.query(name, type);
            DemoCommand.heading(out, "SES: a signed sender from any host, validated by DNS in an SPF check");
            DemoCommand.explain(out, dns, DemoCommand.SPAMMER, signed);
            DemoCommand.heading(out, "SES: the same sender without a signature");
            DemoCommand.explain(out, dns, DemoCommand.SPAMMER, "carol@" + DOMAIN);
        }
    }
}
