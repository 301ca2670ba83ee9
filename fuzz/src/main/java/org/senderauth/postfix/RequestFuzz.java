package org.senderauth.postfix;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Map;
import java.util.function.Function;
import org.senderauth.batv.BounceGuard;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfVerifier;

/** Requests of the policy and the socketmap protocol, as a stream of several, each answered. */
public final class RequestFuzz {

    private static final Map<String, Function<String, MapReply>> MAPS = Map.of(
            "normalize",
            AddressMaps.normalize(),
            "may-bounce",
            BounceGuardMap.of(
                    BounceGuard.create(),
                    SpfVerifier.builder().dns(ZoneDnsClient.builder().build()).build()));

    private RequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        readAll(new PolicyProtocol(request -> PolicyAction.defer("4.3.0", "not now")), data);
        readAll(new SocketmapProtocol(MAPS), data);
    }

    static <R> void readAll(Protocol<R> protocol, byte[] data) {
        RequestInput in = new RequestInput(Channels.newChannel(new ByteArrayInputStream(data)));
        try {
            while (in.peek() >= 0) {
                protocol.answer(protocol.read(in));
            }
        } catch (MalformedRequestException | IOException expected) {
            // the connection is closed
        }
    }
}
