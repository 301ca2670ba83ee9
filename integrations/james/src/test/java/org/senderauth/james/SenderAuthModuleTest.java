package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mailet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.Batv;
import org.senderauth.core.SecretFiles;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.testkit.SmtpTestClient;
import org.xml.sax.InputSource;

/** The guide's module gives James what the guide's configuration names. */
class SenderAuthModuleTest {

    private static final String GUIDE = guide();

    private @Nullable URLClassLoader loader;

    private static String guide() {
        try {
            return Files.readString(Path.of("../../docs/james.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void injectorCreatesEveryConfiguredClass(@TempDir Path folder) throws Exception {
        createKeys(folder);
        Injector injector = Guice.createInjector().createChildInjector(module(folder));

        List<String> names = Pattern.compile("class=\"(org\\.senderauth\\.[A-Za-z0-9.]+)\"")
                .matcher(GUIDE)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(names).hasSize(10);
        for (String name : names) {
            Object made = injector.getInstance(Class.forName(name));
            assertThat(made).isInstanceOfAny(ProtocolHandler.class, Mailet.class);
            assertThat(injector.getInstance(Class.forName(name))).isSameAs(made);
        }
        assertThat(injector.getInstance(SenderPolicy.class)).isNotNull();
    }

    private static void createKeys(Path folder) throws IOException {
        String text = "[example.org]\nsign 0 hex:" + "0123456789abcdef".repeat(2) + "\n";
        SecretFiles.create(folder.resolve("batv.keys"), text.getBytes(StandardCharsets.UTF_8));
        SecretFiles.create(
                folder.resolve("srs.secret"), "a secret of this test, long".getBytes(StandardCharsets.UTF_8));
        KeyPair pair = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
        SecretFiles.create(
                folder.resolve("mail.pem"),
                Dkim2SigningKey.pem(pair.getPrivate()).getBytes(StandardCharsets.US_ASCII));
        Files.writeString(
                folder.resolve("own.keys"),
                "mail._domainkey.example.org " + Dkim2SigningKey.record(pair.getPublic()) + "\n");
    }

    @Test
    void guideModuleSignsMessagesWhoseBouncesNeedNoTag(@TempDir Path folder) throws Exception {
        createKeys(folder);
        Injector injector = Guice.createInjector(Modules.override(module(folder))
                .with(binder -> binder.bind(DnsClient.class).toInstance(Policies.ZONE)));
        String text = "From: alice@example.org\r\nTo: bob@example.net\r\nSubject: lunch\r\n\r\nHello\r\n";
        MailImpl mail = MailImpl.builder()
                .name("mail")
                .sender("alice@example.org")
                .addRecipient("bob@example.net")
                .mimeMessage(new MimeMessage(
                        Session.getInstance(new Properties()),
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII))))
                .build();
        injector.getInstance(Dkim2SignMessage.class).service(mail);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        mail.getMessage().writeTo(sent);
        mail.dispose();
        String report = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
                + "Content-Type: message/rfc822\r\n\r\n" + sent.toString(StandardCharsets.US_ASCII) + "\r\n--b--";
        try (EmbeddedServer server = EmbeddedServer.with(
                        injector.getInstance(SenderPolicyHook.class),
                        injector.getInstance(CalloutHook.class),
                        injector.getInstance(AcceptedMessageFilter.class));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), "198.51.100.1")) {
            assertThat(report(talk, report)).startsWith("250");
            assertThat(report(talk, report.replace("lunch", "dinner"))).startsWith("550 5.7.1 ");
        }
    }

    private static String report(SmtpTestClient talk, String report) throws IOException {
        talk.say("MAIL FROM:<>");
        talk.say("RCPT TO:<alice@example.org>");
        talk.say("DATA");
        return talk.say(report + "\r\n.");
    }

    @Test
    void guidePolicyRejectsUntaggedReportsByContent(@TempDir Path folder) throws Exception {
        createKeys(folder);
        Injector injector = Guice.createInjector(Modules.override(module(folder))
                .with(binder -> binder.bind(DnsClient.class).toInstance(Policies.ZONE)));
        String tagged = injector.getInstance(Batv.class).sign(Policies.ALICE).toString();
        try (EmbeddedServer server = EmbeddedServer.with(
                        injector.getInstance(SenderPolicyHook.class),
                        injector.getInstance(CalloutHook.class),
                        injector.getInstance(AcceptedMessageFilter.class));
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), "198.51.100.1")) {
            assertThat(bounce(talk, "Content-Type: multipart/report; report-type=delivery-status; boundary=b"))
                    .startsWith("550 5.7.1 ");
            assertThat(bounce(talk, "Auto-Submitted: auto-replied")).startsWith("250");
            server.taken().clear();
            assertThat(talk.mail("", "prvs=1000123456=alice@example.org", "")).startsWith("550 5.7.1 ");
            assertThat(server.taken()).isEmpty();
            assertThat(talk.mail("", tagged, "Delivery Status Notification (Failure)"))
                    .startsWith("250");
            assertThat(talk.mail("", "postmaster@example.org", "")).startsWith("250");
            assertThat(talk.mail("", "Abuse@example.org", "")).startsWith("250");
            assertThat(talk.mail("bob@example.com", "alice@example.org", "")).startsWith("250");
        }
    }

    private static String bounce(SmtpTestClient talk, String header) throws IOException {
        talk.say("MAIL FROM:<>");
        assertThat(talk.say("RCPT TO:<alice@example.org>")).startsWith("250");
        talk.say("DATA");
        return talk.say(header + "\r\n\r\ntext\r\n.");
    }

    @Test
    void guideHasValidXml() throws Exception {
        Matcher xml = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL).matcher(GUIDE);
        while (xml.find()) {
            String block = "<guide>" + xml.group(1) + "</guide>";
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(block)));
        }
    }

    @Test
    void printedClassesCompileOutsideThisPackage(@TempDir Path classes) {
        List<String> printed = printed();
        Matcher jspf =
                Pattern.compile("```java\n(@Provides.*?)```", Pattern.DOTALL).matcher(GUIDE);
        assertThat(jspf.find()).isTrue();
        String module = printed.stream()
                .filter(text -> text.contains("DnsClient dns()"))
                .findFirst()
                .orElseThrow();
        String withJspf = module.replaceFirst(
                "(?s) *@Provides\\s+@Singleton\\s+DnsClient dns\\(\\) \\{.*?\n    }\n",
                Matcher.quoteReplacement(jspf.group(1)));
        assertThat(withJspf).contains("JspfDnsClient").doesNotContain("ResolverDnsClient.system()");
        for (List<String> sources : List.of(printed, List.of(withJspf))) {
            assertThat(compiles(sources, classes)).isTrue();
        }
    }

    /** {@return the classes of the guide, which are those of the outside project in checks/src/it/james-extension} */
    private static List<String> printed() {
        List<String> printed = Pattern.compile("```java\n(package org\\.example;.*?)```", Pattern.DOTALL)
                .matcher(GUIDE)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(printed).hasSize(2);
        return printed;
    }

    private Module module(Path folder) throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        assertThat(compiles(printed(), classes)).isTrue();
        loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
        Constructor<?> constructor =
                loader.loadClass("org.example.SenderAuthModule").getDeclaredConstructor(Path.class);
        constructor.setAccessible(true);
        return (Module) constructor.newInstance(folder);
    }

    @AfterEach
    void close() throws IOException {
        if (loader != null) {
            loader.close();
        }
    }

    private static boolean compiles(List<String> sources, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = System.getProperty("jdk.module.path", "")
                + File.pathSeparator
                + System.getProperty("java.class.path")
                + File.pathSeparator
                + Path.of("target", "classes");
        List<? extends JavaFileObject> files = sources.stream()
                .map(source -> {
                    Matcher name = Pattern.compile("final class (\\w+)").matcher(source);
                    assertThat(name.find()).isTrue();
                    URI uri = URI.create("string:///org/example/" + name.group(1) + ".java");
                    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                            return source;
                        }
                    };
                })
                .toList();
        return compiler.getTask(null, null, null, List.of("-cp", classPath, "-d", classes.toString()), null, files)
                .call();
    }
}
