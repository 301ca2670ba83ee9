package org.senderauth.server.web;

import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import org.senderauth.core.SafeText;

/**
 * Takes the text of a page. Every value of a template passes here: it is escaped for its place in the page, and control and
 * bidirectional characters become question marks, so no template can forget that.
 */
final class PageOutput extends OwaspHtmlTemplateOutput {

    private final StringOutput text;

    PageOutput() {
        this(new StringOutput());
    }

    private PageOutput(StringOutput text) {
        super(text);
        this.text = text;
    }

    @Override
    public void writeUserContent(String value) {
        super.writeUserContent(SafeText.of(value));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
