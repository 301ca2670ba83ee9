/** What a mail server's reply means: one table of rules, and the texts and codes that its rows look at. */
@NullMarked
package org.senderauth.callout.outcome;

import org.jspecify.annotations.NullMarked;
