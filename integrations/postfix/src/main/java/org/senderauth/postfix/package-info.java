/**
 * Serves decisions and address maps to mail servers: the policy delegation protocol of Postfix, and socketmaps for
 * Postfix, Sendmail and (in a one-line dialect) Exim's {@code readsocket}.
 *
 * <p>{@link org.senderauth.postfix.MtaServer} manages the connections; a {@link org.senderauth.postfix.Protocol} reads and
 * answers the requests: {@link org.senderauth.postfix.PolicyProtocol} or {@link
 * org.senderauth.postfix.SocketmapProtocol}.
 */
@NullMarked
package org.senderauth.postfix;

import org.jspecify.annotations.NullMarked;
