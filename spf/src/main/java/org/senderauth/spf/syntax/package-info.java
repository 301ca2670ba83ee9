/**
 * The syntax of SPF records (RFC 7208 sections 4.6.1, 5 to 7 and 12): text in, a tree with positions or positioned
 * problems out. Nothing here queries the DNS.
 *
 * <p>{@link org.senderauth.spf.syntax.SpfParser} reads a record, {@link org.senderauth.spf.syntax.SpfRecord} is one
 * that may be evaluated, {@link org.senderauth.spf.syntax.MalformedRecord} is one that may not but still shows what could
 * be read of it.
 */
@NullMarked
package org.senderauth.spf.syntax;

import org.jspecify.annotations.NullMarked;
