/** Real programs and data for our own tests: Redis, mail servers, vectors next to the checkout. Not published. */
@NullMarked
package org.senderauth.peers;

import org.jspecify.annotations.NullMarked;
