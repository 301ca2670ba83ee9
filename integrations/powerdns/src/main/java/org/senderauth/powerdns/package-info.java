/** The public look-up of SES behind a PowerDNS server, which brings DNSSEC, rate limits and anycast. */
package org.senderauth.powerdns;
