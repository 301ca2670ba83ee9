package org.senderauth.spf.syntax;

/**
 * An address with a prefix length. Immutable.
 *
 * @param address the address as written; bits after the prefix may be set and are ignored
 * @param prefix bits that count, from 0 to {@link IpAddress#bitLength()}
 */
public record IpNetwork(IpAddress address, int prefix) {

    /**
     * Creates a network.
     *
     * @param address the address
     * @param prefix bits that count
     * @throws IllegalArgumentException if the prefix is out of range
     */
    public IpNetwork {
        if (prefix < 0 || prefix > address.bitLength()) {
            throw new IllegalArgumentException(
                    "prefix must be between 0 and " + address.bitLength() + ", was " + prefix);
        }
    }

    /**
     * Returns whether this network contains an address.
     *
     * @param other an address
     * @return true if it is of the same family and its first bits are the same
     */
    public boolean contains(IpAddress other) {
        return contains(address, other, prefix);
    }

    /**
     * Returns whether two addresses are in one network.
     *
     * @param one an address
     * @param other another
     * @param prefix bits that count, from 0 to 32 for IPv4 and 0 to 128 for IPv6
     * @return true if both are of one family and their first bits are the same
     */
    public static boolean contains(IpAddress one, IpAddress other, int prefix) {
        if (one.isIp4() != other.isIp4()) {
            return false;
        }
        if (prefix == 0) {
            return true;
        }
        if (one.isIp4()) {
            return (one.low() ^ other.low()) >>> (32 - prefix) == 0;
        }
        long high = one.high() ^ other.high();
        return prefix <= 64
                ? high >>> (64 - prefix) == 0
                : high == 0
                        && (prefix == 128
                                ? one.low() == other.low()
                                : (one.low() ^ other.low()) >>> (128 - prefix) == 0);
    }

    /**
     * Returns whether this network contains every address of another one.
     *
     * @param other a network
     * @return true if it is of the same family, no wider, and within this one
     */
    public boolean contains(IpNetwork other) {
        return other.prefix >= prefix && contains(other.address);
    }

    /**
     * Returns the network with the bits after the prefix cleared.
     *
     * @return this network if no such bit is set
     */
    public IpNetwork canonical() {
        long high;
        long low;
        if (address.isIp4()) {
            high = 0;
            low = prefix == 0 ? 0 : address.low() & (0xffff_ffffL << (32 - prefix)) & 0xffff_ffffL;
        } else {
            high = prefix == 0 ? 0 : prefix >= 64 ? address.high() : address.high() & (-1L << (64 - prefix));
            low = prefix <= 64 ? 0 : address.low() & (-1L << (128 - prefix));
        }
        return high == address.high() && low == address.low()
                ? this
                : new IpNetwork(new IpAddress(address.isIp4(), high, low), prefix);
    }

    /**
     * The network in CIDR notation.
     *
     * @return {@code address/prefix}
     */
    @Override
    public String toString() {
        return address + "/" + prefix;
    }
}
