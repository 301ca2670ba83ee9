package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The BOM is written by hand, so a test holds it to what is published. */
class BomTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void bomListsExactlyThePublishedModules() throws Exception {
        Document parent = pom(ROOT.resolve("pom.xml"));
        String version = text(parent.getDocumentElement(), "version");
        List<String> published = new ArrayList<>();
        NodeList modules = parent.getElementsByTagName("module");
        for (int i = 0; i < modules.getLength(); i++) {
            Document module = pom(ROOT.resolve(modules.item(i).getTextContent()).resolve("pom.xml"));
            NodeList skips = module.getElementsByTagName("maven.deploy.skip");
            boolean skipped =
                    skips.getLength() > 0 && skips.item(0).getTextContent().equals("true");
            String artifact = text(module.getDocumentElement(), "artifactId");
            if (!skipped && !artifact.equals("senderauth-bom")) {
                published.add("org.senderauth:" + artifact + ":" + version);
            }
        }

        Document bom = pom(ROOT.resolve("bom/pom.xml"));
        List<String> listed = new ArrayList<>();
        NodeList dependencies = bom.getElementsByTagName("dependency");
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element dependency = (Element) dependencies.item(i);
            listed.add(text(dependency, "groupId") + ":" + text(dependency, "artifactId") + ":"
                    + text(dependency, "version"));
        }

        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(published);
        assertThat(text(bom.getDocumentElement(), "version")).isEqualTo(version);
    }

    @Test
    void bomAddsNothingElse() throws Exception {
        Document bom = pom(ROOT.resolve("bom/pom.xml"));
        for (String element : List.of("parent", "properties", "build", "modules")) {
            assertThat(bom.getElementsByTagName(element).getLength())
                    .as(element)
                    .isZero();
        }
        assertThat(Files.readString(ROOT.resolve("bom/pom.xml"))).doesNotContain("${");
    }

    private static Document pom(Path file) throws IOException, ParserConfigurationException, SAXException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static String text(Element parent, String child) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(child)) {
                return node.getTextContent();
            }
        }
        throw new IllegalArgumentException(parent.getNodeName() + " has no " + child);
    }
}
