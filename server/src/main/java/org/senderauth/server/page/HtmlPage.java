package org.senderauth.server.page;

import java.util.List;

/** A page of HTML that refers to nothing outside itself and runs no script. Not thread-safe. */
public final class HtmlPage {

    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;color:#1f2328;background:#f6f8fa;margin:0}
            main{max-width:1100px;margin:0 auto;padding:24px}
            h1{font-size:22px}h2{font-size:17px;margin-top:28px}
            section,.card{background:#fff;border:1px solid #d0d7de;border-radius:6px;padding:12px 16px;overflow-x:auto}
            table{border-collapse:collapse;width:100%}
            th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid #eaeef2;vertical-align:top}
            th{font-weight:600;color:#57606a}
            td.n{text-align:right;font-variant-numeric:tabular-nums}
            pre,code{font:12px/1.5 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;margin:0}
            pre{white-space:pre-wrap;overflow-wrap:anywhere}
            .bar{background:#b42318;height:8px;border-radius:4px;min-width:1px}
            p{margin:6px 0}
            tr.error td{background:#fff1f0}tr.warning td{background:#fff8e6}
            td code{overflow-wrap:anywhere}
            """;

    private final StringBuilder html = new StringBuilder(4096);

    /**
     * Starts a page.
     *
     * @param title its title and heading
     */
    public HtmlPage(String title) {
        html.append(opening(title));
    }

    /**
     * Returns the start of a page, up to its heading, for one that is written while its content is made.
     *
     * @param title its title and heading
     * @return the start
     */
    public static String opening(String title) {
        String safe = Markup.escaped(title);
        return new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\"")
                .append(" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>")
                .append(safe)
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>")
                .append(safe)
                .append("</h1>\n")
                .toString();
    }

    /** {@return the end of a page} */
    public static String closing() {
        return "</main>\n</body>\n</html>\n";
    }

    /**
     * Returns a text that is shown as it is, within an element or an attribute in double quotes.
     *
     * @param text any text
     * @return the text for HTML
     */
    public static String escaped(String text) {
        return Markup.escaped(text);
    }

    /**
     * Adds a heading.
     *
     * @param text the heading
     * @return this
     */
    public HtmlPage heading(String text) {
        html.append("<h2>").append(Markup.escaped(text)).append("</h2>\n");
        return this;
    }

    /**
     * Adds a colored line.
     *
     * @param text the text
     * @param tone its meaning
     * @return this
     */
    public HtmlPage line(String text, Tone tone) {
        html.append("<p style=\"color:")
                .append(tone.color())
                .append("\">")
                .append(Markup.escaped(text))
                .append("</p>\n");
        return this;
    }

    /**
     * Adds lines of text as they are.
     *
     * @param lines the lines
     * @return this
     */
    public HtmlPage lines(List<String> lines) {
        html.append("<section><pre>");
        lines.forEach(line -> html.append(Markup.escaped(line)).append('\n'));
        html.append("</pre></section>\n");
        return this;
    }

    /**
     * Adds a picture.
     *
     * @param title its title
     * @param root the tree
     * @return this
     */
    public HtmlPage tree(String title, TreeNode root) {
        html.append("<section>\n").append(TreePicture.svg(title, root)).append("</section>\n");
        return this;
    }

    /**
     * Adds a table. Columns whose cells are numbers are aligned as such.
     *
     * @param head the names of the columns
     * @param rows the rows, each with a cell for each column
     * @return this
     */
    public HtmlPage table(List<String> head, List<List<String>> rows) {
        html.append("<section><table>\n<tr>");
        head.forEach(name -> html.append("<th>").append(Markup.escaped(name)).append("</th>"));
        html.append("</tr>\n");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(cell -> html.append(cell.matches("[0-9]+") ? "<td class=\"n\">" : "<td>")
                    .append(Markup.escaped(cell))
                    .append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</table></section>\n");
        return this;
    }

    /**
     * Adds bars, one for each text and its number.
     *
     * @param names the texts
     * @param numbers the number of each, not negative
     * @return this
     */
    public HtmlPage bars(List<String> names, List<Long> numbers) {
        long most =
                Math.max(1, numbers.stream().mapToLong(Long::longValue).max().orElse(1));
        html.append("<section><table>\n");
        for (int i = 0; i < names.size(); i++) {
            html.append("<tr><td><code>")
                    .append(Markup.escaped(names.get(i)))
                    .append("</code></td><td class=\"n\">")
                    .append(numbers.get(i))
                    .append("</td><td style=\"width:50%\"><div class=\"bar\" style=\"width:")
                    .append(100 * numbers.get(i) / most)
                    .append("%\"></div></td></tr>\n");
        }
        html.append("</table></section>\n");
        return this;
    }

    /** {@return the whole page} */
    public String html() {
        return html + closing();
    }
}
