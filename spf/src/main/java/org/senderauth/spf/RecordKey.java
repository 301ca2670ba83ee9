package org.senderauth.spf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.TXTRecord;

/**
 * A TXT record's strings as a key, without copying them. Records that are split differently are different keys. Keys are
 * ordered, so that a cache stays fast even if someone publishes records whose hashes collide.
 */
final class RecordKey implements Comparable<RecordKey> {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    private final List<byte[]> strings;
    private final int length;
    private final int hash;

    RecordKey(TXTRecord record) {
        this.strings = record.getStringsAsByteArrays();
        int length = 0;
        long mixed = 0;
        for (byte[] string : strings) {
            length += string.length;
            int at = 0;
            for (; at + Long.BYTES <= string.length; at += Long.BYTES) {
                mixed = (mixed ^ (long) LONGS.get(string, at)) * MULTIPLIER;
                mixed ^= mixed >>> 32;
            }
            for (; at < string.length; at++) {
                mixed = (mixed ^ string[at]) * MULTIPLIER;
            }
        }
        this.length = length;
        this.hash = (int) (mixed ^ mixed >>> 32);
    }

    /** The length of all strings, in bytes. */
    int length() {
        return length;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordKey octets && hash == octets.hash && compareTo(octets) == 0;
    }

    @Override
    public int compareTo(RecordKey other) {
        if (strings.size() != other.strings.size()) {
            return Integer.compare(strings.size(), other.strings.size());
        }
        for (int i = 0; i < strings.size(); i++) {
            int difference = Arrays.compare(strings.get(i), other.strings.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }
}
