package org.senderauth.cli;

import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The query and the limits of {@code spf check} and {@code spf explain}. */
final class SpfOptions {

    @Option(names = "--ip", paramLabel = "IP", description = "IP address of the client.")
    @Nullable
    String ip;

    @Option(names = "--helo", paramLabel = "NAME", description = "HELO/EHLO name sent by the client.")
    @Nullable
    String helo;

    @Option(
            names = "--from",
            paramLabel = "ADDR",
            description = "Envelope sender, '' for the null sender (default: check the HELO name).")
    @Nullable
    String from;

    @Option(
            names = "--receiver",
            paramLabel = "NAME",
            description = "Name of the receiving host, for header fields (default: unknown).")
    @Nullable
    String receiver;

    @Option(
            names = "--record",
            paramLabel = "TEXT",
            description = "Evaluate this SPF record as if the checked domain published it; query DNS for all else.")
    @Nullable
    String record;

    @Mixin
    SpfLimitOptions limits = new SpfLimitOptions();

    /** Tests whether no part of a query was given. */
    boolean isEmpty() {
        return ip == null && helo == null && from == null && record == null;
    }

    /** Returns the query of the options: about the sender if there is one, else about the HELO name. */
    SpfQuery query(CommandLine command) {
        if (ip == null || helo == null) {
            throw new ParameterException(command, "missing required options --ip and --helo");
        }
        InetAddress client = Arguments.ip(command, "--ip", ip);
        if (from != null) {
            Arguments.path(command, "--from", from);
        }
        return query(client, Arguments.helo(command, "--helo", helo), from);
    }

    static SpfQuery query(InetAddress client, String helo, @Nullable String from) {
        return from == null ? SpfQuery.helo(client, helo) : SpfQuery.mailFrom(client, from, helo);
    }

    /** Returns the limits of the options. */
    SpfLimits limits(CommandLine command) {
        return limits.limits(command);
    }

    SpfVerifier.Builder verifier(CommonOptions common, CommandLine command) throws IOException {
        SpfVerifier.Builder builder =
                SpfVerifier.builder().limits(limits(command)).dns(common.dns()).clock(common.clock());
        return receiver == null ? builder : builder.receiver(receiver);
    }

    /** Verifies the query, with the record of the options if there is one. */
    SpfResult verify(SpfVerifier verifier, SpfQuery query) {
        return record == null ? verifier.verify(query) : verifier.verifyRecord(query, record);
    }

    /** Returns the exit status for a result. */
    static int status(SpfResult result) {
        return switch (result.verdict()) {
            case PASS, NEUTRAL, NONE -> ExitStatus.PASS;
            case FAIL, SOFTFAIL, PERMERROR -> ExitStatus.FAIL;
            case TEMPERROR -> ExitStatus.TEMPFAIL;
        };
    }
}
