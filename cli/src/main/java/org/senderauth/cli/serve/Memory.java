package org.senderauth.cli.serve;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.InMemoryCalloutState;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.ses.MessageIds;

/** What outlives a reload: what was counted, learnt and cached must not be forgotten for a change of a setting. */
final class Memory {

    private final InstantSource clock;
    private final MemoryReplayLedger ledger;
    private final MessageIds messageIds = MessageIds.ofRandomStart(new SecureRandom());
    private final InMemoryCalloutState callouts;
    private ServeConfig.@Nullable Dns asked;
    private @Nullable DnsClient dns;
    private boolean fixed;

    Memory(InstantSource clock) {
        this.clock = clock;
        this.ledger = MemoryReplayLedger.create(clock, MemoryReplayLedger.DEFAULT_SIZE);
        this.callouts = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock);
    }

    InstantSource clock() {
        return clock;
    }

    MemoryReplayLedger ledger() {
        return ledger;
    }

    MessageIds messageIds() {
        return messageIds;
    }

    InMemoryCalloutState callouts() {
        return callouts;
    }

    /** Answers with this client, whatever a configuration asks for. */
    synchronized void answerWith(DnsClient client) {
        dns = client;
        fixed = true;
    }

    /** The DNS that a configuration asks for, with the cache that it had; master files are read anew. */
    synchronized DnsClient dns(ServeConfig.Dns wanted, UnaryOperator<DnsClient> watch) throws IOException {
        DnsClient known = dns;
        if (known != null && (fixed || wanted.equals(asked) && wanted.zones().isEmpty())) {
            return known;
        }
        DnsClient made = wanted.zones().isEmpty()
                ? CachingDnsClient.over(watch.apply(
                        wanted.server() == null
                                ? ResolverDnsClient.ofSystem()
                                : ResolverDnsClient.ofServer(wanted.server())))
                : ZoneDnsClient.ofFiles(wanted.zones());
        asked = wanted;
        dns = made;
        return made;
    }
}
