package org.senderauth.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Texts that a page must show as text. */
final class HostileText {

    static final List<String> ALL = List.of(
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "' autofocus onfocus='alert(1)",
            "</textarea><script>alert(1)</script>",
            "</code></pre><svg onload=alert(1)>",
            "javascript:alert(1)",
            "a\u202Egro.elpmaxe\u2066\u200B",
            "a\u0000b\u0007c\u001b[31m\r\nSet-Cookie: x=1\u0085\u2028",
            "${1+1} @template.layout() &amp; &lt;",
            "\ud800",
            "n".repeat(5000),
            "<b>".repeat(1700));

    private HostileText() {}

    /** Checks that a page contains no markup of a hostile text, and nothing that is not printable. */
    static void isSafe(String page) {
        assertThat(page)
                .doesNotContainIgnoringCase("<script")
                .doesNotContainIgnoringCase("<img")
                .doesNotContain("<svg onload")
                .doesNotContain("<b>")
                .doesNotContain("href=\"javascript")
                .doesNotContain("src=\"javascript");
        assertThat(page.codePoints().filter(c -> c != '\n').filter(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> true;
                    default -> false;
                }))
                .as("characters that are not printable")
                .isEmpty();
    }
}
