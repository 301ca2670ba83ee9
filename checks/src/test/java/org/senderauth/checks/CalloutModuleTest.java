package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The types of the callout module that a program on the module path can use, compiled as its author would. */
class CalloutModuleTest {

    /** The module, and all that it and its users need: folders of the build, or jars. */
    private static final Pattern NEEDED = Pattern.compile(
            ".*/(?:core|dns|callout)/target/.*|.*/(?:dnsjava|slf4j-api|caffeine|guava|failureaccess|jspecify|icu4j|bcprov)-.*");

    private static final String MODULE = "module org.example { requires org.senderauth.callout; }";

    @TempDir
    private Path folder;

    @Test
    void userCompilesWithSmtpProberAndStateOfProcess() throws IOException {
        assertThat(errors("""
                package org.example;

                import java.io.IOException;
                import java.nio.file.Path;
                import java.time.InstantSource;
                import org.senderauth.callout.CalloutRequest;
                import org.senderauth.callout.CalloutVerifier;
                import org.senderauth.callout.inmemory.InMemoryCalloutState;
                import org.senderauth.callout.outcome.CalloutLimits;
                import org.senderauth.callout.outcome.CalloutReason;
                import org.senderauth.callout.probe.ProbeSettings;
                import org.senderauth.callout.probe.SmtpProber;
                import org.senderauth.core.MonotonicClock;
                import org.senderauth.dns.DnsClient;

                final class User {
                    boolean isFull(DnsClient dns, Path file, CalloutRequest request) throws IOException {
                        InMemoryCalloutState state =
                                InMemoryCalloutState.create(CalloutLimits.DEFAULT, MonotonicClock.system());
                        state.load(file, InstantSource.system());
                        ProbeSettings settings = ProbeSettings.builder("mx.example.org").build();
                        try (CalloutVerifier verifier =
                                CalloutVerifier.builder(SmtpProber.of(dns, settings)).state(state).build()) {
                            return verifier.verify(request).reason() == CalloutReason.MAILBOX_FULL;
                        }
                    }
                }
                """)).isEmpty();
    }

    @Test
    void userClassifiesReplyWithoutCallout() throws IOException {
        assertThat(errors("""
                package org.example;

                import java.util.List;
                import org.senderauth.callout.outcome.CalloutVerdict;
                import org.senderauth.callout.reply.PostmasterCheck;
                import org.senderauth.callout.reply.ReplyClassification;
                import org.senderauth.callout.reply.ReplyClassifier;
                import org.senderauth.callout.reply.ReplyStage;
                import org.senderauth.callout.reply.ServerReply;

                final class User {
                    boolean isUnknown(String line) {
                        ReplyClassification meaning = ReplyClassifier.classify(
                                ServerReply.of(List.of(line)), ReplyStage.RCPT, PostmasterCheck.UNKNOWN);
                        return meaning.reason().verdict() == CalloutVerdict.UNDELIVERABLE;
                    }
                }
                """)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.CalloutState", "state.AdmissionRequest"})
    void typesForOurOwnModulesAreNotVisible(String type) throws IOException {
        assertThat(errors("package org.example; final class User { org.senderauth.callout." + type + " field; }"))
                .singleElement()
                .asString()
                .contains("compiler.err.package.not.visible");
    }

    private List<String> errors(String source) throws IOException {
        String path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        NEEDED.matcher(entry.replace(File.separatorChar, '/')).matches())
                .filter(entry -> !entry.endsWith("test-classes"))
                .filter(entry -> !entry.endsWith("-tests.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of("--module-path", path, "-d", folder.toString(), "-proc:none");
        compiler.getTask(
                        null,
                        null,
                        found,
                        options,
                        null,
                        List.of(SourceText.of("module-info", MODULE), SourceText.of("org/example/User", source)))
                .call();
        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.getCode() + ": " + diagnostic.getMessage(null))
                .toList();
    }
}
