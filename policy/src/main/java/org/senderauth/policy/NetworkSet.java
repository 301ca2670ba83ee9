package org.senderauth.policy;

import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Networks, each with the name of the list that it is from. A search takes one lookup for each prefix length in use, however
 * many networks there are. Its copies are immutable.
 */
final class NetworkSet {

    private final Map<Network, String> networks;
    // The prefix lengths in use, by the length of the address in bytes.
    private final Map<Integer, NavigableSet<Integer>> prefixes;

    NetworkSet() {
        this(new HashMap<>(), new HashMap<>());
    }

    private NetworkSet(Map<Network, String> networks, Map<Integer, NavigableSet<Integer>> prefixes) {
        this.networks = networks;
        this.prefixes = prefixes;
    }

    /** An immutable copy. */
    NetworkSet copy() {
        Map<Integer, NavigableSet<Integer>> lengths = new HashMap<>();
        prefixes.forEach((bytes, used) -> lengths.put(bytes, new TreeSet<>(used)));
        return new NetworkSet(Map.copyOf(networks), Map.copyOf(lengths));
    }

    void add(Network network, String list) {
        networks.putIfAbsent(network, list);
        prefixes.computeIfAbsent(network.address().getAddress().length, length -> new TreeSet<>())
                .add(network.prefix());
    }

    /** The most specific network that contains an address, and where it is from: {@code 192.0.2.0/24 (FILE)}. */
    Optional<String> find(InetAddress client) {
        NavigableSet<Integer> used = prefixes.getOrDefault(client.getAddress().length, Collections.emptyNavigableSet());
        for (int prefix : used.descendingSet()) {
            Network candidate = Network.of(client, prefix);
            String list = networks.get(candidate);
            if (list != null) {
                return Optional.of(candidate + list);
            }
        }
        return Optional.empty();
    }
}
