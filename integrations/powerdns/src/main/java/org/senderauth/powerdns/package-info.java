/** The public validation lookup of SES with a PowerDNS server, which adds DNSSEC, rate limits and anycast. */
@NullMarked
package org.senderauth.powerdns;

import org.jspecify.annotations.NullMarked;
