/** The networks that a domain authorizes, and records that list them with fewer DNS lookups. */
@NullMarked
package org.senderauth.spf.flatten;

import org.jspecify.annotations.NullMarked;
