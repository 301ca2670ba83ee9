package org.senderauth.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKeyFile;
import org.subethamail.smtp.server.SMTPServer;

/** Starts an {@link InboundServer} for one mailbox. */
final class StartInboundServer {

    private StartInboundServer() {}

    public static void main(String[] arguments) throws IOException {
        DnsClient dns = CachingDnsClient.of(ResolverDnsClient.system());
        Batv batv = Batv.builder().keys(BatvKeyFile.read(Path.of("batv.keys"))).build();
        Ses ses = Ses.builder().keyring(SesKeyFile.read(Path.of("ses.keys"))).build();
        Set<String> domains = Set.of("example.org");
        SmtpProber prober =
                SmtpProber.of(dns, ProbeSettings.builder("mx.example.org").build());
        CalloutVerifier callout =
                CalloutVerifier.builder(prober).ownDomains(domains).build();
        SenderPolicy policy = InboundServer.fiveDefenses("mx.example.org", domains, dns, batv, ses, callout);
        SignatureStripper stripper = SignatureStripper.of(batv).or(SignatureStripper.of(ses));
        InboundServer inbound = new InboundServer(
                policy, stripper, "alice@example.org"::equals, mail -> System.out.println(mail.sender()));
        inbound.on(SMTPServer.port(25).hostName("mx.example.org")).build().start();
    }
}
