package org.senderauth.benchmarks;

import java.util.Locale;

/** The two pictures of {@link SpfLatency}: waiting against the number of includes, and against their depth. */
final class SpfLatencyPlot {

    private static final int WIDTH = 360;
    private static final int HEIGHT = 260;
    private static final int MARGIN = 48;
    private static final double TOP_MILLIS = 250;
    private static final String[] COLOURS = {"#0a7d4f", "#8a6d00", "#b3261e"};
    private static final String[] NAMES = {"senderauth", "without asking ahead", "jSPF 1.0.5"};

    private final double[][] wide;
    private final double[][] deep;

    SpfLatencyPlot(double[][] wide, double[][] deep) {
        this.wide = wide;
        this.deep = deep;
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(2 * WIDTH)
                .append("\" height=\"");
        svg.append(HEIGHT + 40).append("\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        panel(svg, wide, 0, "includes side by side");
        panel(svg, deep, WIDTH, "includes within each other");
        for (int i = 0; i < NAMES.length; i++) {
            int x = MARGIN + i * 200;
            svg.append("<rect x=\"").append(x).append("\" y=\"").append(HEIGHT + 14);
            svg.append("\" width=\"14\" height=\"4\" fill=\"")
                    .append(COLOURS[i])
                    .append("\"/>\n");
            text(svg, x + 20, HEIGHT + 20, "start", NAMES[i]);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void panel(StringBuilder svg, double[][] series, int left, String title) {
        int most = series.length - 1;
        int right = left + WIDTH - 16;
        int bottom = HEIGHT - MARGIN;
        text(svg, left + WIDTH / 2, 20, "middle", "waiting in ms, 20 ms an answer: " + title);
        for (int millis = 0; millis <= TOP_MILLIS; millis += 50) {
            double y = y(millis);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                    left + MARGIN,
                    y,
                    right,
                    y));
            text(svg, left + MARGIN - 6, (int) y + 4, "end", String.valueOf(millis));
        }
        for (int n = 1; n <= most; n++) {
            text(svg, (int) x(left, n, most), bottom + 16, "middle", String.valueOf(n));
        }
        for (int line = 0; line < NAMES.length; line++) {
            svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                    .append(COLOURS[line])
                    .append("\" points=\"");
            for (int n = 1; n <= most; n++) {
                svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(left, n, most), y(series[n][line])));
            }
            svg.append("\"/>\n");
        }
    }

    private static double x(int left, int n, int most) {
        return left + MARGIN + (n - 1) * (double) (WIDTH - MARGIN - 24) / (most - 1);
    }

    private static double y(double millis) {
        int bottom = HEIGHT - MARGIN;
        return bottom - Math.min(millis, TOP_MILLIS) * (bottom - 36) / TOP_MILLIS;
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String text) {
        svg.append("<text x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y)
                .append("\" text-anchor=\"")
                .append(anchor);
        svg.append("\">").append(text).append("</text>\n");
    }
}
