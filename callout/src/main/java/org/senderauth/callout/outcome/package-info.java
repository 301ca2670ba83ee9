/** The outcome of callouts: verdicts with their reasons, reports of probes, and the limits that may prevent one. */
@NullMarked
package org.senderauth.callout.outcome;

import org.jspecify.annotations.NullMarked;
