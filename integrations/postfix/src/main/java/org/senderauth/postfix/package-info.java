/**
 * Serves decisions and address maps to mail servers: the policy delegation protocol of Postfix, and socketmaps for
 * Postfix, Sendmail and (in a one-line dialect) Exim's {@code readsocket}.
 *
 * <p>{@link org.senderauth.postfix.MtaServer} holds the connections; a {@link org.senderauth.postfix.Protocol} says what
 * is spoken on them: {@link org.senderauth.postfix.PolicyProtocol} or {@link org.senderauth.postfix.SocketmapProtocol}.
 */
package org.senderauth.postfix;
