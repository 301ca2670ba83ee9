package org.senderauth.benchmarks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Random;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.RedisPeer;
import org.senderauth.redis.RedisSettings;

/** Mail with senders forged at one domain, from clients all over, and a host that gets it. */
final class JoeJob {

    /** The domain of the forged senders. */
    static final String DOMAIN = "victim.example.org";

    private final Random clients;

    /** Mail whose clients are always the same ones for the same seed. */
    JoeJob(long seed) {
        this.clients = new Random(seed);
    }

    /** A message of one of the forged senders, from the next client. */
    CalloutRequest message(int sender, CalloutRequest.Spf spf) throws UnknownHostException {
        byte[] client = {(byte) 198, 18, (byte) clients.nextInt(256), (byte) clients.nextInt(256)};
        return CalloutRequest.sender("user" + sender + "@" + DOMAIN)
                .client(InetAddress.getByAddress(client))
                .spf(spf)
                .build();
    }

    /** A host for whom the victim is where the domain's mail goes. */
    static CalloutVerifier host(int victimPort, CalloutLimits limits, CalloutState state) {
        ZoneDnsClient dns = ZoneDnsClient.builder()
                .text("*.example.org. 300 IN A 127.0.0.1\n*.victim.example.org. 300 IN A 127.0.0.1\n" + DOMAIN
                        + ". 300 IN A 127.0.0.1\n")
                .build();
        ProbeSettings settings = ProbeSettings.builder("asker.example.net")
                .port(victimPort)
                .addressFilter(InetAddress::isLoopbackAddress)
                .build();
        return CalloutVerifier.builder(SmtpProber.of(dns, settings))
                .limits(limits)
                .state(state)
                .clock(InstantSource.system())
                .build();
    }

    /** As if Redis had been running all day: a new one starts with empty buckets. */
    static void longThere(RedisPeer redis) {
        redis.command("SET", RedisSettings.DEFAULT_PREFIX + ":start", "1 " + redis.replicationId() + " 1");
    }
}
