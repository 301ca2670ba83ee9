/** SPF (RFC 7208): may this address send for that domain? */
package org.senderauth.spf;
