package org.senderauth.postfix;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.senderauth.batv.BounceGuard;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.IpAddresses;
import org.senderauth.spf.SpfVerifier;

/**
 * A map for a {@link SocketmapProtocol} that answers whether a bounce may be sent to a sender: only if SPF proves it. The
 * key is {@code ADDRESS HELO SENDER}, such as {@code 192.0.2.1 mail.example.net bob@example.net}; the value is
 * {@code proven}, and anything else has no value, with the reason. Thread-safe.
 */
public final class BounceGuardMap {

    private static final int PARTS = 3;

    private BounceGuardMap() {}

    /**
     * Returns the map. A lookup queries the DNS and waits for it.
     *
     * @param guard the methods of proof that are accepted
     * @param spf the SPF verifier
     * @return the map; a temporary failure of the DNS is {@link MapReply.Temp}
     */
    public static Function<String, MapReply> of(BounceGuard guard, SpfVerifier spf) {
        SpfProofs proofs = new SpfProofs(guard, spf);
        return key -> {
            // The sender is last: it may contain spaces in quotes, and no other part may.
            String[] parts = key.split(" ", PARTS);
            Optional<InetAddress> client = IpAddresses.parse(parts[0]);
            if (parts.length < PARTS || client.isEmpty()) {
                return new MapReply.Perm("key must be ADDRESS HELO SENDER");
            }
            EnvelopePath path = EnvelopePath.parse(parts[2]);
            Optional<MailAddress> sender = path.address();
            if (sender.isEmpty() && !(path instanceof EnvelopePath.Null)) {
                return new MapReply.NotFound("not a valid address");
            }
            if (sender.isEmpty()) {
                return reply(guard.decide(null, List.of()));
            }
            return proofs.decide(client.get(), parts[1], sender.get())
                    .map(BounceGuardMap::reply)
                    .orElseGet(() -> new MapReply.Temp("SPF temporary error"));
        };
    }

    private static MapReply reply(BounceGuard.Reason reason) {
        return reason == BounceGuard.Reason.PROVEN
                ? new MapReply.Found(reason.text())
                : new MapReply.NotFound(reason.text());
    }
}
