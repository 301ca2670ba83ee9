package org.senderauth.ses;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;
import org.senderauth.dns.DnsZone;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneAnswer;
import org.senderauth.dns.ZoneApex;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The public validation lookup: the response to a DNS query, without any socket. The SPF record {@code v=spf1 mx
 * exists:%{lr=}._spf_verify.%{d} -all} makes every SPF verifier query the A record of the signed local part below
 * {@code _spf_verify.<domain>} (RFC 7208 appendix D.1); the answer is 127.0.0.2 for a valid signature and NODATA for
 * anything else. Names of the terms {@code %{l=}} and {@code %{l}} are answered as well, by every zone. {@link SesDnsServer} serves it.
 *
 * <p>Clients do not learn why a signature is invalid, unless status records are enabled. Immutable and thread-safe.
 */
public final class SesZone implements DnsZone {

    /** The label of the zone, as in RFC 7208 appendix D.1. */
    public static final String DEFAULT_LABEL = "_spf_verify";

    /** The default of {@link Builder#ttl}. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(60);

    /** The address of a valid signature. */
    public static final String VALID_ADDRESS = "127.0.0.2";

    private static final byte[] VALID = {127, 0, 0, 2};

    private static final List<Integer> ADDRESS_ONLY = List.of(Type.A);
    private static final ZoneAnswer REFUSED = new ZoneAnswer.Refused();

    /** One zone: its name, its domain (null if the question names it), its records. */
    private record Apex(@Nullable String domain, ZoneApex records) {}

    private final Ses ses;
    private final Map<Name, Apex> zones;
    private final int longestZone;
    private final long ttl;
    private final boolean status;

    private SesZone(Builder builder, Map<Name, Apex> zones) {
        this.ses = builder.ses;
        this.zones = zones;
        this.longestZone = zones.keySet().stream().mapToInt(Name::labels).max().orElseThrow();
        this.ttl = builder.ttl.toSeconds();
        this.status = builder.status;
    }

    /**
     * Returns a builder of a zone.
     *
     * @param ses verifies the addresses
     * @param nameServers the names of the servers to which the zone is delegated, the primary one first
     * @return a builder
     * @throws IllegalArgumentException if there is none, or one is not a domain name
     */
    public static Builder builder(Ses ses, String... nameServers) {
        return new Builder(ses, List.of(nameServers));
    }

    @Override
    public CompletableFuture<ZoneAnswer> answer(Name name, int type, int dclass) {
        int labels = name.labels();
        if (dclass != DClass.IN || type == Type.ANY || type == Type.AXFR || type == Type.IXFR) {
            return done(REFUSED);
        }
        for (int left = Math.max(0, labels - longestZone); left < labels; left++) {
            Apex zone = zones.get(left == 0 ? name : new Name(name, left));
            if (zone != null) {
                return left == 0 ? done(zone.records().answer(type)) : below(zone, name, left, type);
            }
        }
        return done(REFUSED);
    }

    @Override
    public List<Name> names() {
        return List.copyOf(zones.keySet());
    }

    // Without TXT: a query for the status counts as a use.
    @Override
    public List<Integer> types(Name name) {
        return zones.keySet().stream().anyMatch(name::subdomain) ? ADDRESS_ONLY : List.of();
    }

    private CompletableFuture<ZoneAnswer> below(Apex zone, Name name, int left, int type) {
        ZoneAnswer none = new ZoneAnswer.NoData(zone.records().soa());
        if (type != Type.A && !(type == Type.TXT && status)) {
            return done(none);
        }
        LookupName asked = LookupName.read(name, left, zone.domain());
        if (asked == null) {
            return done(none);
        }
        return verified(asked, 0).thenApply(result -> {
            if (result.verdict() == SesVerdict.UNAVAILABLE) {
                return new ZoneAnswer.ServerFailure();
            }
            if (type == Type.TXT) {
                return result.verdict() == SesVerdict.UNSIGNED ? none : status(name, result);
            }
            return result.isValid()
                    ? new ZoneAnswer.Records(List.of(new ARecord(name, DClass.IN, ttl(result), VALID)))
                    : none;
        });
    }

    /** Verifies each possible address of the name, until one is authentic. */
    private CompletableFuture<SesResult> verified(LookupName asked, int index) {
        CompletableFuture<SesResult> result =
                ses.verifyAsync(asked.addresses().get(index), VerificationPurpose.PUBLIC, asked.client());
        return index + 1 == asked.addresses().size()
                ? result
                : result.thenCompose(first -> first.signature().isPresent() || first.verdict() == SesVerdict.UNAVAILABLE
                        ? CompletableFuture.completedFuture(first)
                        : verified(asked, index + 1));
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

    /** The TTL: no response outlives its signature. */
    private long ttl(SesResult result) {
        return result.signature()
                .flatMap(SesSignature::expires)
                .map(end -> Duration.between(ses.clock().instant(), end).toSeconds())
                .map(left -> Math.max(0, Math.min(ttl, left)))
                .orElse(ttl);
    }

    private static CompletableFuture<ZoneAnswer> done(ZoneAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** A builder of {@link SesZone}. Not thread-safe. */
    public static final class Builder {

        private final Ses ses;
        private final List<Name> nameServers;
        private final Map<String, @Nullable String> domains = new HashMap<>();
        private String label = DEFAULT_LABEL;
        private @Nullable Name hostmaster;
        private Duration ttl = DEFAULT_TTL;
        private boolean status;

        private Builder(Ses ses, List<String> nameServers) {
            if (nameServers.isEmpty()) {
                throw new IllegalArgumentException("nameServers must not be empty");
            }
            this.ses = Objects.requireNonNull(ses, "ses");
            this.nameServers = nameServers.stream().map(DomainNames::of).toList();
        }

        /**
         * Serves the zone of a domain, for the term {@code exists:%{lr=}._spf_verify.%{d}}, and with the client's
         * address {@code exists:%{lr=}._i.%{i}._spf_verify.%{d}}.
         *
         * @param domain the domain whose senders are signed
         */
        public Builder domain(String domain) {
            String name = MailDomain.require(domain, "domain");
            domains.put(name, SesKeyring.canonical(name));
            return this;
        }

        /**
         * Serves a zone for many domains, for the term {@code exists:%{lr=}._at_.%{o}._spf_verify.<provider>}, which an
         * SPF record may include.
         *
         * @param provider the provider's domain
         */
        public Builder provider(String provider) {
            domains.put(MailDomain.require(provider, "provider"), null);
            return this;
        }

        /**
         * Sets the first label of every zone's name; by default {@value #DEFAULT_LABEL}.
         *
         * @param text a label
         */
        public Builder label(String text) {
            this.label = MailDomain.require(text, "label");
            return this;
        }

        /**
         * Sets the mailbox of the SOA record; by default {@code hostmaster} at the domain.
         *
         * @param mailbox the mailbox as a domain name, with a dot for the {@code @}
         * @throws IllegalArgumentException if it is not a domain name
         */
        public Builder hostmaster(String mailbox) {
            this.hostmaster = DomainNames.require(mailbox, "hostmaster");
            return this;
        }

        /**
         * Sets the TTL of responses, positive or negative; by default a minute. A longer time lets a replayed signature
         * live longer; a shorter one does not bound replays.
         *
         * @param time whole seconds, from 1 to a day
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder ttl(Duration time) {
            this.ttl = ZoneApex.requireTtl(time);
            return this;
        }

        /**
         * Sets whether TXT queries return the status of a signature, {@code v=ses1; r=valid|bad|expired|replay; ttl=60}; by
         * default they do not, since it shows outsiders more than an A record does. A TXT query counts as a lookup.
         *
         * @param served whether they return it
         */
        public Builder status(boolean served) {
            this.status = served;
            return this;
        }

        /**
         * Builds the zone.
         *
         * @throws IllegalArgumentException if there is no domain, a zone's name is not a domain name, or a name
         *     server's name is in a zone, which has no address records
         */
        public SesZone build() {
            if (domains.isEmpty()) {
                throw new IllegalArgumentException("missing domain; call domain(...) or provider(...)");
            }
            Map<Name, Apex> zones = new HashMap<>();
            domains.forEach((served, domain) -> {
                Name name = DomainNames.of(label + '.' + served);
                zones.put(name, apex(name, served, domain));
            });
            return new SesZone(this, Map.copyOf(zones));
        }

        private Apex apex(Name name, String served, @Nullable String domain) {
            Name mailbox = hostmaster == null ? DomainNames.of("hostmaster." + served) : hostmaster;
            return new Apex(domain, ZoneApex.of(name, nameServers, mailbox, ttl));
        }
    }
}
