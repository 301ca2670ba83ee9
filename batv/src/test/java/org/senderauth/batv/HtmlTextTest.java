package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>",
                "<html><head></head><body>",
                "<html><head></head >\n<body class=x>",
                "<HTML><HEAD><TITLE>no</TITLE></HEAD><BODY>",
                "<html><head><title>no</title><style type=\"text/css\">no {}</style></head><body>",
                "<html><head><title>no</title><body>",
                "<head><meta charset=utf-8><script src=\"no\"></script></head>",
                "<style>no</style><div>",
                "<style>no</style\n><div>",
                "<script>if (a </ b) no</script><p>",
                "<!doctype html><!-- no --><html>",
                "<br/><hr />",
                ""
            })
    void textAfterAnyBeginIsVisible(String begin) {
        assertThat(HtmlText.plain(begin + "Your message <b>could</b> not be delivered</p></body></html>")
                        .replaceAll("\\s+", " "))
                .contains("Your message could not be delivered")
                .doesNotContain("if (a")
                .doesNotContain("no {}");
    }

    @Test
    void styleThatNeverEndsHidesTheRest() {
        assertThat(HtmlText.plain("before<style>a {}<p>after")).isEqualTo("before");
    }

    @Test
    void addressInBracketsIsText() {
        assertThat(HtmlText.plain("from <ann@example.net> to")).isEqualTo("from <ann@example.net> to");
    }
}
