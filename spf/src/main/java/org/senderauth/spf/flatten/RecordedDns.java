package org.senderauth.spf.flatten;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The answers of one run: each query is sent once, and the proof uses the same answers. Used by one thread. */
final class RecordedDns {

    /** The maximum number of queries of one run; a hostile tree could need any number. */
    static final int MAX_QUERIES = 1000;

    private record Query(Name name, int type) {}

    private final DnsClient dns;
    private final Map<Query, CompletableFuture<DnsAnswer>> answers = new HashMap<>();

    RecordedDns(DnsClient dns) {
        this.dns = dns;
    }

    /** Sends a query whose answer is needed later. */
    void prepare(Name name, int type) {
        Query query = new Query(name, type);
        if (answers.size() < MAX_QUERIES && !answers.containsKey(query)) {
            answers.put(query, dns.query(name, type).toCompletableFuture());
        }
    }

    /** Returns the answer to a query; waits for it. */
    DnsAnswer answer(Name name, int type) throws UnusableException {
        prepare(name, type);
        CompletableFuture<DnsAnswer> answer = answers.get(new Query(name, type));
        if (answer == null) {
            throw UnusableException.permanent("the record needs more than " + MAX_QUERIES + " DNS queries");
        }
        DnsAnswer known = answer.join();
        if (known instanceof DnsAnswer.Unavailable failure) {
            throw UnusableException.temporary("no DNS response for " + Type.string(type) + " of "
                    + DomainNames.text(name) + ": " + failure.detail() + "; try again later");
        }
        return known;
    }

    /**
     * Returns a client with the answers so far. Names that depend on the client were not queried: each of them exists, or
     * none does.
     */
    DnsClient replay(boolean exists) {
        return (name, type) -> {
            CompletableFuture<DnsAnswer> known = answers.get(new Query(name, type));
            if (known != null) {
                return known;
            }
            return CompletableFuture.completedFuture(
                    exists && type == Type.A ? someAddress(name) : new DnsAnswer.NoSuchDomain(null, 0));
        };
    }

    private static DnsAnswer someAddress(Name name) {
        try {
            InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
            return new DnsAnswer.Records(List.of(new ARecord(name, DClass.IN, 0, address)), 0, List.of(), List.of());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
