package org.senderauth.cli.serve;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.BatvKeys;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.OnTrouble;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepModes;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.powerdns.SigningKey;
import org.senderauth.redis.RedisSettings;
import org.senderauth.ses.SesKeyring;

/**
 * What a configuration file says, read and checked. Secrets are inside the keys and never show.
 *
 * @param hostname this host's name
 * @param domains the domains whose mail is ours
 * @param dns where the DNS is asked
 * @param listen where the service listens
 * @param limits what the mail server may ask, and for how long
 * @param exemptions who is exempt
 * @param steps what each step does
 * @param batv the BATV settings; null if there are no keys
 * @param ses the SES settings; null if there are no keys
 * @param redis what is shared with other hosts; null for nothing
 */
record ServeConfig(
        String hostname,
        List<String> domains,
        Dns dns,
        Listen listen,
        Limits limits,
        Exemptions exemptions,
        Steps steps,
        @Nullable BatvSettings batv,
        @Nullable SesSettings ses,
        @Nullable Redis redis) {

    /**
     * Where the DNS is asked.
     *
     * @param server a name server; null for the system's
     * @param zones master files that answer instead of any network; empty for none
     */
    record Dns(@Nullable InetSocketAddress server, List<Path> zones) {}

    /**
     * Where the service listens.
     *
     * @param policy policy delegation
     * @param socketmap socketmaps and readsocket
     * @param sesDns the SES zone; null for nowhere
     * @param sesPowerDns the SES zone for a PowerDNS server; null for nowhere
     * @param http metrics and health; null for nowhere
     * @param socketMode the permissions of UNIX sockets
     */
    record Listen(
            List<SocketAddress> policy,
            List<SocketAddress> socketmap,
            @Nullable InetSocketAddress sesDns,
            @Nullable Path sesPowerDns,
            @Nullable InetSocketAddress http,
            Set<PosixFilePermission> socketMode) {

        /** Whether the SES zone is served anywhere. */
        boolean servesZone() {
            return sesDns != null || sesPowerDns != null;
        }
    }

    /**
     * What the mail server may ask.
     *
     * @param connections most connections to one address
     * @param deadline how long a decision may take
     */
    record Limits(int connections, Duration deadline) {

        /** The longest deadline that may be set: mail servers wait for 100 seconds. */
        static final Duration LONGEST_DEADLINE = Duration.ofSeconds(90);

        // What has no answer by the deadline still becomes a decision, also by a deadline that a reload brings.
        private static final Duration ANSWER_TIME = LONGEST_DEADLINE.plusSeconds(5);

        /** Those of a server whose answers are decisions. */
        ServerLimits ofServer() {
            return ServerLimits.DEFAULT.withConnections(connections).withAnswerTime(ANSWER_TIME);
        }
    }

    /**
     * What each step does.
     *
     * @param modes what each step may do
     * @param onTrouble what each step does when it cannot tell
     * @param blockLists the zones of block lists; empty for none
     * @param strictness which SPF results speak against a sender
     * @param callout how other mail servers are asked
     * @param asksCallouts whether the callout is on for any mail
     */
    record Steps(
            StepModes modes,
            Map<Step, OnTrouble> onTrouble,
            List<String> blockLists,
            SpfStrictness strictness,
            CalloutSettings callout,
            boolean asksCallouts) {}

    /**
     * BATV.
     *
     * @param keys the keys
     * @param lifetimeDays how long tags are good
     * @param lowerCase whether senders are put into lower case before they are tagged
     * @param refusesUntagged whether a bounce without any tag is refused
     */
    record BatvSettings(BatvKeys keys, int lifetimeDays, boolean lowerCase, boolean refusesUntagged) {}

    /**
     * SES.
     *
     * @param keyring the keys
     * @param nameServers the names of the SES zone's servers; empty if it is not served
     * @param numbers where message ids come from; null for those that need no file
     * @param signingKey the key with which PowerDNS signs the zone; null for none
     */
    record SesSettings(
            SesKeyring keyring,
            List<String> nameServers,
            @Nullable Numbers numbers,
            @Nullable SigningKey signingKey) {}

    /**
     * Message ids from a file.
     *
     * @param file the file
     * @param servers how many servers count each for itself
     * @param server which one this is, from 0
     */
    record Numbers(Path file, int servers, int server) {}

    /**
     * Callouts.
     *
     * @param largeProviders domains with many genuine senders
     * @param trial whether a refusal is 450
     * @param port the port that mail servers are asked on
     * @param privateHosts whether mail servers with private addresses are asked as well
     * @param stateFile keeps the addresses that are known to be good over a restart; null for nowhere
     */
    record CalloutSettings(
            List<String> largeProviders,
            boolean trial,
            int port,
            boolean privateHosts,
            @Nullable Path stateFile) {}

    /**
     * What is shared with other hosts.
     *
     * @param settings where Redis is
     * @param ses what becomes of SES signatures while it is away
     */
    record Redis(RedisSettings settings, WithoutRedis ses) {}

    /** What becomes of SES signatures while Redis is away. */
    enum WithoutRedis {
        /** Nothing is said of them: try later. */
        DEFER,
        /** Each host counts and numbers them for itself. */
        COUNT_HERE
    }
}
