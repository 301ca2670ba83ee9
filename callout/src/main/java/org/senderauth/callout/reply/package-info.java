/** The meaning of a mail server's reply: one table of rules, and the texts and codes that its rows match. */
@NullMarked
package org.senderauth.callout.reply;

import org.jspecify.annotations.NullMarked;
