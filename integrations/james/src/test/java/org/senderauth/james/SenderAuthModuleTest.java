package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.mailet.Mailet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.policy.SenderPolicy;
import org.xml.sax.InputSource;

/** The guide's module gives James what the guide's configuration names. */
class SenderAuthModuleTest {

    private static final String GUIDE = guide();

    private static String guide() {
        try {
            return Files.readString(Path.of("../../docs/james.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void jamesInjectorMakesEveryClassThatTheConfigurationNames(@TempDir Path folder) throws Exception {
        Path keys = folder.resolve("batv.keys");
        String text = "[example.org]\nsign 0 hex:" + "0123456789abcdef".repeat(2) + "\n";
        SecretFiles.create(keys, text.getBytes(StandardCharsets.UTF_8));
        Injector injector = Guice.createInjector().createChildInjector(new SenderAuthModule(keys));

        List<String> names = Pattern.compile("class=\"(org\\.senderauth\\.[A-Za-z.]+)\"")
                .matcher(GUIDE)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(names).hasSize(5);
        for (String name : names) {
            Object made = injector.getInstance(Class.forName(name));
            assertThat(made).isInstanceOfAny(ProtocolHandler.class, Mailet.class);
            assertThat(injector.getInstance(Class.forName(name))).isSameAs(made);
        }
        assertThat(injector.getInstance(SenderPolicy.class)).isNotNull();
    }

    @Test
    void theGuideShowsTheModuleAndWellFormedConfiguration() throws Exception {
        assertThat(GUIDE)
                .contains("```java\n"
                        + Files.readString(Path.of("src/test/java/org/senderauth/james/SenderAuthModule.java"))
                                .replace("package org.senderauth.james;", "package org.example;")
                        + "```\n");
        Matcher xml = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL).matcher(GUIDE);
        while (xml.find()) {
            String block = "<guide>" + xml.group(1) + "</guide>";
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(block)));
        }
    }
}
