/** Benchmarks next to the peers, as ratios within one run. */
@NullMarked
package org.senderauth.benchmarks;

import org.jspecify.annotations.NullMarked;
