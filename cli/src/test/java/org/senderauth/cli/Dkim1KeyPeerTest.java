package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.LoopbackDnsServer;
import picocli.CommandLine;

/** Key files and records of {@code dkim2 keygen} serve the DKIM1 programs of others, as its help says. */
class Dkim1KeyPeerTest {

    private static final Path MAILAUTH = Path.of(
            System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers"), "mailauth", "node_modules", "mailauth");

    private static final String PERL = """
            use strict; use Mail::DKIM::Signer; use Mail::DKIM::Verifier; use Mail::DKIM::DNS; use Net::DNS;
            my ($key, $port) = @ARGV;
            Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, udp_timeout => 20));
            my $mail = "From: alice\\@example.org\\015\\012Subject: Lunch\\015\\012\\015\\012Hello\\015\\012";
            my $signer = Mail::DKIM::Signer->new(Algorithm => 'rsa-sha256', Method => 'relaxed',
                Domain => 'example.org', Selector => 'mail', KeyFile => $key);
            $signer->PRINT($mail); $signer->CLOSE;
            my $verifier = Mail::DKIM::Verifier->new;
            $verifier->PRINT($signer->signature->as_string . "\\015\\012" . $mail); $verifier->CLOSE;
            print $verifier->result_detail, "\\n";
            """;

    private static final String NODE = """
            const fs = require('fs'); const dns = require('dns').promises;
            const [modules, key, port] = process.argv.slice(2);
            const { dkimSign } = require(modules + '/lib/dkim/sign'); const { dkimVerify } = require(modules + '/lib/dkim/verify');
            const mail = 'From: alice@example.org\\r\\nSubject: Lunch\\r\\n\\r\\nHello\\r\\n';
            const resolver = new dns.Resolver({ timeout: 20000 }); resolver.setServers(['127.0.0.1:' + port]);
            (async () => {
                const signed = await dkimSign(mail, { signatureData: [
                    { signingDomain: 'example.org', selector: 'mail', privateKey: fs.readFileSync(key) }] });
                const { results } = await dkimVerify(signed.signatures + mail,
                    { resolver: (name, type) => resolver.resolve(name, type) });
                console.log(results.map(r => r.status.result + ' ' + r.algo).join(' '));
            })();
            """;

    @TempDir
    Path folder;

    private Path key;

    private LoopbackDnsServer publish(String type) throws IOException {
        key = folder.resolve("mail.pem");
        StringWriter out = new StringWriter();
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out));
        int status = command.execute(
                "dkim2", "keygen", "--type", type, "--domain", "example.org", "--selector", "mail", key.toString());
        assertThat(status).isZero();
        return LoopbackDnsServer.serving(ZoneDnsClient.builder()
                .text(out.toString().lines().findFirst().orElseThrow() + "\n")
                .build());
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("peer.out");
        try (PeerProcess peer = PeerProcess.start(folder, log, command)) {
            peer.process().waitFor();
        }
        return Files.readString(log).strip();
    }

    @Test
    void mailDkimOfPerlVerifiesWithRecord() throws Exception {
        Path perl = PeerProcess.program("perl");
        if (Stream.of("/usr/share/perl5", "/usr/local/share/perl5")
                .noneMatch(path -> Files.exists(Path.of(path, "Mail/DKIM/Verifier.pm")))) {
            throw PeerProcess.missing("Mail::DKIM (libmail-dkim-perl) is not installed");
        }
        // It does not support Ed25519.
        try (LoopbackDnsServer dns = publish("rsa")) {
            Path script = Files.writeString(folder.resolve("verify.pl"), PERL);
            assertThat(run(List.of(
                            perl.toString(),
                            script.toString(),
                            key.toString(),
                            Integer.toString(dns.address().getPort()))))
                    .isEqualTo("pass");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ed25519"})
    void mailauthOfNodeVerifiesWithRecord(String type) throws Exception {
        if (!Files.exists(MAILAUTH)) {
            throw new TestAbortedException(
                    "skipped: mailauth is not installed; .ci/peers installs it where npm is at hand");
        }
        Path node = PeerProcess.program("node");
        try (LoopbackDnsServer dns = publish(type)) {
            Path script = Files.writeString(folder.resolve("verify.js"), NODE);
            assertThat(run(List.of(
                            node.toString(),
                            script.toString(),
                            MAILAUTH.toString(),
                            key.toString(),
                            Integer.toString(dns.address().getPort()))))
                    .isEqualTo("pass " + type + "-sha256");
        }
    }
}
