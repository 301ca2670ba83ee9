package org.senderauth.server.web;

import java.net.SocketAddress;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the web pages. Immutable.
 *
 * @param address where they are served: a loopback address or a UNIX socket
 * @param token the token that a browser or a script must send; null if only the proxy's users may enter
 * @param hosts the host names that a request may be for, in lower case; a loopback listener adds its own
 * @param userHeader the header field with the user that a reverse proxy authenticated; trusted over a UNIX socket only, null
 *     for none
 */
public record WebSettings(
        SocketAddress address,
        @Nullable SecretKey token,
        Set<String> hosts,
        @Nullable String userHeader) {

    /** Creates settings; the set is copied. */
    public WebSettings {
        hosts = Set.copyOf(hosts);
    }
}
