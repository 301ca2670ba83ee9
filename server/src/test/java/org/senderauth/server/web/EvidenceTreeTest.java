package org.senderauth.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.server.page.Tone;
import org.senderauth.server.page.TreeNode;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfTraceText;
import org.senderauth.spf.SpfVerifier;

class EvidenceTreeTest {

    private static List<TreeNode> tree(String zone) {
        SpfVerifier spf = SpfVerifier.builder()
                .dns(ZoneDnsClient.builder().text(zone).build())
                .trace(true)
                .build();
        SpfResult result = spf.verify(SpfQuery.mailFrom(
                IpAddresses.parse("198.51.100.7").orElseThrow(), "alice@example.org", "mail.example.org"));
        return EvidenceTree.of(SpfTraceText.lines(result, result.trace().orElseThrow(), SpfLimits.RFC_7208));
    }

    private static String outline(List<TreeNode> nodes, String indent) {
        StringBuilder text = new StringBuilder();
        for (TreeNode node : nodes) {
            text.append(indent).append(node.label());
            String mark = node.detail().replaceFirst(" \\(.*", "");
            text.append(mark.isEmpty() ? "" : " [" + mark + "]").append('\n');
            text.append(outline(node.children(), indent + "  "));
        }
        return text.toString();
    }

    @Test
    void includesAreBelowTheirTerm() {
        assertThat(outline(tree("""
                        example.org. 300 IN TXT "v=spf1 ip4:192.0.2.1 include:a.example -all"
                        a.example.   300 IN TXT "v=spf1 include:b.example ip4:203.0.113.0/24 -all"
                        b.example.   300 IN TXT "v=spf1 mx ?all"
                        """), "")).isEqualTo("""
                        TXT example.org: "v=spf1 ip4:192.0.2.1 include:a.example -all"
                        ip4:192.0.2.1 [no match]
                        include:a.example [no match]
                          TXT a.example: "v=spf1 include:b.example ip4:203.0.113.0/24 -all"
                          include:b.example [no match]
                            TXT b.example: "v=spf1 mx ?all"
                            mx -> b.example [no match]
                              MX b.example: NODATA (no such record)
                            ?all [match]
                              neutral here: the include does not match
                          ip4:203.0.113.0/24 [no match]
                          -all [match]
                            fail here: the include does not match
                        -all [match]
                        """);
    }

    @Test
    void longTermsKeepTheirOutcomeAndLongAnswersTheirText() {
        String name = "a-rather-long-label-of-forty-characters-xx.example";
        List<TreeNode> nodes = tree("example.org. 300 IN TXT \"v=spf1 include:" + name + " -all\"\n" + name
                + ". 300 IN TXT \"v=spf1 " + "ip4:203.0.113.0/24 ".repeat(8) + "-all\"\n");
        TreeNode include = nodes.stream()
                .filter(node -> node.label().equals("include:" + name))
                .findFirst()
                .orElseThrow();
        assertThat(include.detail()).isEqualTo("no match (lookups 1/10, void 0/2)");
        assertThat(include.children().get(0).label())
                .isEqualTo("TXT " + name + ": \"v=spf1 " + "ip4:203.0.113.0/24 ".repeat(8) + "-all\"");
    }

    @Test
    void readsErrorsAsNodes() {
        List<TreeNode> nodes = tree("example.org. 300 IN TXT \"v=spf1 ipv4:192.0.2.1 -all\"\n");
        assertThat(nodes.stream().map(TreeNode::detail)).contains("permerror");
        assertThat(nodes.get(nodes.size() - 1).tone()).isEqualTo(Tone.BAD);
    }

    @Test
    void linesWithoutTermsAreNotATree() {
        assertThat(EvidenceTree.of(List.of("S: 220 mx.example.org", "C: EHLO x")))
                .isEmpty();
        assertThat(EvidenceTree.of(List.of())).isEmpty();
        assertThat(EvidenceTree.of(List.of("", "|- x"))).isEmpty();
        assertThat(EvidenceTree.of(List.of("   ".repeat(500) + "`- x", "(cut)")))
                .isEmpty();
    }
}
