package org.senderauth.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.flatten.AuthorizedNetworks;
import org.senderauth.spf.flatten.AuthorizedNetworks.Entry;
import org.senderauth.spf.flatten.SpfFlattener;

/** The number of other domains that authorize the networks of each term: who else can pass as the domain. */
final class SharedNetworks {

    private final int[] counts;
    private final int domains;

    private SharedNetworks(int[] counts, int domains) {
        this.counts = counts;
        this.domains = domains;
    }

    /**
     * Evaluates the domains of a file one after the other, and keeps only the counts. A domain without a usable record
     * authorizes nothing.
     */
    static SharedNetworks count(AuthorizedNetworks own, Path file, DnsClient dns) throws IOException {
        int[] counts = new int[own.terms().size()];
        int domains = 0;
        String ownDomain = DomainNames.canonical(own.domain());
        try (DomainList list = DomainList.open(file)) {
            for (String domain = list.next(); domain != null; domain = list.next()) {
                if (DomainNames.canonical(domain).equals(ownDomain)) {
                    continue;
                }
                domains++;
                if (SpfFlattener.of(dns).networks(domain, null) instanceof AuthorizedNetworks.Found found) {
                    List<Entry> terms = own.terms();
                    for (int i = 0; i < terms.size(); i++) {
                        boolean all = terms.get(i)
                                .networks()
                                .minus(found.networks().authorized())
                                .isEmpty();
                        counts[i] += all ? 1 : 0;
                    }
                }
            }
        }
        return new SharedNetworks(counts, domains);
    }

    int domains() {
        return domains;
    }

    int of(int term) {
        return counts[term];
    }

    String text(int term) {
        return "shared by " + counts[term] + " of " + domains + " domains";
    }
}
