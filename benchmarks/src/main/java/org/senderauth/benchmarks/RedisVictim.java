package org.senderauth.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.redis.RedisSettings;
import org.senderauth.testkit.RedisPeer;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpRules;

/** The mail server of a domain whose senders are forged: it knows nobody, and counts who is asked for. */
final class RedisVictim implements AutoCloseable {

    static final String DOMAIN = "victim.example.org";

    private final Map<String, Integer> recipients = new ConcurrentHashMap<>();
    private final ScriptedSmtpServer server;

    RedisVictim() {
        server = ScriptedSmtpServer.start(peer -> SmtpRules.mailServer("PIPELINING", "ENHANCEDSTATUSCODES")
                .act("RCPT", asked -> {
                    String command = asked.heard().get(asked.heard().size() - 1);
                    recipients.merge(command.substring(command.indexOf('<')), 1, Integer::sum);
                    asked.say("550 5.1.1 no such user");
                })
                .play(peer));
    }

    int port() {
        return server.port();
    }

    int asked() {
        return recipients.values().stream().mapToInt(Integer::intValue).sum();
    }

    int mostForOneAddress() {
        return recipients.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    void forget() {
        recipients.clear();
    }

    /** As if a Redis had been there all day: a new one begins with empty budgets. */
    static void longThere(RedisPeer redis) {
        redis.command("SET", RedisSettings.DEFAULT_PREFIX + ":start", "1 " + redis.replicationId() + " 1");
    }

    /** A verifier for whom the victim is where the domain's mail goes. */
    static CalloutVerifier verifier(int port, CalloutLimits limits, CalloutState state) {
        ZoneDnsClient dns = ZoneDnsClient.builder()
                .text("*.example.org. 300 IN A 127.0.0.1\n*.victim.example.org. 300 IN A 127.0.0.1\n" + DOMAIN
                        + ". 300 IN A 127.0.0.1\n")
                .build();
        ProbeSettings settings = ProbeSettings.builder("asker.example.net")
                .port(port)
                .addressFilter(InetAddress::isLoopbackAddress)
                .build();
        return CalloutVerifier.builder(SmtpProber.of(dns, settings))
                .limits(limits)
                .state(state)
                .clock(InstantSource.system())
                .build();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
