package org.senderauth.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class PageTest {

    private static final String HOSTILE = "</text><script>alert(1)</script>\"'&\u0000\u001b[2J\u202e\ud800\uffff]]>";

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void hostileTextsAreTextInAPicture() throws Exception {
        TreeNode tree = new TreeNode(
                HOSTILE, HOSTILE, Tone.BAD, List.of(new TreeNode("x".repeat(300) + HOSTILE, "", Tone.PLAIN)));
        String svg = TreePicture.svg(HOSTILE, tree);
        Document document = parse(svg);
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getElementsByTagName("text").item(1).getTextContent())
                .isEqualTo("</text><script>alert(1)</script>\"'&??[2J???]]>");
        assertThat(svg).doesNotContain("<script", "\u001b", "\u202e");
    }

    @Test
    void cutsLongTextAndShowsAllInTooltip() throws Exception {
        String text = "v=spf1 " + "ip4:192.0.2.1 ".repeat(30);
        Document document = parse(TreePicture.svg("t", new TreeNode(text, "", Tone.PLAIN)));
        assertThat(document.getElementsByTagName("text").item(1).getFirstChild().getTextContent())
                .hasSize(TreePicture.MAX_CHARACTERS)
                .endsWith("...");
        assertThat(document.getElementsByTagName("title").item(1).getTextContent())
                .isEqualTo(text);
    }

    @Test
    void boundsPictures() throws Exception {
        TreeNode leaf = new TreeNode("leaf", "", Tone.PLAIN);
        TreeNode tree = new TreeNode("root", "", Tone.PLAIN, Collections.nCopies(10 * TreePicture.MAX_ROWS, leaf));
        assertThat(parse(TreePicture.svg("t", tree))
                        .getElementsByTagName("circle")
                        .getLength())
                .isEqualTo(TreePicture.MAX_ROWS + 1);
    }

    @Test
    void hostileTextsAreTextInAPage() {
        String html = new HtmlPage(HOSTILE)
                .heading(HOSTILE)
                .line(HOSTILE, Tone.WARNING)
                .lines(List.of(HOSTILE))
                .table(List.of(HOSTILE), List.of(List.of(HOSTILE), List.of("12")))
                .bars(List.of(HOSTILE, "b"), List.of(3L, 0L))
                .tree(HOSTILE, new TreeNode(HOSTILE, HOSTILE, Tone.GOOD))
                .html();
        assertThat(html).doesNotContain("<script", "\u0000", "\u001b", "\u202e").contains("default-src 'none'");
        assertThat(html).contains("<td class=\"n\">12</td>").endsWith("</html>\n");
    }
}
