package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.InMemoryCalloutState;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.ses.FileMessageIds;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.ses.MessageIds;
import org.senderauth.ses.ReplayLedger;

/** What outlives a reload: what was counted, learnt and cached must not be forgotten for a change of a setting. */
final class Memory implements AutoCloseable {

    private final InstantSource clock;
    private final MemoryReplayLedger ledger;
    private final InMemoryCalloutState callouts;
    private ServeConfig.@Nullable Dns asked;
    private @Nullable DnsClient dns;
    private boolean fixed;
    private MessageIds ownMessageIds = MessageIds.ofRandomStart(new SecureRandom());
    private boolean numbersInFile;
    private @Nullable Shared shared;

    Memory(InstantSource clock) {
        this.clock = clock;
        this.ledger = MemoryReplayLedger.create(clock, MemoryReplayLedger.DEFAULT_SIZE);
        this.callouts = InMemoryCalloutState.create(CalloutLimits.DEFAULT, clock);
    }

    InstantSource clock() {
        return clock;
    }

    /** Shares with other hosts from now on what would be of this host alone. */
    void share(ServeConfig.Redis wanted, PrintWriter log, Meters meters) {
        shared = Shared.connect(wanted, ledger, clock, log, meters);
    }

    /** Numbers messages from a file from now on, also where the rest is shared. */
    void number(ServeConfig.Numbers wanted) {
        ownMessageIds = MessageIds.ofServer(FileMessageIds.in(wanted.file()), wanted.servers(), wanted.server());
        numbersInFile = true;
    }

    ReplayLedger ledger() {
        return shared == null ? ledger : shared.ledger();
    }

    MessageIds messageIds() {
        return shared == null || numbersInFile ? ownMessageIds : shared.messageIds();
    }

    CalloutState callouts() {
        return shared == null ? callouts : shared.callouts();
    }

    /** What this host remembers itself; nothing if it shares. */
    InMemoryCalloutState ownCallouts() {
        return callouts;
    }

    /** How much this host has learnt of callouts itself, shared or not. */
    InMemoryCalloutState.Figures calloutFigures() {
        return shared == null ? callouts.figures() : shared.ownFigures();
    }

    @Override
    public void close() {
        if (shared != null) {
            shared.close();
        }
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
