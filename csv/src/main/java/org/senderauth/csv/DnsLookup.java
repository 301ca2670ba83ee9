package org.senderauth.csv;

import org.senderauth.dns.DnsAnswer;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * One DNS query of a check and its answer.
 *
 * @param name the name
 * @param type the record type, as in {@link Type}
 * @param answer the answer
 */
public record DnsLookup(Name name, int type, DnsAnswer answer) {

    /**
     * Returns the answer for the reader, in a few words.
     *
     * @return one line of printable ASCII
     */
    public String summary() {
        if (answer instanceof DnsAnswer.Records records) {
            int count = records.records().size();
            return count == 1 ? records.records().get(0).rdataToString() : count + " records";
        }
        if (answer instanceof DnsAnswer.Unavailable trouble) {
            return trouble.detail();
        }
        return answer instanceof DnsAnswer.NoSuchDomain ? "no such domain" : "no such record";
    }

    /**
     * Returns the seconds for which the answer may be cached.
     *
     * @return the TTL; 0 for a failure
     */
    public long ttl() {
        if (answer instanceof DnsAnswer.Records records) {
            return records.ttl();
        }
        if (answer instanceof DnsAnswer.NoData noData) {
            return noData.ttl();
        }
        return answer instanceof DnsAnswer.NoSuchDomain noSuchDomain ? noSuchDomain.ttl() : 0;
    }

    @Override
    public String toString() {
        return name + " " + Type.string(type) + ": " + summary();
    }
}
