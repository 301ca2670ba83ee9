package org.senderauth.csv;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Compares a client's address with the address records of a target: bytes, not text. */
record CsaAddresses(int type, byte[] client) {

    static CsaAddresses of(InetAddress client) {
        return new CsaAddresses(client instanceof Inet4Address ? Type.A : Type.AAAA, client.getAddress());
    }

    /** Tests whether a record has the client's address. */
    boolean match(Record record) {
        // The octets as they are in the DNS, for which no name and no text need be made.
        return record.getType() == type && Arrays.equals(record.rdataToWireCanonical(), client);
    }
}
