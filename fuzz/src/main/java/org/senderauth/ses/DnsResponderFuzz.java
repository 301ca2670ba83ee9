package org.senderauth.ses;

import java.net.InetAddress;

/** DNS messages to the public validation lookup of signed senders. */
public final class DnsResponderFuzz {

    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

    private DnsResponderFuzz() {}

    private static final DnsResponder RESPONDER =
            new DnsResponder(SesZone.builder(SesAddressFuzz.SES, "ns1.example.org")
                    .domain("example.org")
                    .build());

    public static void fuzzerTestOneInput(byte[] data) {
        RESPONDER.answer(data, CLIENT, true).toCompletableFuture().join();
        RESPONDER.answer(data, CLIENT, false).toCompletableFuture().join();
    }
}
