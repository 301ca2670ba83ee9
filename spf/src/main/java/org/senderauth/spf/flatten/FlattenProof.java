package org.senderauth.spf.flatten;

import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.IpNetwork;
import org.senderauth.spf.syntax.NetworkSet;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Compares the results of two records: for the addresses at the edges of every network, and for random ones. Only the
 * original may exceed the limits of lookups, which is the usual reason to flatten it.
 */
final class FlattenProof {

    private static final int RANDOM_ADDRESSES = 200;

    /** The maximum number of addresses that are compared; a record of the largest size has fewer edges. */
    private static final int MAX_ADDRESSES = 50_000;

    private static final SpfLimits UNLIMITED = SpfLimits.builder()
            .lookups(SpfLimits.MAX_NUMBER)
            .voidLookups(SpfLimits.MAX_NUMBER)
            .mxNames(SpfLimits.MAX_NUMBER)
            .queries(SpfLimits.MAX_QUERIES)
            .build();

    // A name that depends on the client is void in this comparison, however many such terms there are.
    private static final SpfLimits LIMITED =
            SpfLimits.builder().voidLookups(SpfLimits.MAX_NUMBER).build();

    private final String domain;
    private final String source;
    private final Map<String, String> records;
    private final RecordedDns dns;

    FlattenProof(String domain, String source, Map<String, String> records, RecordedDns dns) {
        this.domain = domain;
        this.source = source;
        this.records = records;
        this.dns = dns;
    }

    /** Returns the number of addresses with the same results. */
    int compare(Collection<NetworkSet> networks) throws UnusableException {
        Set<IpAddress> addresses = addresses(networks);
        for (boolean exists : new boolean[] {false, true}) {
            DnsClient replay = dns.replay(exists);
            SpfVerifier original = verifier(replay, UNLIMITED);
            SpfVerifier flattened = verifier(overlay(records, replay), LIMITED);
            for (IpAddress address : addresses) {
                SpfQuery query = SpfQuery.mailFrom(client(address), "postmaster@" + domain, domain);
                SpfVerdict before = original.verifyRecord(query, source).verdict();
                SpfVerdict after = flattened
                        .verifyRecord(query, String.valueOf(records.get(domain)))
                        .verdict();
                if (before != after) {
                    throw UnusableException.permanent("the flattened record would give " + after.text() + " for "
                            + address + ", the original " + before.text());
                }
            }
        }
        return addresses.size();
    }

    /** Returns a client that answers TXT queries from some records first. */
    static DnsClient overlay(Map<String, String> records, DnsClient other) {
        ZoneDnsClient.Builder zone = ZoneDnsClient.builder();
        records.forEach((name, text) -> zone.record(TxtRecords.of(DomainNames.of(name), text)));
        ZoneDnsClient own = zone.build();
        Set<Name> names = new LinkedHashSet<>();
        records.keySet().forEach(name -> names.add(DomainNames.of(name)));
        return (name, type) ->
                type == Type.TXT && names.contains(name) ? own.query(name, type) : other.query(name, type);
    }

    private static Set<IpAddress> addresses(Collection<NetworkSet> networks) {
        Set<IpAddress> addresses = new LinkedHashSet<>();
        SplittableRandom random = new SplittableRandom(1);
        for (NetworkSet set : networks) {
            for (IpNetwork network : set.networks()) {
                addresses.add(inside(network, random));
            }
            addresses.addAll(set.boundaries());
            if (addresses.size() > MAX_ADDRESSES) {
                break;
            }
        }
        for (int count = 0; count < RANDOM_ADDRESSES; count++) {
            addresses.add(new IpAddress(true, 0, random.nextLong() & 0xffff_ffffL));
            addresses.add(new IpAddress(false, random.nextLong(), random.nextLong()));
        }
        return addresses;
    }

    private static IpAddress inside(IpNetwork network, SplittableRandom random) {
        int bits = network.address().bitLength() - network.prefix();
        long low = network.address().low() | (bits >= 64 ? random.nextLong() : random.nextLong() & ((1L << bits) - 1));
        long high = network.address().high()
                | (bits <= 64 ? 0 : random.nextLong() & (bits == 128 ? -1L : (1L << (bits - 64)) - 1));
        return new IpAddress(network.address().isIp4(), high, low);
    }

    private static SpfVerifier verifier(DnsClient dns, SpfLimits limits) {
        return SpfVerifier.builder().dns(dns).limits(limits).prefetch(false).build();
    }

    private static InetAddress client(IpAddress address) {
        return IpAddresses.parse(address.toString()).orElseThrow();
    }
}
