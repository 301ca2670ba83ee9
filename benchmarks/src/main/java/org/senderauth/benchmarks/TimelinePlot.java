package org.senderauth.benchmarks;

import java.util.Locale;

/** Panels over one time axis, with marked moments and shaded times, as SVG. */
final class TimelinePlot {

    private static final int WIDTH = 760;
    private static final int PANEL = 190;
    private static final int LEFT = 56;
    private static final int RIGHT = 16;
    private static final int TITLE = 28;

    private final int seconds;
    private final boolean[] shaded;
    private final StringBuilder drawn = new StringBuilder();
    private int panels;
    private double top;
    private int legend;

    TimelinePlot(int seconds, boolean[] shaded) {
        this.seconds = seconds;
        this.shaded = shaded;
    }

    /** Begins a panel whose axis reaches up to a value. */
    void panel(String title, double upTo) {
        panels++;
        top = upTo;
        legend = 0;
        text(LEFT, offset() + 18, "start", title);
        for (int i = 0; i < shaded.length; i++) {
            if (shaded[i]) {
                drawn.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#eee\"/>%n",
                        x(i),
                        offset() + TITLE,
                        x(1) - x(0),
                        PANEL - TITLE - 24));
            }
        }
        for (int step = 0; step <= 4; step++) {
            double y = y(top * step / 4);
            drawn.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                    LEFT,
                    y,
                    WIDTH - RIGHT,
                    y));
            text(LEFT - 6, (int) y + 4, "end", String.format(Locale.ROOT, "%.0f", top * step / 4));
        }
        for (int second = 0; second <= seconds; second += Math.max(1, seconds / 6)) {
            int x = LEFT + second * (WIDTH - LEFT - RIGHT) / seconds;
            text(x, offset() + PANEL - 8, "middle", second + " s");
        }
    }

    /** Draws a line in the panel that was begun last. */
    void line(String name, String colour, double[] values) {
        drawn.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (int i = 0; i < values.length; i++) {
            drawn.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i), y(Math.min(top, values[i]))));
        }
        drawn.append("\"/>\n");
        int x = WIDTH - RIGHT - 330 + 180 * legend++;
        drawn.append(String.format(
                "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n", x, offset() + 12, colour));
        text(x + 20, offset() + 18, "start", name);
    }

    /** Marks a moment, told as a share of the whole time, in all panels. */
    void mark(double share, String name) {
        double x = LEFT + share * (WIDTH - LEFT - RIGHT);
        drawn.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#555\" stroke-dasharray=\"4 3\"/>%n",
                x,
                TITLE,
                x,
                panels * PANEL + 4));
        text((int) x, panels * PANEL + 18, "middle", name);
    }

    String svg() {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + WIDTH + "\" height=\"" + (panels * PANEL + 28)
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
                + drawn + "</svg>\n";
    }

    private int offset() {
        return (panels - 1) * PANEL;
    }

    private double x(double slot) {
        return LEFT + slot * (WIDTH - LEFT - RIGHT) / shaded.length;
    }

    private double y(double value) {
        return offset() + PANEL - 24 - value * (PANEL - TITLE - 24) / top;
    }

    private void text(int x, int y, String anchor, String text) {
        drawn.append("<text x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y)
                .append("\" text-anchor=\"")
                .append(anchor);
        drawn.append("\">").append(text).append("</text>\n");
    }
}
