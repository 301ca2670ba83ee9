package org.senderauth.dns;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.xbill.DNS.Name;

/** Several zones as one. Immutable. */
record JoinedZones(List<DnsZone> zones) implements DnsZone {

    private static final ZoneAnswer REFUSED = new ZoneAnswer.Refused();

    static DnsZone of(List<DnsZone> zones) {
        if (zones.isEmpty()) {
            throw new IllegalArgumentException("zones must not be empty");
        }
        Set<Name> names = new HashSet<>();
        for (DnsZone zone : zones) {
            for (Name name : zone.names()) {
                if (!names.add(name)) {
                    throw new IllegalArgumentException("two zones are named " + name);
                }
            }
        }
        return zones.size() == 1 ? zones.get(0) : new JoinedZones(zones);
    }

    @Override
    public CompletableFuture<ZoneAnswer> answer(Name name, int type, int dclass) {
        return answer(0, name, type, dclass);
    }

    private CompletableFuture<ZoneAnswer> answer(int index, Name name, int type, int dclass) {
        if (index == zones.size()) {
            return CompletableFuture.completedFuture(REFUSED);
        }
        return zones.get(index)
                .answer(name, type, dclass)
                .thenCompose(answer -> answer instanceof ZoneAnswer.Refused
                        ? answer(index + 1, name, type, dclass)
                        : CompletableFuture.completedFuture(answer));
    }

    @Override
    public List<Name> names() {
        return zones.stream().flatMap(zone -> zone.names().stream()).toList();
    }

    @Override
    public List<Integer> types(Name name) {
        return zones.stream()
                .map(zone -> zone.types(name))
                .filter(types -> !types.isEmpty())
                .findFirst()
                .orElse(List.of());
    }
}
