/** SES, signed envelope senders: did the domain emit this sender address? */
@NullMarked
package org.senderauth.ses;

import org.jspecify.annotations.NullMarked;
