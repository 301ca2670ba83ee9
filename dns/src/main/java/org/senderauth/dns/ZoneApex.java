package org.senderauth.dns;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * The records at the top of a {@link DnsZone}. Immutable.
 *
 * @param soa the SOA record
 * @param nameServers the NS records, at least one
 */
public record ZoneApex(SOARecord soa, List<Record> nameServers) {

    /** The shortest time to live of a zone's answers. */
    public static final Duration MIN_TTL = Duration.ofSeconds(1);

    /** The longest time to live of a zone's answers. */
    public static final Duration MAX_TTL = Duration.ofDays(1);

    private static final Duration REFRESH = Duration.ofHours(1);
    private static final Duration RETRY = Duration.ofMinutes(10);
    private static final Duration EXPIRE = Duration.ofDays(1);

    /** Creates the apex; the list is copied. */
    public ZoneApex {
        nameServers = List.copyOf(nameServers);
    }

    /**
     * Creates the records of a zone.
     *
     * @param name the name of the zone
     * @param nameServers the names of its servers, the primary one first
     * @param hostmaster the mailbox of the SOA record as a name
     * @param ttl the time to live of its answers, negative ones included
     * @return the records
     * @throws IllegalArgumentException if there is no name server, or one is in the zone, which has no address records
     */
    public static ZoneApex of(Name name, List<Name> nameServers, Name hostmaster, Duration ttl) {
        if (nameServers.isEmpty()) {
            throw new IllegalArgumentException("nameServers must not be empty");
        }
        for (Name server : nameServers) {
            if (server.subdomain(name)) {
                throw new IllegalArgumentException("name server " + server + " must not be in its own zone " + name);
            }
        }
        long seconds = ttl.toSeconds();
        SOARecord soa = new SOARecord(
                name,
                DClass.IN,
                seconds,
                nameServers.get(0),
                hostmaster,
                1,
                REFRESH.toSeconds(),
                RETRY.toSeconds(),
                EXPIRE.toSeconds(),
                seconds);
        return new ZoneApex(
                soa,
                nameServers.stream()
                        .<Record>map(server -> new NSRecord(name, DClass.IN, REFRESH.toSeconds(), server))
                        .toList());
    }

    /**
     * Checks the time to live of a zone's answers.
     *
     * @param ttl the time
     * @return the same
     * @throws IllegalArgumentException if it is not from {@link #MIN_TTL} to {@link #MAX_TTL}
     */
    public static Duration requireTtl(Duration ttl) {
        if (Objects.requireNonNull(ttl, "ttl").compareTo(MIN_TTL) < 0 || ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException("ttl must be from 1 s to 1 day, was " + ttl);
        }
        return ttl;
    }

    /**
     * Answers a query for the name of the zone itself.
     *
     * @param type the type, as in {@link Type}
     * @return the records, or that there are none
     */
    public ZoneAnswer answer(int type) {
        return switch (type) {
            case Type.SOA -> new ZoneAnswer.Records(List.of(soa));
            case Type.NS -> new ZoneAnswer.Records(nameServers);
            default -> new ZoneAnswer.NoData(soa);
        };
    }
}
