package org.senderauth.ses;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * DNS cookies (RFC 7873) in the interoperable format of RFC 9018: version 1, three reserved bytes, a timestamp, and
 * SipHash-2-4 over client cookie, these eight bytes and the client's address. A client that returns one has received a
 * response from this server at its address, so its address is not forged. The secret is random and lasts as long as the
 * server. Thread-safe.
 */
final class ServerCookies {

    static final int CLIENT_BYTES = 8;
    static final int MIN_SERVER_BYTES = 8;
    static final int MAX_SERVER_BYTES = 32;

    /** The client cookie and the server cookie. */
    static final int BYTES = 24;

    private static final int SERVER_BYTES = 16;
    private static final int VERSION = 1;

    // RFC 9018 section 4.3
    private static final int MAX_AGE_SECONDS = 3600;
    private static final int MAX_AHEAD_SECONDS = 300;
    private static final int RENEW_SECONDS = 1800;

    private final long key0;
    private final long key1;
    private final InstantSource clock;

    ServerCookies(InstantSource clock) {
        this(new SecureRandom().nextLong(), new SecureRandom().nextLong(), clock);
    }

    ServerCookies(long key0, long key1, InstantSource clock) {
        this.key0 = key0;
        this.key1 = key1;
        this.clock = clock;
    }

    /** Tests whether a query has a cookie of this server for this address. */
    boolean isValid(DnsQuery query, InetAddress client) {
        return query.cookieLength() == CLIENT_BYTES + SERVER_BYTES
                && age(query) <= MAX_AGE_SECONDS
                && age(query) >= -MAX_AHEAD_SECONDS
                && hasHash(query, client);
    }

    private boolean hasHash(DnsQuery query, InetAddress client) {
        int server = query.cookieStart() + CLIENT_BYTES;
        long expected = hash(query.bytes, query.cookieStart(), head(query.bytes, server), client);
        // One comparison of two words takes the same time whatever differs.
        return query.bytes[server] == VERSION && (little(query.bytes, server + 8) ^ expected) == 0;
    }

    // Serial number arithmetic (RFC 1982): the seconds have 32 bits.
    private int age(DnsQuery query) {
        byte[] bytes = query.bytes;
        int at = query.cookieStart() + CLIENT_BYTES + 4;
        return now() - (DnsQuery.u16(bytes, at) << 16 | DnsQuery.u16(bytes, at + 2));
    }

    private int now() {
        return (int) (clock.millis() / 1000);
    }

    /** Writes the cookies of a response: the client's, then ours, the same again while it is recent. */
    void write(DnsQuery query, InetAddress client, byte[] to, int at) {
        if (isValid(query, client) && age(query) >= 0 && age(query) < RENEW_SECONDS) {
            System.arraycopy(query.bytes, query.cookieStart(), to, at, BYTES);
            return;
        }
        System.arraycopy(query.bytes, query.cookieStart(), to, at, CLIENT_BYTES);
        int server = at + CLIENT_BYTES;
        int now = now();
        to[server] = VERSION;
        to[server + 4] = (byte) (now >> 24);
        to[server + 5] = (byte) (now >> 16);
        to[server + 6] = (byte) (now >> 8);
        to[server + 7] = (byte) now;
        long hash = hash(query.bytes, query.cookieStart(), head(to, server), client);
        for (int i = 0; i < Long.BYTES; i++) {
            to[server + 8 + i] = (byte) (hash >>> 8 * i);
        }
    }

    // Version, reserved bytes and timestamp.
    private static long head(byte[] bytes, int server) {
        return little(bytes, server);
    }

    private static long little(byte[] bytes, int at) {
        long word = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            word = word << 8 | bytes[at + i] & 0xff;
        }
        return word;
    }

    private long hash(byte[] bytes, int clientCookie, long head, InetAddress client) {
        byte[] address = client.getAddress();
        SipHash hash = new SipHash(key0, key1);
        hash.word(little(bytes, clientCookie));
        hash.word(head);
        long last = (long) (CLIENT_BYTES + Long.BYTES + address.length) << 56;
        if (address.length == 4) {
            for (int i = 0; i < address.length; i++) {
                last |= (address[i] & 0xffL) << 8 * i;
            }
        } else {
            hash.word(little(address, 0));
            hash.word(little(address, Long.BYTES));
        }
        return hash.end(last);
    }

    /** SipHash-2-4 (Aumasson, Bernstein 2012); written here because the JDK has none. */
    private static final class SipHash {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        SipHash(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        void word(long word) {
            v3 ^= word;
            rounds(2);
            v0 ^= word;
        }

        long end(long last) {
            word(last);
            v2 ^= 0xff;
            rounds(4);
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void rounds(int count) {
            for (int i = 0; i < count; i++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
        }
    }
}
