package org.senderauth.server;

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
import org.senderauth.milter.OwnMail;
import org.senderauth.milter.Relays;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.TempfailAction;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.powerdns.SigningKey;
import org.senderauth.redis.RedisSettings;
import org.senderauth.server.web.WebSettings;
import org.senderauth.ses.SesKeyring;
import org.senderauth.spf.SpfLimits;

/**
 * A configuration file, read and checked. Secrets are inside the keys and never shown.
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
 * @param spfZone the served SPF records; null if there are none
 * @param srs the SRS settings; null if there are no keys
 * @param dkim2 the DKIM2 settings; null if there are no keys
 * @param milter which mail the milter signs
 * @param redis what is shared with other hosts; null for nothing
 * @param lists the files with lists, as they were when they were read
 * @param history how decisions are kept
 * @param web who may use the web pages; null if they are not served
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
        @Nullable SpfZoneSettings spfZone,
        @Nullable SrsSettings srs,
        @Nullable Dkim2Settings dkim2,
        MilterSettings milter,
        @Nullable Redis redis,
        Map<Path, FileStamp> lists,
        HistorySettings history,
        @Nullable WebSettings web) {

    /**
     * The source of DNS answers.
     *
     * @param server a name server; null for the system's
     * @param zones zone files that answer DNS queries, offline; empty for none
     */
    record Dns(@Nullable InetSocketAddress server, List<Path> zones) {}

    /**
     * The addresses of the service.
     *
     * @param policy policy delegation
     * @param socketmap socketmaps and readsocket
     * @param milter the milter protocol
     * @param milterBeforeDkim the milter protocol, for the filter that runs before the DKIM verifier
     * @param nameServer the SES zone and the served SPF records; null for nowhere
     * @param powerDns the same for a PowerDNS server; null for nowhere
     * @param http metrics and health; null for nowhere
     * @param web the web pages; null for nowhere
     * @param control the socket of the command, for its owner; null for nowhere
     * @param socketMode the permissions of UNIX sockets
     */
    record Listen(
            List<SocketAddress> policy,
            List<SocketAddress> socketmap,
            List<SocketAddress> milter,
            List<SocketAddress> milterBeforeDkim,
            @Nullable InetSocketAddress nameServer,
            @Nullable Path powerDns,
            @Nullable InetSocketAddress http,
            @Nullable SocketAddress web,
            @Nullable SocketAddress control,
            Set<PosixFilePermission> socketMode) {

        /** Tests whether zones are served anywhere. */
        boolean servesZones() {
            return nameServer != null || powerDns != null;
        }
    }

    /**
     * The limits of the requests of mail servers.
     *
     * @param connections most connections to one address
     * @param deadline how long a decision may take
     * @param invalidPerNetwork the invalid signatures of one network in an hour above which it is deferred
     * @param invalidPerMailbox the same for one mailbox
     */
    record Limits(int connections, Duration deadline, int invalidPerNetwork, int invalidPerMailbox) {

        /** The longest deadline that may be set: mail servers wait for 100 seconds. */
        static final Duration LONGEST_DEADLINE = Duration.ofSeconds(90);

        // Sendmail waits 10 seconds for an answer at RCPT unless its configuration says otherwise.
        private static final Duration LONGEST_MILTER_DEADLINE = Duration.ofSeconds(8);

        // What has no answer by the deadline still becomes a decision, also by a deadline that a reload brings.
        private static final Duration ANSWER_TIME = LONGEST_DEADLINE.plusSeconds(5);

        /** The time that a decision may take that a milter answers with. */
        Duration ofMilter() {
            return deadline.compareTo(LONGEST_MILTER_DEADLINE) < 0 ? deadline : LONGEST_MILTER_DEADLINE;
        }

        /** Those of a server whose answers are decisions. */
        ServerLimits ofServer() {
            return ServerLimits.DEFAULT.withConnections(connections).withAnswerTime(ANSWER_TIME);
        }
    }

    /**
     * The settings of the steps.
     *
     * @param modes what each step may do
     * @param onTempfail what each step does when it cannot tell
     * @param blockLists the zones of block lists; empty for none
     * @param strictness which SPF results speak against a sender
     * @param spfLimits the limits of an SPF check
     * @param dkimVerifier the name of the DKIM verifier that may override an SPF failure in the milter; null for none
     * @param callout how other mail servers are asked
     * @param asksCallouts whether the callout is on for any mail
     * @param callforward how recipients of a gateway are verified
     * @param isOn whether any step is on for any mail
     */
    record Steps(
            StepModes modes,
            Map<Step, TempfailAction> onTempfail,
            List<String> blockLists,
            SpfStrictness strictness,
            SpfLimits spfLimits,
            @Nullable String dkimVerifier,
            CalloutSettings callout,
            boolean asksCallouts,
            CallforwardSettings callforward,
            boolean isOn) {}

    /**
     * BATV.
     *
     * @param keys the keys
     * @param lifetimeDays how long tags are good
     * @param lowerCase whether senders are put into lower case before they are tagged
     * @param rejectUntagged when a bounce without any tag is rejected
     */
    record BatvSettings(BatvKeys keys, int lifetimeDays, boolean lowerCase, Rejections rejectUntagged) {}

    /**
     * The milter.
     *
     * @param sign with what outbound mail is signed
     * @param own which mail is outbound
     * @param relays the hosts that hand mail for us on
     * @param unsignedDomains domains to which mail goes unsigned; those with a leading dot are all subdomains
     */
    record MilterSettings(SignWith sign, OwnMail own, Relays relays, Set<String> unsignedDomains) {

        /** Tests whether mail to a domain goes unsigned. */
        boolean isUnsigned(String recipientDomain) {
            String domain = ConfigValues.domain(recipientDomain).orElse(recipientDomain);
            boolean found = unsignedDomains.contains(domain);
            for (int dot = domain.indexOf('.'); dot > 0 && !found; dot = domain.indexOf('.', dot + 1)) {
                found = unsignedDomains.contains(domain.substring(dot));
            }
            return found;
        }
    }

    /** With what outbound mail is signed. */
    enum SignWith {
        /** With nothing. */
        OFF,
        /** With BATV. */
        BATV,
        /** With SES. */
        SES
    }

    /**
     * The stage at which each protocol rejects a bounce without a tag or a signature.
     *
     * @param ofPolicy the policy protocol, which never sees the content
     * @param ofMilter the milter
     */
    record Rejections(RejectUntagged ofPolicy, RejectUntagged ofMilter) {}

    /** The stage at which a bounce without a tag or a signature is rejected. */
    enum RejectUntagged {
        /** At RCPT, whatever it is. */
        AT_RCPT,
        /**
         * At the end of the message, if its content is a bounce. Only a milter sees that: the policy protocol accepts the
         * bounce at RCPT, for a mail server that asks both.
         */
        BY_CONTENT,
        /** Never. */
        NEVER
    }

    /**
     * SES.
     *
     * @param keyring the keys
     * @param nameServers the names of the SES zone's servers; empty if it is not served
     * @param numbers where message ids come from; null for those that need no file
     * @param signingKey the key with which PowerDNS signs the zone; null for none
     * @param rejectUnsigned when bounces to unsigned addresses are rejected
     */
    record SesSettings(
            SesKeyring keyring,
            List<String> nameServers,
            @Nullable Numbers numbers,
            @Nullable SigningKey signingKey,
            Rejections rejectUnsigned) {}

    /**
     * Served SPF records.
     *
     * @param records the records whose networks are served, by domain
     * @param nameServers the names of the zones' servers
     * @param refresh the time between two attempts to read the records again
     * @param ttl the time to live of answers
     * @param signingKey the key with which PowerDNS signs the zones; null for none, or that of the SES zone
     */
    record SpfZoneSettings(
            Map<String, String> records,
            List<String> nameServers,
            Duration refresh,
            Duration ttl,
            @Nullable SigningKey signingKey) {}

    /** The key with which PowerDNS signs all zones; null for none. */
    @Nullable
    SigningKey signingKey() {
        SigningKey own = ses == null ? null : ses.signingKey();
        return own != null || spfZone == null ? own : spfZone.signingKey();
    }

    /**
     * Message ids from a file.
     *
     * @param file the file
     * @param servers how many servers count each for itself
     * @param server which one this is, from 0
     */
    record Numbers(Path file, int servers, int server) {}

    /**
     * The settings of the state that is shared with other hosts.
     *
     * @param settings where Redis is
     * @param ses the treatment of SES signatures while it is unavailable
     */
    record Redis(RedisSettings settings, SesOnOutage ses) {}

    /** The treatment of SES signatures while Redis is unavailable. */
    enum SesOnOutage {
        /** Defer: signing and verification report a temporary failure. */
        DEFER,
        /** Each host counts uses and issues serial numbers alone. */
        LOCAL
    }
}
