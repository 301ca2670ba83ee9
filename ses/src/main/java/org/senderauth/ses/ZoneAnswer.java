package org.senderauth.ses;

import java.util.List;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/** What {@link SesZone} says to a question. There is no way to say that a name does not exist. */
public sealed interface ZoneAnswer {

    /**
     * There are records.
     *
     * @param records the records of the asked type, at least one
     */
    record Records(List<Record> records) implements ZoneAnswer {}

    /**
     * There is no record of the asked type (NOERROR without an answer). Never NXDOMAIN: below a name that does not
     * exist a resolver takes nothing for existing (RFC 8020), and the local part {@code a.b} stands below {@code b}.
     *
     * @param soa the zone's SOA record, for the authority section (RFC 2308 section 3)
     */
    record NoData(SOARecord soa) implements ZoneAnswer {}

    /** The question is not for us (REFUSED). */
    record Refused() implements ZoneAnswer {}

    /** The replay ledger does not answer (SERVFAIL), which SPF takes as a temporary error. */
    record ServerFailure() implements ZoneAnswer {}
}
