package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.ProbeTimeouts;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.core.MailAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Callouts. */
@Command(name = "callout", mixinStandardHelpOptions = true, description = "Verify an address by SMTP callout.")
final class CalloutCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "a command is missing: verify or explain-reply");
    }

    /** {@code callout verify}. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Verify that an address accepts bounces, and show the SMTP session.",
                "This probes someone else's mail server: verify single addresses, never lists."
            },
            footer = {
                "",
                "Examples:",
                "  senderauth callout verify --helo mx.example.org alice@example.com",
                "  senderauth callout verify --zone test.zone --port 2525 alice@example.com",
                "",
                "Exit status: 0 deliverable, catch-all or skipped; 1 undeliverable;",
                "2 usage error; 75 undecided (temporary failure)."
            })
    static final class VerifyCommand implements Callable<Integer> {

        /** A person at a terminal waits for the whole probe. */
        private static final Duration PATIENCE = Duration.ofSeconds(90);

        /** Long enough to show the end of the session as well; a service need not wait for it. */
        private static final ProbeTimeouts TIMEOUTS = ProbeTimeouts.DEFAULT.withQuit(Duration.ofSeconds(15));

        @Mixin
        CommonOptions common = new CommonOptions();

        @Spec
        @Nullable
        CommandSpec spec;

        @Parameters(paramLabel = "ADDR", description = "The address; '' or '<>' is the null sender.")
        String address = "";

        @Option(
                names = "--helo",
                paramLabel = "NAME",
                description = "This host's name for EHLO (default: what the system calls it).")
        @Nullable
        String helo;

        @Option(
                names = "--port",
                paramLabel = "N",
                defaultValue = "25",
                description = "For tests: another port. Loopback and private addresses are then asked as well.")
        int port;

        @Override
        public Integer call() throws IOException {
            CommandSpec known = Objects.requireNonNull(spec);
            CompletableFuture<ProbeReport> ended = new CompletableFuture<>();
            CalloutObserver end = new CalloutObserver() {
                @Override
                public void probed(Probed probe) {
                    ended.complete(probe.report());
                }
            };
            try (CalloutVerifier verifier = CalloutVerifier.builder(SmtpProber.of(common.dns(), settings(known)))
                    .limits(CalloutLimits.DEFAULT.toBuilder()
                            .responseTimeout(PATIENCE)
                            .build())
                    .clock(common.clock())
                    .observer(end)
                    .build()) {
                CalloutRequest request = CalloutRequest.sender(address)
                        .client(InetAddress.getLoopbackAddress())
                        .build();
                CalloutResult result = verifier.verify(request);
                // The session ends with RSET and QUIT before the command exits.
                ProbeReport probe = result.probe().isEmpty() ? null : ended.join();
                PrintWriter out = known.commandLine().getOut();
                if (common.json) {
                    out.println(JsonLines.write(object(result, probe)));
                } else {
                    print(out, result, probe);
                }
                return status(result);
            }
        }

        private ProbeSettings settings(CommandSpec known) {
            try {
                ProbeSettings.Builder settings = ProbeSettings.builder(helo == null ? ownName() : helo)
                        .port(port)
                        .timeouts(TIMEOUTS)
                        .clock(common.clock());
                if (port != ProbeSettings.SMTP_PORT) {
                    settings.addressFilter(any -> true);
                }
                return settings.build();
            } catch (IllegalArgumentException e) {
                throw new ParameterException(known.commandLine(), Objects.requireNonNull(e.getMessage()), e);
            }
        }

        /** The host name of the system; an address literal where that is no name for EHLO. */
        private static String ownName() {
            try {
                String name = InetAddress.getLocalHost().getCanonicalHostName();
                return MailAddress.parse("postmaster@" + name).isPresent() ? name : "[127.0.0.1]";
            } catch (UnknownHostException e) {
                return "[127.0.0.1]";
            }
        }

        private static int status(CalloutResult result) {
            return switch (result.verdict()) {
                case DELIVERABLE, CATCH_ALL, SKIPPED -> ExitStatus.PASS;
                case UNDELIVERABLE -> ExitStatus.FAIL;
                case UNDECIDED -> ExitStatus.TEMPFAIL;
            };
        }

        private static void print(PrintWriter out, CalloutResult result, @Nullable ProbeReport probe) {
            out.println(lower(result.verdict()).replace('_', '-') + ": "
                    + lower(result.reason()).replace('_', ' '));
            result.smtpReply().ifPresent(reply -> out.println("  reply  " + reply));
            if (probe != null) {
                if (probe.host() != null) {
                    out.println("  asked  " + probe.host() + address(probe));
                }
                probe.transcript().forEach(line -> out.println("    " + line));
            }
        }

        private static String address(ProbeReport probe) {
            return probe.hostAddress() == null ? "" : " [" + probe.hostAddress().getHostAddress() + "]";
        }

        private ObjectNode object(CalloutResult result, @Nullable ProbeReport probe) {
            ObjectNode object = JsonLines.object()
                    .put("address", address)
                    .put("verdict", lower(result.verdict()))
                    .put("reason", lower(result.reason()))
                    .put("reply", result.smtpReply().map(Object::toString).orElse(null));
            object.put("targetReply", result.targetReply().map(Object::toString).orElse(null));
            object.put("host", probe == null ? null : probe.host());
            object.put(
                    "ip",
                    probe == null || probe.hostAddress() == null
                            ? null
                            : probe.hostAddress().getHostAddress());
            ArrayNode transcript = object.putArray("transcript");
            (probe == null ? List.<String>of() : probe.transcript()).forEach(transcript::add);
            return object;
        }

        private static String lower(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }
}
