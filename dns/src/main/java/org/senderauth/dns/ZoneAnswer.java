package org.senderauth.dns;

import java.util.List;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/** The answer of a {@link DnsZone} to a query. It never denies that a name exists. Immutable. */
public sealed interface ZoneAnswer {

    /**
     * There are records.
     *
     * @param records the records of the asked type, at least one
     */
    record Records(List<Record> records) implements ZoneAnswer {}

    /**
     * No record of the queried type (NODATA: NOERROR without an answer). Never NXDOMAIN: a resolver assumes that nothing
     * exists below a name that does not exist (RFC 8020), and the local part {@code a.b} is below {@code b}.
     *
     * @param soa the zone's SOA record, for the authority section (RFC 2308 section 3)
     */
    record NoData(SOARecord soa) implements ZoneAnswer {}

    /** The question is not for us (REFUSED). */
    record Refused() implements ZoneAnswer {}

    /** The answer is unknown now (SERVFAIL), which SPF takes as a temporary error. */
    record ServerFailure() implements ZoneAnswer {}
}
