package org.senderauth.testkit;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Passes questions on and keeps them, so that a test can say which were asked. Thread-safe. */
public final class CountingDnsClient implements DnsClient {

    private final DnsClient upstream;
    private final List<String> questions = new CopyOnWriteArrayList<>();

    private CountingDnsClient(DnsClient upstream) {
        this.upstream = upstream;
    }

    /**
     * Counts the questions to another client.
     *
     * @param upstream who answers them
     * @return the counting client
     */
    public static CountingDnsClient over(DnsClient upstream) {
        return new CountingDnsClient(upstream);
    }

    @Override
    public CompletionStage<DnsAnswer> query(Name name, int type) {
        questions.add(name + " " + Type.string(type));
        return upstream.query(name, type);
    }

    /**
     * The questions so far, in order.
     *
     * @return each as {@code name. TYPE}
     */
    public List<String> questions() {
        return List.copyOf(questions);
    }

    /** Forgets the questions so far. */
    public void clear() {
        questions.clear();
    }
}
