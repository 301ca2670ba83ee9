/**
 * The caches, leases and rate limits of callouts, which several hosts can share, as an interface for our own modules.
 *
 * <p>{@link org.senderauth.callout.state.CalloutState} is implemented in memory and in Redis. A state stores, counts and
 * limits; the meaning of a result for later requests is decided before it gets there.
 */
@NullMarked
package org.senderauth.callout.state;

import org.jspecify.annotations.NullMarked;
