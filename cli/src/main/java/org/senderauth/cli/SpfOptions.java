package org.senderauth.cli;

import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.IpAddresses;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The question of {@code spf check} and {@code spf explain}. */
final class SpfOptions {

    @Option(names = "--ip", paramLabel = "IP", description = "The client's address.")
    @Nullable
    String ip;

    @Option(names = "--helo", paramLabel = "NAME", description = "What the client said in HELO or EHLO.")
    @Nullable
    String helo;

    @Option(
            names = "--from",
            paramLabel = "ADDR",
            description = "The reverse-path, '' for the null one; without it the HELO name is checked.")
    @Nullable
    String from;

    @Option(names = "--receiver", paramLabel = "NAME", description = "The name of the host that checks, for headers.")
    @Nullable
    String receiver;

    /** Whether any part of a question was given. */
    boolean isEmpty() {
        return ip == null && helo == null && from == null;
    }

    /** The question that the options ask: about the reverse-path if there is one, else about the HELO name. */
    SpfQuery query(CommandLine command) {
        if (ip == null || helo == null) {
            throw new ParameterException(command, "--ip and --helo are needed");
        }
        InetAddress client = IpAddresses.parse(ip)
                .orElseThrow(() -> new ParameterException(command, "--ip '" + ip + "' is no IP address"));
        return query(client, helo, from);
    }

    static SpfQuery query(InetAddress client, String helo, @Nullable String from) {
        return from == null ? SpfQuery.helo(client, helo) : SpfQuery.mailFrom(client, withoutBrackets(from), helo);
    }

    SpfVerifier.Builder verifier(CommonOptions common) throws IOException {
        SpfVerifier.Builder builder = SpfVerifier.builder().dns(common.dns()).clock(common.clock());
        return receiver == null ? builder : builder.receiver(receiver);
    }

    /** What the verdict means for the caller of the command. */
    static int status(SpfResult result) {
        return switch (result.verdict()) {
            case PASS, NEUTRAL, NONE -> ExitStatus.GOOD;
            case FAIL, SOFTFAIL, PERMERROR -> ExitStatus.NEGATIVE;
            case TEMPERROR -> ExitStatus.TRY_LATER;
        };
    }

    private static String withoutBrackets(String path) {
        return path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
    }
}
