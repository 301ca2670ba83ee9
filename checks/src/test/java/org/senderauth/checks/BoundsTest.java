package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.senderauth.core.RecentEntries;
import org.senderauth.core.WindowCounts;

/**
 * Whatever can grow while the program runs has its bound in bytes in a table of docs/security.md: every cache, queue,
 * map, list, buffer and pool of threads that is a field of the main code. What is filled once, from the configuration or
 * by a caller who builds something, is recognized by what its class does.
 */
class BoundsTest {

    private static final Path GUIDE = Path.of("../docs/security.md");

    /** A row: field, what fills it, bound. */
    private static final Pattern ROW = Pattern.compile("\\| `([a-zA-Z0-9.$]+)` \\| [^|]+ \\| ([^|]+) \\|");

    private static final Pattern BYTES = Pattern.compile("[0-9] ?(bytes|KiB|MiB)|heap/[0-9]+");

    /** Growing always, whatever their class does. */
    private static final List<Class<?>> ALWAYS = List.of(
            Cache.class,
            AsyncCache.class,
            RecentEntries.class,
            WindowCounts.class,
            java.util.Queue.class,
            ConcurrentMap.class,
            Buffer.class,
            StringBuilder.class,
            ByteArrayOutputStream.class,
            BufferedOutputStream.class,
            BufferedWriter.class,
            StringWriter.class,
            ExecutorService.class,
            AtomicLongArray.class,
            AtomicIntegerArray.class,
            AtomicReferenceArray.class);

    /** Growing if their class changes any of their kind. */
    private static final List<Class<?>> IF_CHANGED = List.of(Map.class, Collection.class);

    private static final Set<String> CHANGES = Set.of(
            "put",
            "putAll",
            "putIfAbsent",
            "merge",
            "compute",
            "computeIfAbsent",
            "add",
            "addAll",
            "addFirst",
            "addLast",
            "push",
            "offer",
            "newKeySet");

    /** What the rules above take for growing, and third parties do not fill: where it comes from. */
    private static final Map<String, List<String>> FILLED_ONCE = Map.of(
            "constants",
            List.of(
                    "batv.BounceFilter.FAILURES",
                    "batv.BounceFilter.BY_CONTENT",
                    "batv.BounceFilter.UNLIMITED",
                    "batv.EncodedText$Charsets.BY_NAME",
                    "batv.PhraseSet.FILE",
                    "callout.reply.MailboxRules.ENDED_MAILBOXES",
                    "callout.reply.MailboxRules.ENGLISH",
                    "callout.reply.MailboxRules.FULL",
                    "cli.ExplainReplyCommand.CHECKS",
                    "cli.ExplainReplyCommand.STAGES",
                    "server.web.Access.LOOPBACK",
                    "server.web.Access.hosts",
                    "server.web.DecisionsPage.FILTERS",
                    "server.web.Site.style",
                    "server.web.WebHandler.STRICT",
                    "dkim2.ReturnedMessage.HEADERS_ONLY",
                    "dkim2.ReturnedMessage.WHOLE",
                    "milter.MilterNeeds.actions",
                    "milter.MilterNeeds.headers",
                    "milter.MilterNeeds.macros",
                    "callout.CalloutCounters.SECONDS",
                    "callout.CachePolicy.UNKNOWN_USER",
                    "james.JspfDnsClient.TYPES",
                    "postfix.MtaServer.DEFAULT_SOCKET_PERMISSIONS",
                    "postfix.PolicyProtocol.MESSAGE_ATTRIBUTES",
                    "spf.lint.NetworkRules.SPECIAL",
                    "spf.lint.TermDiagnosis.MECHANISMS",
                    "spf.lint.TermDiagnosis.MODIFIERS"),
            "the configuration",
            List.of(
                    "batv.BatvKeyFile$Section.domains",
                    "dkim2.Dkim2Signer.keys",
                    "server.ZoneServer.listeners",
                    "srs.Srs.localDomains",
                    "srs.SrsKeyring.keys",
                    "srs.SrsKeyring.provider",
                    "batv.BatvKeyFile.keyrings",
                    "callout.probe.MxResolver.ownAddresses",
                    "server.PolicyFactory.maps",
                    "server.ConfigSection$Problems.byLine",
                    "policy.NamedDomains.domains",
                    "policy.NetworkSet.networks",
                    "policy.NetworkSet.prefixes",
                    "server.ConfigSection.settings",
                    "server.ListReader.files",
                    "server.ListWatch.known",
                    "server.ListWatch.seen",
                    "server.Listeners.names",
                    "server.ConfigSection.taken",
                    "server.Listeners.probes",
                    "server.Listeners.servers",
                    "server.Listeners.workers",
                    "server.StepsReader.onTempfail",
                    "server.StepsReader.switchedOn",
                    "csv.DnaCheck.trusted",
                    "csv.MprCheck.forwarders",
                    "policy.StepModes.defaultModes",
                    "policy.StepModes.recipientDomains",
                    "policy.StepModes.senderDomains"),
            "master files of the administrator",
            List.of("dns.ZoneDnsClient$Node.answers", "dns.ZoneDnsClient$Node.records", "dns.ZoneDnsClient.nodes"),
            "the command line",
            List.of(
                    "cli.MprOptions.forwarders",
                    "cli.Dkim2Batch.domains",
                    "cli.ExplainReplyCommand.text",
                    "cli.CsvPublishCommand$Csa.addresses",
                    "cli.CsvPublishCommand$Dna.services",
                    "cli.CsvPublishCommand$Mpr.channel",
                    "cli.CsvPublishCommand$Mpr.clients",
                    "cli.SimulateCommand$JoeJobCommand.scenarios"),
            "the simulation, which has no network",
            List.of("cli.SimulatedMailServers.recipientsByOperator", "cli.SimulatedTime.tasks"));

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new MainClasses()).importPackages("org.senderauth");

    @Test
    void everyGrowingFieldHasItsBoundInTheGuide() throws IOException {
        Map<String, String> rows = rows();
        Set<String> filledOnce =
                FILLED_ONCE.values().stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new));
        Set<String> fields = MAIN.stream()
                .filter(type -> !type.getPackageName().matches("org[.]senderauth[.](testkit|peers).*"))
                .flatMap(type -> type.getFields().stream())
                .filter(field -> canGrow(field, MAIN))
                .map(BoundsTest::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(difference(filledOnce, fields))
                .as("entries above that are needed no more")
                .isEmpty();
        fields.removeAll(filledOnce);
        assertThat(difference(fields, rows.keySet()))
                .as("fields that grow and have no row in docs/security.md: | `field` | filled by | bound in bytes |")
                .isEmpty();
        assertThat(difference(rows.keySet(), fields))
                .as("rows in docs/security.md whose field is gone, or does not grow")
                .isEmpty();
        assertThat(rows)
                .allSatisfy((field, bound) -> assertThat(bound)
                        .as("the bound of %s tells bytes, KiB, MiB or a part of the heap", field)
                        .containsPattern(BYTES));
    }

    @Test
    void rulesFindGrowingFieldsOfEachKind() {
        JavaClasses samples =
                new ClassFileImporter().importClasses(BoundsTest.class, Samples.class, Samples.Value.class);
        Set<String> found = samples.get(Samples.class).getFields().stream()
                .filter(field -> canGrow(field, samples))
                .map(JavaField::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found).containsExactly("buffer", "cache", "octets", "seen", "waiting");
        assertThat(samples.get(Samples.Value.class).getFields()).noneMatch(field -> canGrow(field, samples));
    }

    /** One field of each kind. */
    @SuppressWarnings("unused")
    private static final class Samples {
        private final byte[] octets = new byte[10];
        private final StringBuilder buffer = new StringBuilder();
        private final Map<String, String> seen = new java.util.HashMap<>();
        private final java.util.Deque<String> waiting = new java.util.ArrayDeque<>();
        private final Cache<String, String> cache =
                com.github.benmanes.caffeine.cache.Caffeine.newBuilder().build();

        void see(String text) {
            seen.put(text, text);
        }

        private record Value(List<String> parts, byte[] octets) {}
    }

    private static Set<String> difference(Set<String> some, Set<String> others) {
        Set<String> left = new TreeSet<>(some);
        left.removeAll(others);
        return left;
    }

    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(GUIDE)) {
            Matcher row = ROW.matcher(line);
            if (row.lookingAt()) {
                assertThat(rows.put(row.group(1), row.group(2)))
                        .as(row.group(1))
                        .isNull();
            }
        }
        return rows;
    }

    private static String name(JavaField field) {
        return field.getOwner().getName().substring("org.senderauth.".length()) + "." + field.getName();
    }

    private static boolean canGrow(JavaField field, JavaClasses all) {
        JavaClass owner = field.getOwner();
        if (owner.isRecord()
                || owner.getSimpleName().endsWith("Builder")
                || field.getModifiers().contains(JavaModifier.SYNTHETIC)) {
            return false;
        }
        JavaClass type = field.getRawType();
        boolean constant = field.getModifiers().contains(JavaModifier.STATIC)
                && field.getModifiers().contains(JavaModifier.FINAL);
        if (type.isArray()) {
            // A constant table has its length in the source.
            return !constant && type.getComponentType().isPrimitive();
        }
        if (isAny(type, ALWAYS)) {
            return true;
        }
        return isAny(type, IF_CHANGED) && changes(outermost(owner), constant, all);
    }

    private static boolean isAny(JavaClass type, List<Class<?>> kinds) {
        return kinds.stream().anyMatch(type::isAssignableTo);
    }

    // Whether a class, or one within it, changes a map or collection; for a constant, outside of its initializer.
    private static boolean changes(JavaClass type, boolean constant, JavaClasses all) {
        return all.stream()
                .filter(inner -> outermost(inner).equals(type))
                .flatMap(inner -> Stream.<JavaAccess<?>>concat(
                        inner.getMethodCallsFromSelf().stream(), inner.getMethodReferencesFromSelf().stream()))
                .filter(access -> !constant || !access.getOrigin().getName().equals("<clinit>"))
                .filter(access -> !access.getOriginOwner().getSimpleName().endsWith("Builder"))
                .anyMatch(access -> CHANGES.contains(access.getName()) && isAny(access.getTargetOwner(), IF_CHANGED));
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }
}
