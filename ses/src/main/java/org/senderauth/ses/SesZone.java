package org.senderauth.ses;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The public validation look-up: a decision on a DNS question, without any socket. The SPF record {@code v=spf1 mx
 * exists:%{l}._spf_verify.%{d} -all} makes every SPF verifier ask for the A record of the signed local part below
 * {@code _spf_verify.<domain>} (RFC 7208 appendix D.1); the answer is 127.0.0.2 for a valid signature and nothing for
 * anything else. {@link SesDnsServer} serves it.
 *
 * <p>Nobody learns why a signature is refused, unless the status records are switched on. Immutable and thread-safe.
 */
public final class SesZone {

    /** The label of the zone, as in RFC 7208 appendix D.1. */
    public static final String DEFAULT_LABEL = "_spf_verify";

    /** How long resolvers may keep an answer. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(60);

    /** What a valid signature resolves to. */
    public static final String VALID_ADDRESS = "127.0.0.2";

    private static final byte[] VALID = {127, 0, 0, 2};
    private static final Duration SOA_REFRESH = Duration.ofHours(1);
    private static final Duration SOA_RETRY = Duration.ofMinutes(10);
    private static final Duration SOA_EXPIRE = Duration.ofDays(1);

    private static final ZoneAnswer REFUSED = new ZoneAnswer.Refused();

    /** One zone: its name, its domain (null if the question names it), its records. */
    private record Apex(@Nullable String domain, SOARecord soa, List<Record> nameServers) {}

    private final Ses ses;
    private final Map<Name, Apex> zones;
    private final int longestZone;
    private final long ttl;
    private final boolean status;
    private final boolean split;

    private SesZone(Builder builder, Map<Name, Apex> zones) {
        this.ses = builder.ses;
        this.zones = zones;
        this.longestZone = zones.keySet().stream().mapToInt(Name::labels).max().orElseThrow();
        this.ttl = builder.ttl.toSeconds();
        this.status = builder.status;
        this.split = builder.split;
    }

    /**
     * Starts a zone.
     *
     * @param ses verifies the addresses
     * @param nameServers the names of the servers to which the zone is delegated, the primary one first
     * @return a builder
     * @throws IllegalArgumentException if there is none, or one is not a domain name
     */
    public static Builder builder(Ses ses, String... nameServers) {
        return new Builder(ses, List.of(nameServers));
    }

    /**
     * Answers a question.
     *
     * @param name the name, absolute; its case does not matter and is kept in the answer
     * @param type the type, as in {@link Type}
     * @param dclass the class, as in {@link DClass}
     * @return the answer; it never completes exceptionally
     */
    public CompletionStage<ZoneAnswer> answer(Name name, int type, int dclass) {
        int labels = name.labels();
        if (dclass != DClass.IN || type == Type.ANY || type == Type.AXFR || type == Type.IXFR) {
            return done(REFUSED);
        }
        for (int left = Math.max(0, labels - longestZone); left < labels; left++) {
            Apex zone = zones.get(left == 0 ? name : new Name(name, left));
            if (zone != null) {
                return left == 0 ? done(atApex(zone, type)) : below(zone, name, left, type);
            }
        }
        return done(REFUSED);
    }

    /**
     * The zones that are served.
     *
     * @return their names
     */
    public List<Name> names() {
        return List.copyOf(zones.keySet());
    }

    private static ZoneAnswer atApex(Apex zone, int type) {
        return switch (type) {
            case Type.SOA -> new ZoneAnswer.Records(List.of(zone.soa()));
            case Type.NS -> new ZoneAnswer.Records(zone.nameServers());
            default -> new ZoneAnswer.NoData(zone.soa());
        };
    }

    private CompletionStage<ZoneAnswer> below(Apex zone, Name name, int left, int type) {
        ZoneAnswer none = new ZoneAnswer.NoData(zone.soa());
        if (type != Type.A && !(type == Type.TXT && status)) {
            return done(none);
        }
        ZoneName asked = ZoneName.read(name, left, zone.domain(), split);
        if (asked == null) {
            return done(none);
        }
        return ses.verifyAsync(asked.address(), SesUse.PUBLIC, asked.client()).thenApply(result -> {
            if (result.verdict() == SesVerdict.TRY_LATER) {
                return new ZoneAnswer.ServerFailure();
            }
            if (type == Type.TXT) {
                return result.verdict() == SesVerdict.NOT_SES ? none : status(name, result);
            }
            return result.isValid()
                    ? new ZoneAnswer.Records(List.of(new ARecord(name, DClass.IN, ttl(result), VALID)))
                    : none;
        });
    }

    private ZoneAnswer status(Name name, SesResult result) {
        String word = switch (result.verdict()) {
            case VALID -> "valid";
            case EXPIRED -> "expired";
            case REPLAY -> "replay";
            default -> "bad";
        };
        long seconds = result.isValid() ? ttl(result) : 0;
        String text = "v=ses1; r=" + word + "; ttl=" + seconds;
        return new ZoneAnswer.Records(List.of(new TXTRecord(name, DClass.IN, Math.min(ttl, seconds), text)));
    }

    /** No answer outlives its signature. */
    private long ttl(SesResult result) {
        SesSignature signature = result.signature();
        if (signature == null || signature.expires() == null) {
            return ttl;
        }
        long left = Duration.between(ses.clock().instant(), signature.expires()).toSeconds();
        return Math.max(0, Math.min(ttl, left));
    }

    private static CompletionStage<ZoneAnswer> done(ZoneAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** Sets up a {@link SesZone}. Not thread-safe. */
    public static final class Builder {

        private final Ses ses;
        private final List<Name> nameServers;
        private final Map<String, @Nullable String> domains = new HashMap<>();
        private String label = DEFAULT_LABEL;
        private @Nullable Name hostmaster;
        private Duration ttl = DEFAULT_TTL;
        private boolean status;
        private boolean split;

        private Builder(Ses ses, List<String> nameServers) {
            if (nameServers.isEmpty()) {
                throw new IllegalArgumentException("a zone needs at least one name server");
            }
            this.ses = ses;
            this.nameServers = nameServers.stream().map(DomainNames::of).toList();
        }

        /**
         * Serves the zone of a domain, for the term {@code exists:%{l}._spf_verify.%{d}}, and with the client's address
         * {@code exists:%{l}._i.%{i}._spf_verify.%{d}}.
         *
         * @param domain the domain whose senders are signed
         * @return this
         */
        public Builder domain(String domain) {
            domains.put(domain, SesKeyring.canonical(domain));
            return this;
        }

        /**
         * Serves a zone for many domains, for the term {@code exists:%{l}._at_.%{o}._spf_verify.<provider>}, which an
         * SPF record may include.
         *
         * @param provider the provider's domain
         * @return this
         */
        public Builder provider(String provider) {
            domains.put(provider, null);
            return this;
        }

        /**
         * The first label of every zone's name; by default {@value #DEFAULT_LABEL}.
         *
         * @param text a label
         * @return this
         */
        public Builder label(String text) {
            this.label = text;
            return this;
        }

        /**
         * The mailbox of the SOA record; by default {@code hostmaster} at the domain.
         *
         * @param mailbox the mailbox as a domain name, with a dot for the {@code @}
         * @return this
         * @throws IllegalArgumentException if it is not a domain name
         */
        public Builder hostmaster(String mailbox) {
            this.hostmaster = DomainNames.of(mailbox);
            return this;
        }

        /**
         * How long resolvers may keep an answer, good or not; by default a minute. A longer time lets a replayed
         * signature live longer.
         *
         * @param time whole seconds, from 1 to a day
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder ttl(Duration time) {
            if (time.toSeconds() < 1 || time.toDays() > 0 && !time.equals(Duration.ofDays(1))) {
                throw new IllegalArgumentException("a TTL must be a second to a day, not " + time);
            }
            this.ttl = time;
            return this;
        }

        /**
         * Whether TXT questions get the status of a signature, {@code v=ses1; r=valid|bad|expired|replay; ttl=60}; by
         * default they do not: it tells outsiders more than an A record does. A TXT question counts as a look-up.
         *
         * @param served whether they do
         * @return this
         */
        public Builder status(boolean served) {
            this.status = served;
            return this;
        }

        /**
         * Whether names have the form of the term {@code exists:%{l=}._ses.%{d}}, where every {@code =} has become a
         * dot. Only for domains without any {@code =} in their local parts: {@code a=b} and {@code a.b} are the same
         * name here.
         *
         * @param wanted whether they have
         * @return this
         */
        public Builder splitAtEquals(boolean wanted) {
            this.split = wanted;
            return this;
        }

        /**
         * The zone.
         *
         * @return the zone
         * @throws IllegalArgumentException if there is no domain, a zone's name is no domain name, or a name server's
         *     name stands in a zone, which has no address records
         */
        public SesZone build() {
            if (domains.isEmpty()) {
                throw new IllegalArgumentException("a zone needs a domain: call domain(...) or provider(...)");
            }
            Map<Name, Apex> zones = new HashMap<>();
            domains.forEach((served, domain) -> {
                Name name = DomainNames.of(label + '.' + served);
                for (Name server : nameServers) {
                    if (server.subdomain(name)) {
                        throw new IllegalArgumentException(
                                "the name server " + server + " stands in the zone " + name + " itself");
                    }
                }
                zones.put(name, apex(name, served, domain));
            });
            return new SesZone(this, Map.copyOf(zones));
        }

        private Apex apex(Name name, String served, @Nullable String domain) {
            long seconds = ttl.toSeconds();
            Name mailbox = hostmaster == null ? DomainNames.of("hostmaster." + served) : hostmaster;
            SOARecord soa = new SOARecord(
                    name,
                    DClass.IN,
                    seconds,
                    nameServers.get(0),
                    mailbox,
                    1,
                    SOA_REFRESH.toSeconds(),
                    SOA_RETRY.toSeconds(),
                    SOA_EXPIRE.toSeconds(),
                    seconds);
            List<Record> servers = nameServers.stream()
                    .<Record>map(server -> new NSRecord(name, DClass.IN, SOA_REFRESH.toSeconds(), server))
                    .toList();
            return new Apex(domain, soa, servers);
        }
    }
}
