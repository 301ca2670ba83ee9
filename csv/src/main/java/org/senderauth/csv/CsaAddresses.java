package org.senderauth.csv;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** A client's address beside the address records of a target: octets are compared, not text. */
record CsaAddresses(int type, byte[] client) {

    static CsaAddresses of(InetAddress client) {
        return new CsaAddresses(client instanceof Inet4Address ? Type.A : Type.AAAA, client.getAddress());
    }

    /** Whether a record has the client's address. */
    boolean match(Record record) {
        // The octets as they are in the DNS, for which no name and no text need be made.
        return record.getType() == type && Arrays.equals(record.rdataToWireCanonical(), client);
    }
}
