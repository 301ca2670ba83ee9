/** Serves SPF records as a DNS zone: any number of networks with one lookup. */
@NullMarked
package org.senderauth.spf.zone;

import org.jspecify.annotations.NullMarked;
