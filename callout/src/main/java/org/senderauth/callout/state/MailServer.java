package org.senderauth.callout.state;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One network address of a mail server, and the domain that operates it. Immutable.
 *
 * @param address the network address
 * @param mxDomain the registrable domain of the MX host name under which the address was found, in lower case; null
 *     where no DNS name led to it (address literal, configured host)
 */
public record MailServer(InetAddress address, @Nullable String mxDomain) {}
