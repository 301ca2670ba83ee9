package org.senderauth.dns;

import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;

/**
 * Asks the DNS one question and gives a typed answer.
 *
 * <p>Names are absolute; no search path is ever applied. The class is always IN. Implementations are thread-safe, follow
 * aliases (CNAME) to a bound, and complete every stage within a bounded time.
 */
@FunctionalInterface
public interface DnsClient {

    /**
     * Asks for the records of one type at one name.
     *
     * @param name an absolute name
     * @param type a record type as in {@link org.xbill.DNS.Type}, not a meta type such as ANY
     * @return a stage that never completes exceptionally: trouble of any kind is {@link DnsAnswer.Unavailable}
     * @throws IllegalArgumentException if the name is relative
     */
    CompletionStage<DnsAnswer> query(Name name, int type);
}
