/** SES, signed envelope senders: did the domain emit this sender address? */
package org.senderauth.ses;
