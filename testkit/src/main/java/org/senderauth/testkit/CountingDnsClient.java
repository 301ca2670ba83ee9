package org.senderauth.testkit;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** A client that records the queries to another client, so that tests can assert them. Thread-safe. */
public final class CountingDnsClient implements DnsClient {

    private final DnsClient upstream;
    private final List<String> questions = new CopyOnWriteArrayList<>();

    private CountingDnsClient(DnsClient upstream) {
        this.upstream = upstream;
    }

    /**
     * Creates a client that records the queries to another one.
     *
     * @param upstream the client that answers
     */
    public static CountingDnsClient of(DnsClient upstream) {
        return new CountingDnsClient(upstream);
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        questions.add(name + " " + Type.string(type));
        return upstream.query(name, type);
    }

    /**
     * Returns the queries so far, in order.
     *
     * @return each as {@code name. TYPE}
     */
    public List<String> questions() {
        return List.copyOf(questions);
    }

    /** Clears the queries. */
    public void clear() {
        questions.clear();
    }
}
