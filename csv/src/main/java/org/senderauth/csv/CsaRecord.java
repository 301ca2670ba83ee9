package org.senderauth.csv;

import java.util.List;
import org.senderauth.dns.DnsAnswer;
import org.xbill.DNS.Name;
import org.xbill.DNS.SRVRecord;

/**
 * A CSA record: the data of an SRV record at {@code _client._smtp.} and a HELO name (draft-ietf-marid-csv-csa-02
 * sections 4 and 5), with the priority that is the version.
 *
 * <pre>{@code
 * csa-owner  = "_client._smtp." ehlo-domain
 * csa-rdata  = version SP weight SP port SP target
 * version    = "1"
 * weight     = 1*DIGIT    ; bit 1 = ignore target, bit 2 = authorized, others reserved
 * port       = 1*DIGIT    ; bit 1 = explicit, others ignored
 * }</pre>
 *
 * @param version the SRV priority; this code understands {@link #VERSION} only
 * @param weight the SRV weight, 0 to 65535
 * @param port the SRV port, 0 to 65535
 * @param target the name whose addresses are those of the permitted hosts
 */
public record CsaRecord(int version, int weight, int port, Name target) {

    /** The version that draft-ietf-marid-csv-csa-02 defines. */
    public static final int VERSION = 1;

    /** The labels before a HELO name that form the owner name of its record. */
    public static final String OWNER_PREFIX = "_client._smtp";

    /** Weight bit: the target's addresses are not to be used; the name needs another proof. */
    public static final int IGNORE_TARGET = 1;

    /** Weight bit: hosts may use this name. */
    public static final int AUTHORIZED = 2;

    /** Port bit: every authorized name at and below this one has a record of its own. */
    public static final int EXPLICIT = 1;

    /** The meaning of a weight for the name. */
    public enum Authorization {
        /** Weight 0 or 1: no mail from clients that use this name. */
        NOT_AUTHORIZED,
        /** Weight 2: the client's address must be one of the target's. */
        BY_ADDRESS,
        /** Weight 3: the name is authorized, and its proof is another than the target's addresses. */
        OTHER_PROOF,
        /** A reserved bit is set: no rule says what the record means. */
        RESERVED
    }

    /**
     * Reads the data of an SRV record.
     *
     * @param srv the record
     * @return what it says
     */
    public static CsaRecord of(SRVRecord srv) {
        return new CsaRecord(srv.getPriority(), srv.getWeight(), srv.getPort(), srv.getTarget());
    }

    static List<CsaRecord> in(DnsAnswer.Records answer) {
        return answer.records().stream()
                .filter(SRVRecord.class::isInstance)
                .map(record -> of((SRVRecord) record))
                .toList();
    }

    /**
     * Tests whether the version is supported.
     *
     * @return true for {@link #VERSION}
     */
    public boolean isUnderstood() {
        return version == VERSION;
    }

    /**
     * Returns the meaning of the weight for the name.
     *
     * @return the meaning of the weight's bits
     */
    public Authorization authorization() {
        return switch (weight) {
            case 0, IGNORE_TARGET -> Authorization.NOT_AUTHORIZED;
            case AUTHORIZED -> Authorization.BY_ADDRESS;
            case AUTHORIZED | IGNORE_TARGET -> Authorization.OTHER_PROOF;
            default -> Authorization.RESERVED;
        };
    }

    /**
     * Tests whether names below this one without a record of their own are not authorized. The port's other bits are ignored.
     *
     * @return true if the bit {@link #EXPLICIT} is set
     */
    public boolean isExplicit() {
        return (port & EXPLICIT) != 0;
    }
}
