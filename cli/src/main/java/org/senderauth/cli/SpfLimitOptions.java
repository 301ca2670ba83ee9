package org.senderauth.cli;

import org.jspecify.annotations.Nullable;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.VoidLookupCounting;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The limits of an SPF check: options of {@code spf check}, {@code spf explain} and {@code check}. */
final class SpfLimitOptions {

    @Option(names = "--max-lookups", paramLabel = "N", description = "Limit of DNS lookups (default: 10).")
    @Nullable
    Integer maxLookups;

    @Option(names = "--max-void-lookups", paramLabel = "N", description = "Limit of void lookups (default: 2).")
    @Nullable
    Integer maxVoidLookups;

    @Option(names = "--max-mx", paramLabel = "N", description = "Limit of MX hosts of one term (default: 10).")
    @Nullable
    Integer maxMx;

    @Option(names = "--max-queries", paramLabel = "N", description = "Limit of DNS queries (default: 250).")
    @Nullable
    Integer maxQueries;

    @Option(
            names = "--void-counting",
            paramLabel = "WHAT",
            description = {
                "What counts as a void lookup: 'terms', or each of the 'queries',",
                "as some receivers do (default: terms)."
            })
    @Nullable
    String voidCounting;

    private interface Limit {
        void set(int number);
    }

    /** Tests whether none of the options was given. */
    boolean isEmpty() {
        return maxLookups == null
                && maxVoidLookups == null
                && maxMx == null
                && maxQueries == null
                && voidCounting == null;
    }

    /** Returns the limits of the options. */
    SpfLimits limits(CommandLine command) {
        SpfLimits.Builder limits = SpfLimits.builder();
        set(command, "--max-lookups", maxLookups, limits::lookups);
        set(command, "--max-void-lookups", maxVoidLookups, limits::voidLookups);
        set(command, "--max-mx", maxMx, limits::mxNames);
        set(command, "--max-queries", maxQueries, limits::queries);
        return voidCounting == null
                ? limits.build()
                : limits.voidLookupCounting(counting(command, voidCounting)).build();
    }

    private static void set(CommandLine command, String option, @Nullable Integer number, Limit limit) {
        if (number == null) {
            return;
        }
        try {
            limit.set(number);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new ParameterException(command, option + message.substring(message.indexOf(' ')));
        }
    }

    private static VoidLookupCounting counting(CommandLine command, String text) {
        for (VoidLookupCounting counting : VoidLookupCounting.values()) {
            if (counting.text().equals(text)) {
                return counting;
            }
        }
        throw new ParameterException(command, "--void-counting must be 'terms' or 'queries', was '" + text + "'");
    }
}
