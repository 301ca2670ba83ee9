/** BATV (draft-levine-smtp-batv-01): is this bounce an answer to mail that we sent? */
@NullMarked
package org.senderauth.batv;

import org.jspecify.annotations.NullMarked;
