/** Callouts: checks, at a low cost for other servers, whether a bounce could be delivered to a sender. */
@NullMarked
package org.senderauth.callout;

import org.jspecify.annotations.NullMarked;
