package org.senderauth.dns;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.xbill.DNS.Name;

/** Zones whose answers are computed, for a name server to serve. Implementations are thread-safe. */
public interface DnsZone {

    /**
     * Answers a query.
     *
     * @param name the name, absolute; its case does not matter and is kept in the answer
     * @param type the type, as in {@link org.xbill.DNS.Type}
     * @param dclass the class, as in {@link org.xbill.DNS.DClass}
     * @return the answer; it never completes exceptionally
     */
    CompletableFuture<ZoneAnswer> answer(Name name, int type, int dclass);

    /**
     * {@return the names of the zones}
     */
    List<Name> names();

    /**
     * Returns the types of the records that a name below one of the zones may have.
     *
     * @param name the name
     * @return numbers of DNS types; empty if the name is in none of the zones
     */
    List<Integer> types(Name name);

    /**
     * Returns several zones as one.
     *
     * @param zones zones with different names, at least one
     * @return the zones; a query is answered by the first that does not refuse it
     * @throws IllegalArgumentException if there is none, or two have the same name
     */
    static DnsZone joined(List<? extends DnsZone> zones) {
        return JoinedZones.of(List.copyOf(zones));
    }
}
