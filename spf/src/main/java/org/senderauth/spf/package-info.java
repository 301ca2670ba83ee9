/** SPF (RFC 7208): checks whether a client is authorized to send mail for a domain. */
@NullMarked
package org.senderauth.spf;

import org.jspecify.annotations.NullMarked;
