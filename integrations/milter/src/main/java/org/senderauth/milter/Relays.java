package org.senderauth.milter;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.senderauth.policy.Network;

/**
 * The hosts that hand mail for us on: backup MX hosts and gateways. The policy decides about the client that such a host
 * received the message from, which its {@code Received} field states. Immutable.
 *
 * @param networks their networks
 * @param reject whether mail of theirs is rejected: then the relay bounces it, to a sender that may be forged
 */
public record Relays(List<Network> networks, boolean reject) {

    /** No relays. */
    public static final Relays NONE = new Relays(List.of(), false);

    /**
     * Copies the networks.
     *
     * @param networks the networks
     * @param reject whether mail of theirs is rejected
     */
    public Relays {
        networks = List.copyOf(networks);
    }

    boolean contains(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    boolean includes(MilterClient client) {
        return client.address().filter(this::contains).isPresent();
    }

    /**
     * The client of a relay, from the topmost field of a message; empty if the field is not readable, another host wrote it,
     * or the client is inside: a relay too, or at an address that is not public.
     */
    Optional<ReceivedField> clientOf(MilterClient relay, String topmostReceived) {
        return ReceivedField.parse(topmostReceived)
                .filter(field ->
                        field.by().equalsIgnoreCase(relay.helo()) || field.by().equalsIgnoreCase(relay.host()))
                .filter(field -> !contains(field.client()) && isPublic(field.client()));
    }

    private static boolean isPublic(InetAddress address) {
        boolean uniqueLocal = address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc; // RFC 4193
        return !address.isLoopbackAddress()
                && !address.isSiteLocalAddress()
                && !address.isLinkLocalAddress()
                && !address.isAnyLocalAddress()
                && !uniqueLocal;
    }
}
