/** Benchmarks beside the peers, as ratios within one run. */
package org.senderauth.benchmarks;
