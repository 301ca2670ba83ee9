package org.senderauth.csv;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A mail policy record (draft-otis-marid-mpr-00): an A record at {@code _mp._smtp.} and a mailbox domain.
 *
 * <pre>{@code
 * mpr       = mpr-owner "IN A" "127." version "." send "." req
 * version   = "1"
 * }</pre>
 *
 * <p>Bits that the draft does not define are kept and ignored.
 *
 * @param send what the domain does to its mail: the bits {@link #SEND_BATV}, {@link #SEND_SIGNED}, {@link
 *     #SEND_WHITE_LIST}
 * @param require what the domain demands: the bits {@link #REQUIRE_MAIL_FROM}, {@link #REQUIRE_FROM}, {@link
 *     #IGNORE_BATV}
 */
public record MprRecord(int send, int require) {

    /** The labels before a mailbox domain that form the owner name of its policy. */
    public static final String OWNER_PREFIX = "_mp._smtp";

    /** The version that draft-otis-marid-mpr-00 defines. */
    public static final int VERSION = 1;

    /** Every message has a return path with a public-key BATV signature. */
    public static final int SEND_BATV = 1;

    /** Every message has a public-key signature. */
    public static final int SEND_SIGNED = 2;

    /** The APL record lists all outbound clients. */
    public static final int SEND_WHITE_LIST = 4;

    /** The PTR records list the only sources for this domain in MAIL FROM. */
    public static final int REQUIRE_MAIL_FROM = 1;

    /** The PTR records list the only sources for this domain in the From header. */
    public static final int REQUIRE_FROM = 2;

    /** A valid signed return path does not excuse a wrong channel. */
    public static final int IGNORE_BATV = 4;

    static final int SEND_BITS = SEND_BATV | SEND_SIGNED | SEND_WHITE_LIST;
    static final int REQUIRE_BITS = REQUIRE_MAIL_FROM | REQUIRE_FROM | IGNORE_BATV;
    private static final int LOOPBACK_NET = 127;

    /**
     * Creates a record.
     *
     * @param send what the domain does, one octet
     * @param require what the domain demands, one octet
     * @throws IllegalArgumentException if one is not in 0 to 255
     */
    public MprRecord {
        if ((send & 0xFF) != send || (require & 0xFF) != require) {
            throw new IllegalArgumentException("send and require are octets, not " + send + " and " + require);
        }
    }

    /**
     * Reads the address of an A record.
     *
     * @param address the address
     * @return the policy, or nothing if the address is not in 127.1.0.0/16
     */
    public static Optional<MprRecord> of(InetAddress address) {
        byte[] octets = address.getAddress();
        return address instanceof Inet4Address && octets[0] == LOOPBACK_NET && octets[1] == VERSION
                ? Optional.of(new MprRecord(octets[2] & 0xFF, octets[3] & 0xFF))
                : Optional.empty();
    }

    /**
     * This policy and another of the same domain: whatever one of them says.
     *
     * @param other the other
     * @return a policy with the bits of both
     */
    MprRecord and(MprRecord other) {
        return new MprRecord(send | other.send, require | other.require);
    }

    /**
     * Tests whether the domain requires its channel for this identity.
     *
     * @param identity the identity
     * @return true if the identity's bit is set
     */
    public boolean demands(MprIdentity identity) {
        return (require & identity.bit()) != 0;
    }

    /** The address of the A record, such as {@code 127.1.0.3}. */
    @Override
    public String toString() {
        return LOOPBACK_NET + "." + VERSION + "." + send + "." + require;
    }
}
