package org.senderauth.spf.zone;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DnsZone;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneAnswer;
import org.senderauth.dns.ZoneApex;
import org.senderauth.spf.flatten.AuthorizedNetworks;
import org.senderauth.spf.flatten.SpfFlattener;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.NetworkSet;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Serves the networks of a record to one client at a time: a domain with any number of senders then needs one lookup, and
 * no flattened record is published. The domain publishes <code>v=spf1 include:%{ir}.%{v}._spf.example.org -all</code>, or
 * <code>exists:</code> instead of <code>include:</code>, and delegates {@code _spf.example.org}. A TXT query gets a
 * record that passes this client or none; an A query gets {@value #AUTHORIZED_ADDRESS} or no record.
 *
 * <p>{@link #refresh} reads the record again, with all that it includes. Networks that were read once are kept while the
 * DNS of a provider fails; before that queries get SERVFAIL, which SPF takes as a temporary error. A record that depends on
 * the sender, or on more of the client than its address, is not served, and neither is one that every client passes.
 *
 * <p>Thread-safe.
 */
public final class SpfZone implements DnsZone {

    /** The default of {@link Builder#label}. */
    public static final String DEFAULT_LABEL = "_spf";

    /** The default of {@link Builder#ttl}. */
    public static final Duration DEFAULT_TTL = Duration.ofMinutes(5);

    /** The address for a client that passes. */
    public static final String AUTHORIZED_ADDRESS = "127.0.0.2";

    /** The maximum number of served records. */
    public static final int MAX_RECORDS = 1_000;

    private static final byte[] AUTHORIZED = {127, 0, 0, 2};
    private static final ZoneAnswer REFUSED = new ZoneAnswer.Refused();
    private static final ZoneAnswer UNKNOWN = new ZoneAnswer.ServerFailure();
    private static final List<Integer> TYPES = List.of(Type.A, Type.TXT);

    private static final class Served {
        final ZoneApex apex;
        volatile ServedRecord state;

        Served(ZoneApex apex, ServedRecord state) {
            this.apex = apex;
            this.state = state;
        }
    }

    private final Map<Name, Served> zones;
    private final SpfFlattener flattener;
    private final InstantSource clock;
    private final long ttl;
    private final int longestZone;

    private SpfZone(Map<Name, Served> zones, SpfFlattener flattener, InstantSource clock, Duration ttl) {
        this.zones = Map.copyOf(zones);
        this.flattener = flattener;
        this.clock = clock;
        this.ttl = ttl.toSeconds();
        this.longestZone = zones.keySet().stream().mapToInt(Name::labels).max().orElseThrow();
    }

    /**
     * Returns a builder.
     *
     * @param dns reads the records and all that they include; not through a cache that outlives their TTL
     * @param nameServers the names of the servers to which the zones are delegated, the primary one first
     */
    public static Builder builder(DnsClient dns, String... nameServers) {
        return new Builder(dns, List.of(nameServers));
    }

    /**
     * Returns the record if it is valid.
     *
     * @param record the record's text
     * @throws IllegalArgumentException if it is not; the message says where
     */
    public static String requireRecord(String record) {
        if (!SpfParser.isSpf(Objects.requireNonNull(record, "record"))) {
            throw new IllegalArgumentException("an SPF record begins with \"v=spf1\"");
        }
        SpfParseResult parse = SpfParser.parse(record);
        if (!parse.problems().isEmpty()) {
            throw new IllegalArgumentException(parse.problems().get(0).message());
        }
        return record;
    }

    /**
     * Reads all records again, one after the other; waits for the DNS. What cannot be read stays as it was.
     *
     * @return the state of each record
     */
    public List<ServedRecord> refresh() {
        zones.values().forEach(served -> served.state = read(served.state));
        return records();
    }

    private ServedRecord read(ServedRecord before) {
        AuthorizedNetworks.Outcome outcome = flattener.networks(before.domain(), before.source());
        if (!(outcome instanceof AuthorizedNetworks.Found found)) {
            return before.failed(((AuthorizedNetworks.Unusable) outcome).reason());
        }
        AuthorizedNetworks networks = found.networks();
        if (!networks.dynamic().isEmpty()) {
            AuthorizedNetworks.Entry first = networks.dynamic().get(0);
            return before.failed("\"" + first.term() + "\" of " + String.join(" > ", first.path())
                    + " depends on more than the client's address; put it into the published record instead");
        }
        if (networks.end().startsWith("redirect=")) {
            return before.failed(
                    "\"" + networks.end() + "\" depends on the sender; put it into the published record instead");
        }
        if (networks.authorized().isEverything(true) || networks.authorized().isEverything(false)) {
            return before.failed("every client passes");
        }
        return before.read(networks.authorized(), clock.instant());
    }

    /** {@return the state of each record} */
    public List<ServedRecord> records() {
        return zones.values().stream().map(served -> served.state).toList();
    }

    @Override
    public CompletableFuture<ZoneAnswer> answer(Name name, int type, int dclass) {
        return CompletableFuture.completedFuture(now(name, type, dclass));
    }

    private ZoneAnswer now(Name name, int type, int dclass) {
        if (dclass != DClass.IN || type == Type.ANY || type == Type.AXFR || type == Type.IXFR) {
            return REFUSED;
        }
        for (int left = Math.max(0, name.labels() - longestZone); left < name.labels(); left++) {
            Served served = zones.get(left == 0 ? name : new Name(name, left));
            if (served != null) {
                return left == 0 ? served.apex.answer(type) : below(served, name, left, type);
            }
        }
        return REFUSED;
    }

    private ZoneAnswer below(Served served, Name name, int labels, int type) {
        ZoneAnswer none = new ZoneAnswer.NoData(served.apex.soa());
        Optional<IpAddress> client = ClientName.read(name, labels);
        if (client.isEmpty() || !TYPES.contains(type)) {
            return none;
        }
        NetworkSet networks = served.state.networks();
        if (networks == null) {
            return UNKNOWN;
        }
        boolean passes = networks.contains(client.get());
        if (type == Type.A) {
            return passes ? new ZoneAnswer.Records(List.of(address(name))) : none;
        }
        // The record names the client, so that it passes no other one if it is queried or cached by mistake.
        String term = (client.get().isIp4() ? "ip4:" : "ip6:") + client.get() + " ";
        String record = "v=spf1 " + (passes ? term : "") + "-all";
        return new ZoneAnswer.Records(List.of(new TXTRecord(name, DClass.IN, ttl, record)));
    }

    private Record address(Name name) {
        try {
            return new ARecord(name, DClass.IN, ttl, InetAddress.getByAddress(AUTHORIZED));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    @Override
    public List<Name> names() {
        return List.copyOf(zones.keySet());
    }

    @Override
    public List<Integer> types(Name name) {
        return zones.keySet().stream().anyMatch(name::subdomain) ? TYPES : List.of();
    }

    /** A builder of {@link SpfZone}. Not thread-safe. */
    public static final class Builder {

        private final DnsClient dns;
        private final List<Name> nameServers;
        private final Map<String, String> records = new LinkedHashMap<>();
        private final List<ServedRecord> known = new ArrayList<>();
        private String label = DEFAULT_LABEL;
        private Duration ttl = DEFAULT_TTL;
        private InstantSource clock = InstantSource.system();
        private @Nullable Name hostmaster;

        private Builder(DnsClient dns, List<String> nameServers) {
            this.dns = DnsClient.guarded(Objects.requireNonNull(dns, "dns"));
            this.nameServers = nameServers.stream().map(DomainNames::of).toList();
        }

        /**
         * Serves a record.
         *
         * @param domain the domain whose published record refers to the zone
         * @param record the record whose networks are served, evaluated as if the domain published it
         * @throws IllegalArgumentException if the domain is not a valid domain name, or the record is not valid
         */
        public Builder record(String domain, String record) {
            requireRecord(record);
            records.put(DomainNames.text(DomainNames.of(domain).canonicalize()), record);
            return this;
        }

        /**
         * Adopts the answers of another zone for the same records, so that a change of settings loses no answers.
         *
         * @param before the state of another zone
         */
        public Builder known(List<ServedRecord> before) {
            known.addAll(Objects.requireNonNull(before, "known"));
            return this;
        }

        /**
         * Sets the label of the zones; by default {@value #DEFAULT_LABEL}.
         *
         * @param label the labels before the domain
         */
        public Builder label(String label) {
            this.label = MailDomain.require(label, "label");
            return this;
        }

        /**
         * Sets the time to live of the answers; by default 5 minutes.
         *
         * @param time the time, 1 s to 1 day
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder ttl(Duration time) {
            this.ttl = ZoneApex.requireTtl(time);
            return this;
        }

        /**
         * Sets the mailbox of the SOA records; by default {@code hostmaster} at the domain.
         *
         * @param name the mailbox as a name
         * @throws IllegalArgumentException if it is not a valid domain name
         */
        public Builder hostmaster(String name) {
            this.hostmaster = DomainNames.require(name, "hostmaster");
            return this;
        }

        /**
         * Sets the clock that dates what is read; by default the system's clock.
         *
         * @param clock the clock
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the zone. It serves what is {@link #known}, and nothing before the first {@link #refresh} else.
         *
         * @throws IllegalArgumentException if there is no record or there are more than {@value #MAX_RECORDS}, if there is
         *     no name server, or one is in a zone, which has no address records
         */
        public SpfZone build() {
            if (records.isEmpty() || records.size() > MAX_RECORDS) {
                throw new IllegalArgumentException(
                        "records must be between 1 and " + MAX_RECORDS + ", were " + records.size());
            }
            Map<Name, Served> zones = new HashMap<>();
            records.forEach((domain, record) -> {
                Name name = DomainNames.of(label + "." + domain);
                Name mailbox = hostmaster == null ? DomainNames.of("hostmaster." + domain) : hostmaster;
                zones.put(name, new Served(ZoneApex.of(name, nameServers, mailbox, ttl), before(domain, record)));
            });
            return new SpfZone(zones, SpfFlattener.of(dns), clock, ttl);
        }

        private ServedRecord before(String domain, String record) {
            return known.stream()
                    .filter(state ->
                            state.domain().equals(domain) && state.source().equals(record))
                    .findFirst()
                    .orElse(new ServedRecord(domain, record, null, null, "not read yet"));
        }
    }
}
