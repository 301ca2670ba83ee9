package org.senderauth.cli;

import java.util.List;
import java.util.Locale;

/** Draws outcomes of joe-jobs as SVG: two bars for each on a logarithmic scale. */
final class JoeJobPlot {

    private static final int WIDTH = 790;
    private static final int LEFT = 260;
    private static final int ROW = 46;
    private static final int TOP = 62;
    private static final int DECADES = 7;
    private static final double DECADE = (WIDTH - LEFT - 70) / (double) DECADES;

    private JoeJobPlot() {}

    static String svg(List<JoeJob.Outcome> outcomes) {
        int height = TOP + outcomes.size() * ROW + 34;
        StringBuilder svg = new StringBuilder(4096);
        line(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\"", WIDTH, height);
        line(svg, " font-family=\"sans-serif\" font-size=\"12\">");
        line(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        line(svg, "<text x=\"10\" y=\"22\" font-size=\"15\">RCPT commands at the victims, one day of a joe-job</text>");
        line(svg, "<rect x=\"10\" y=\"34\" width=\"12\" height=\"12\" fill=\"#bbbbbb\"/>");
        line(svg, "<text x=\"28\" y=\"44\">a cache of verdicts alone (reckoned)</text>");
        line(svg, "<rect x=\"270\" y=\"34\" width=\"12\" height=\"12\" fill=\"#1f6fb2\"/>");
        line(svg, "<text x=\"288\" y=\"44\">senderauth (simulated)</text>");
        int bottom = height - 26;
        for (int decade = 0; decade <= DECADES; decade++) {
            double x = LEFT + decade * DECADE;
            line(svg, "<line x1=\"%1$.1f\" y1=\"%2$d\" x2=\"%1$.1f\" y2=\"%3$d\" stroke=\"#dddddd\"/>", x, TOP, bottom);
            String label = decade == 0 ? "1" : decade == 1 ? "10" : "10^" + decade;
            line(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x, bottom + 16, label);
        }
        for (int i = 0; i < outcomes.size(); i++) {
            JoeJob.Outcome outcome = outcomes.get(i);
            int y = TOP + i * ROW + 6;
            String name = outcome.job().letter() + "  " + outcome.job().what();
            line(svg, "<text x=\"10\" y=\"%d\">%s</text>", y + 20, name);
            bar(svg, y, outcome.cacheOnly(), "#bbbbbb");
            bar(svg, y + 17, outcome.recipients(), "#1f6fb2");
        }
        line(svg, "</svg>");
        return svg.toString();
    }

    private static void bar(StringBuilder svg, int y, long value, String colour) {
        double length = value < 1 ? 0 : Math.max(2, Math.log10(value) * DECADE);
        line(svg, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"15\" fill=\"%s\"/>", LEFT, y, length, colour);
        line(svg, "<text x=\"%.1f\" y=\"%d\">%,d</text>", LEFT + length + 5, y + 12, value);
    }

    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
