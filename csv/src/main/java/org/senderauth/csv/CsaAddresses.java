package org.senderauth.csv;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** A client's address beside the address records of a target: octets are compared, not text. */
record CsaAddresses(int type, byte[] client) {

    static CsaAddresses of(InetAddress client) {
        return new CsaAddresses(client instanceof Inet4Address ? Type.A : Type.AAAA, client.getAddress());
    }

    /** Whether a record has the client's address. */
    boolean match(Record record) {
        if (record.getType() != type) {
            return false;
        }
        if (record instanceof ARecord a) {
            return Arrays.equals(a.getAddress().getAddress(), client);
        }
        return record instanceof AAAARecord aaaa
                && Arrays.equals(aaaa.getAddress().getAddress(), client);
    }
}
