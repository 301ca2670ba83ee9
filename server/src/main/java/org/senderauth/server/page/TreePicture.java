package org.senderauth.server.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a tree as SVG: a row for each line, with what became of it in a second column. Used once. */
public final class TreePicture {

    /** The maximum number of characters of a text that is shown; the whole text is the tooltip. */
    static final int MAX_CHARACTERS = 100;

    /** The maximum number of rows. */
    static final int MAX_ROWS = 1000;

    private static final int ROW = 24;
    private static final int INDENT = 22;
    private static final int LEFT = 20;
    private static final int TOP = 44;
    // The width of a character of 12 px in the fonts below, at most.
    private static final double CHARACTER = 7.4;
    private static final int TITLE_CHARACTER = 9;
    private static final int GAP = 28;

    private record Row(TreeNode node, int depth, int parent) {}

    private final List<Row> rows = new ArrayList<>();
    private boolean cut;

    private TreePicture() {}

    /**
     * Returns a picture.
     *
     * @param title its title
     * @param root the tree
     * @return the SVG; it refers to nothing outside itself
     */
    public static String svg(String title, TreeNode root) {
        TreePicture picture = new TreePicture();
        picture.collect(root, 0, -1);
        if (picture.cut) {
            picture.rows.add(new Row(new TreeNode("(cut)", "", Tone.PLAIN), 0, -1));
        }
        return picture.draw(title);
    }

    private void collect(TreeNode node, int depth, int parent) {
        if (rows.size() == MAX_ROWS) {
            cut = true;
            return;
        }
        int own = rows.size();
        rows.add(new Row(node, depth, parent));
        node.children().forEach(child -> collect(child, depth + 1, own));
    }

    private String draw(String title) {
        double details = 0;
        double width = LEFT + title.length() * TITLE_CHARACTER;
        for (Row row : rows) {
            details = Math.max(details, x(row) + shown(row.node().label()).length() * CHARACTER + GAP);
        }
        for (Row row : rows) {
            width = Math.max(width, details + shown(row.node().detail()).length() * CHARACTER);
        }
        int height = TOP + rows.size() * ROW + 12;
        StringBuilder svg = new StringBuilder(4096);
        line(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" width=\"%.0f\" height=\"%d\" role=\"img\">",
                width + LEFT,
                height,
                width + LEFT,
                height);
        line(svg, "<title>%s</title>", Markup.escaped(title));
        line(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
        line(
                svg,
                "<text x=\"%d\" y=\"24\" font-family=\"sans-serif\" font-size=\"15\" font-weight=\"bold\">%s</text>",
                LEFT,
                Markup.escaped(shown(title)));
        line(svg, "<g font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"12\">");
        for (int i = 0; i < rows.size(); i++) {
            row(svg, i, details);
        }
        line(svg, "</g>");
        line(svg, "</svg>");
        return svg.toString();
    }

    private void row(StringBuilder svg, int number, double details) {
        Row row = rows.get(number);
        TreeNode node = row.node();
        double x = x(row);
        int y = y(number);
        if (row.parent() >= 0) {
            double up = x(rows.get(row.parent())) - 12;
            line(
                    svg,
                    "<path d=\"M%.1f %dV%dH%.1f\" fill=\"none\" stroke=\"#d0d7de\"/>",
                    up,
                    y(row.parent()) + 2,
                    y - 4,
                    x - 16);
        }
        line(
                svg,
                "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"%s\"/>",
                x - 12,
                y - 4,
                node.tone().color());
        text(svg, x, y, "#1f2328", node.label());
        text(svg, details, y, node.tone().color(), node.detail());
    }

    private static void text(StringBuilder svg, double x, int y, String color, String text) {
        if (!text.isEmpty()) {
            String tooltip = text.length() > MAX_CHARACTERS ? "<title>" + Markup.escaped(text) + "</title>" : "";
            line(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" fill=\"%s\" xml:space=\"preserve\">%s%s</text>",
                    x,
                    y,
                    color,
                    Markup.escaped(shown(text)),
                    tooltip);
        }
    }

    private static String shown(String text) {
        return text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS - 3) + "..." : text;
    }

    private static double x(Row row) {
        return LEFT + 16.0 + row.depth() * INDENT;
    }

    private static int y(int number) {
        return TOP + number * ROW + 16;
    }

    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
