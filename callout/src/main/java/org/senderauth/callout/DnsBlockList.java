package org.senderauth.callout;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.core.MailDomain;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** DNS block lists (RFC 5782), looked up in order until one lists the client. Immutable and thread-safe. */
public final class DnsBlockList {

    private final DnsClient dns;
    private final List<String> zones;

    private DnsBlockList(DnsClient dns, List<String> zones) {
        this.dns = dns;
        this.zones = zones;
    }

    /**
     * Creates block lists.
     *
     * @param dns the DNS client for the lookups
     * @param zones the zones of the lists, such as {@code dnsbl.example.org}, in the order of the lookups
     * @return the lists
     * @throws IllegalArgumentException if a zone is not a domain name, or is too long for a list
     */
    public static DnsBlockList of(DnsClient dns, List<String> zones) {
        // The longest name of a lookup: 32 nibbles of an IPv6 address before the zone.
        zones.forEach(zone -> DomainNames.of("0.".repeat(32) + MailDomain.require(zone, "zones")));
        return new DnsBlockList(Objects.requireNonNull(dns, "dns"), List.copyOf(zones));
    }

    /**
     * The entry of a listed client.
     *
     * @param zone the list
     * @param code the answer, an address in 127.0.0.0/8 with a meaning that the list defines
     */
    public record Listing(String zone, InetAddress code) {}

    /**
     * Looks up a client.
     *
     * @param client its network address
     * @return the first list that contains it; empty if none does, or no lookup succeeds
     */
    public CompletionStage<Optional<Listing>> lookUp(InetAddress client) {
        return lookUp(reversed(client), 0);
    }

    private CompletionStage<Optional<Listing>> lookUp(String reversed, int list) {
        if (list == zones.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        String zone = zones.get(list);
        Name name = DomainNames.of(reversed + zone);
        return dns.query(name, Type.A).thenCompose(answer -> {
            Optional<Listing> listing = listing(zone, answer);
            return listing.isPresent() ? CompletableFuture.completedFuture(listing) : lookUp(reversed, list + 1);
        });
    }

    private static Optional<Listing> listing(String zone, DnsAnswer answer) {
        if (answer instanceof DnsAnswer.Records records) {
            for (Record record : records.records()) {
                if (record instanceof ARecord a && isListing(a.getAddress().getAddress())) {
                    return Optional.of(new Listing(zone, a.getAddress()));
                }
            }
        }
        return Optional.empty();
    }

    // RFC 5782 section 2.1: an answer is in 127.0.0.0/8, and 127.0.0.1 is not one (section 5). From 127.255.255.0/24
    // lists report an unauthorized resolver; any other address comes from a parked domain or a resolver that lies.
    private static boolean isListing(byte[] address) {
        boolean error = (address[1] & 0xff) == 255 && (address[2] & 0xff) == 255;
        boolean one = address[1] == 0 && address[2] == 0 && address[3] == 1;
        return address[0] == 127 && !error && !one;
    }

    // RFC 5782 sections 2.1 (octets) and 2.4 (nibbles).
    private static String reversed(InetAddress client) {
        byte[] octets = client.getAddress();
        StringBuilder labels = new StringBuilder(64);
        for (int i = octets.length - 1; i >= 0; i--) {
            int octet = octets[i] & 0xff;
            if (octets.length == 4) {
                labels.append(octet).append('.');
            } else {
                labels.append(Integer.toHexString(octet & 0xf)).append('.');
                labels.append(Integer.toHexString(octet >> 4)).append('.');
            }
        }
        return labels.toString();
    }
}
