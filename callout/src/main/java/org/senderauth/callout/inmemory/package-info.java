/**
 * The caches, leases and rate limits of callouts in the memory of one process.
 *
 * <p>{@link org.senderauth.callout.inmemory.InMemoryCalloutState} is the default of a verifier. A program that keeps its
 * positive results over a restart creates one itself.
 */
@NullMarked
package org.senderauth.callout.inmemory;

import org.jspecify.annotations.NullMarked;
