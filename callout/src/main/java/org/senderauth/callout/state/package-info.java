/**
 * What callouts remember and share: answers, leases, budgets.
 *
 * <p>{@link org.senderauth.callout.state.CalloutState} is the seam; {@link
 * org.senderauth.callout.state.InMemoryCalloutState} keeps it in one process. What an answer means for later questions
 * is decided before it gets here: a state stores, counts and limits.
 */
@NullMarked
package org.senderauth.callout.state;

import org.jspecify.annotations.NullMarked;
