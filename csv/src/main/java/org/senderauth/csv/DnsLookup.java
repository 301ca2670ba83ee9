package org.senderauth.csv;

import org.senderauth.dns.DnsAnswer;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * One question that was asked on the way to a result, and what the DNS said.
 *
 * @param name the name
 * @param type the record type, as in {@link Type}
 * @param answer the answer
 */
public record DnsLookup(Name name, int type, DnsAnswer answer) {

    /**
     * The answer for a person, in a few words.
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
     * Seconds for which the answer may be kept.
     *
     * @return the time to live; 0 for trouble
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
