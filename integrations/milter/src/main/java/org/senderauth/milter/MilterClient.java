package org.senderauth.milter;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The SMTP client as the MTA describes it. Immutable.
 *
 * @param host its name, or its address in brackets
 * @param address its address; empty if it came by a UNIX socket or is unknown
 * @param port its port; 0 for mail that did not come by SMTP
 * @param helo its HELO name; empty before HELO
 */
public record MilterClient(String host, Optional<InetAddress> address, int port, String helo) {

    /**
     * Tests whether the mail did not come by SMTP: from sendmail(1), or a bounce of the MTA's own. Postfix shows it as a
     * connection from {@code localhost}, 127.0.0.1, with port 0, which no client can have. Mail of this kind must never be
     * rejected: Postfix keeps a rejected one in its queue, and a rejected bounce is lost.
     *
     * @return true if so
     */
    public boolean isNotSmtp() {
        return port == 0
                && host.equals("localhost")
                && address.filter(InetAddress::isLoopbackAddress).isPresent();
    }

    MilterClient withHelo(String name) {
        return new MilterClient(host, address, port, name);
    }
}
