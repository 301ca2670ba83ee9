package org.senderauth.dns;

import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;

/**
 * A client that sends DNS queries and returns typed answers.
 *
 * <p>Names are absolute; no search domain is ever applied. The class is always IN. Implementations are thread-safe, follow
 * CNAMEs up to a limit, and complete every stage within a bounded time.
 */
@FunctionalInterface
public interface DnsClient {

    /**
     * Queries the records of one type at one name.
     *
     * @param name an absolute name
     * @param type a record type as in {@link org.xbill.DNS.Type}, not a meta type such as ANY
     * @return a stage that never completes exceptionally: any failure is {@link DnsAnswer.Unavailable}
     * @throws IllegalArgumentException if the name is relative
     */
    CompletionStage<DnsAnswer> query(Name name, int type);

    /**
     * Returns a client that keeps the promise of {@link #query} whatever another client does: an exception that it throws
     * or completes with, and a missing answer, are {@link DnsAnswer.Unavailable}.
     *
     * @param client any client
     * @return the guarded client
     */
    static DnsClient guarded(DnsClient client) {
        return client instanceof GuardedDnsClient ? client : new GuardedDnsClient(client);
    }
}
