package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.peers.PeerProcess;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerifier;
import org.xbill.DNS.SimpleResolver;

/**
 * SPF checkers that use one resolver: ours, pyspf and Mail::SPF.
 *
 * @param resolverPort the port of the resolver on loopback
 * @param patience how long our own checker waits for a response
 */
record SpfCheckers(int resolverPort, Duration patience) {

    private static final String PYTHON = """
            import sys, dns.resolver
            resolver = dns.resolver.Resolver(configure=False)
            resolver.nameservers = ['127.0.0.1']
            resolver.port = int(sys.argv[1])
            dns.resolver.default_resolver = resolver
            import spf
            print(spf.check2(i=sys.argv[2], s=sys.argv[3], h='mail.example.net')[0])
            """;
    private static final String PERL = """
            use Net::DNS::Resolver; use Mail::SPF;
            my $resolver = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $ARGV[0], recurse => 1);
            my $server = Mail::SPF::Server->new(dns_resolver => $resolver);
            my $request = Mail::SPF::Request->new(
                scope => 'mfrom', identity => $ARGV[2], ip_address => $ARGV[1], helo_identity => 'mail.example.net');
            print $server->process($request)->code, "\\n";
            """;

    /** The results in lower case, ours first. */
    List<String> all(String client, String sender) throws Exception {
        return List.of(
                ours(client, sender),
                run(PeerProcess.program("/usr/bin/python3").toString(), "-c", PYTHON, client, sender),
                run(PeerProcess.program("perl").toString(), "-e", PERL, client, sender));
    }

    private String ours(String client, String sender) throws Exception {
        SpfVerifier spf = SpfVerifier.builder().dns(dns()).build();
        return spf.verify(SpfQuery.mailFrom(InetAddress.getByName(client), sender, "mail.example.net"))
                .verdict()
                .name()
                .toLowerCase(Locale.ROOT);
    }

    private String run(String program, String option, String script, String client, String sender) throws Exception {
        Process process = new ProcessBuilder(program, option, script, Integer.toString(resolverPort), client, sender)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        if (output.contains("No module named") || output.contains("Can't locate")) {
            throw PeerProcess.missing("python3-spf with dnspython or libmail-spf-perl is not installed");
        }
        return output;
    }

    /** Our client of the resolver. */
    DnsClient dns() {
        SimpleResolver resolver =
                new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), resolverPort));
        resolver.setTimeout(patience);
        return ResolverDnsClient.of(resolver);
    }
}
