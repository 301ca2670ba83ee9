/**
 * The caches, leases and rate limits of callouts, which several hosts can share.
 *
 * <p>{@link org.senderauth.callout.state.CalloutState} is the interface; {@link
 * org.senderauth.callout.state.InMemoryCalloutState} implements it for one process. A state stores, counts and limits; the
 * meaning of a result for later requests is decided before it gets there.
 */
@NullMarked
package org.senderauth.callout.state;

import org.jspecify.annotations.NullMarked;
