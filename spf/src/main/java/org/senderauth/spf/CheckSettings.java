package org.senderauth.spf;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.senderauth.dns.DnsClient;

/** The settings of a verifier, the same for all its checks. */
record CheckSettings(
        DnsClient dns,
        SpfLimits limits,
        InstantSource clock,
        LongSupplier nanoTime,
        String receiver,
        boolean prefetch,
        boolean trace,
        boolean mailFromAfterHeloFail) {}
