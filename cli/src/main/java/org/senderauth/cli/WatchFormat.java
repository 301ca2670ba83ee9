package org.senderauth.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.senderauth.server.page.HtmlPage;

/** The formats of {@code spf watch}. Each line is written when it is known; nothing is kept. */
enum WatchFormat {
    /** Lines for the terminal. */
    TABLE {
        @Override
        void start(PrintWriter out) {
            out.println(row("domain", "errors", "warn.", "notes", "lookups", ""));
        }

        @Override
        void line(PrintWriter out, WatchedDomain domain, @Nullable String change) {
            String detail = change == null ? String.join(" ", domain.findings()) : change;
            out.println(row(
                            domain.domain(),
                            String.valueOf(domain.counts().get(0)),
                            String.valueOf(domain.counts().get(1)),
                            String.valueOf(domain.counts().get(2)),
                            domain.complete() ? String.valueOf(domain.lookups()) : "?",
                            detail)
                    .stripTrailing());
        }

        @Override
        void end(PrintWriter out, String summary) {
            out.println(summary);
        }
    },

    /** One object a line. */
    JSONL {
        @Override
        void line(PrintWriter out, WatchedDomain domain, @Nullable String change) {
            out.println(JsonLines.write(
                    change == null ? domain.json() : domain.json().put("change", change)));
        }
    },

    /** A page with one table. */
    HTML {
        @Override
        void start(PrintWriter out) {
            out.print(HtmlPage.opening("SPF report"));
            out.println("<section><table><tr><th>Domain</th><th>Errors</th><th>Warnings</th>");
            out.println("<th>Notes</th><th>Lookups</th><th>Findings</th><th>Record</th><th>Change</th></tr>");
        }

        @Override
        void line(PrintWriter out, WatchedDomain domain, @Nullable String change) {
            String level = domain.hasErrors() ? "error" : domain.counts().get(1) > 0 ? "warning" : "good";
            StringBuilder row =
                    new StringBuilder("<tr class=\"" + level + "\"><td>" + HtmlPage.escaped(domain.domain()));
            domain.counts().forEach(count -> row.append("</td><td>").append(count));
            row.append("</td><td>").append(domain.complete() ? domain.lookups() : "?");
            row.append("</td><td>").append(HtmlPage.escaped(String.join(" ", domain.findings())));
            row.append("</td><td><code>")
                    .append(HtmlPage.escaped(domain.record()))
                    .append("</code>");
            row.append("</td><td>")
                    .append(HtmlPage.escaped(change == null ? "" : change))
                    .append("</td></tr>");
            out.println(row);
        }

        @Override
        void end(PrintWriter out, String summary) {
            out.print("</table></section><p>" + HtmlPage.escaped(summary) + "</p>\n" + HtmlPage.closing());
        }
    };

    void start(PrintWriter out) {}

    abstract void line(PrintWriter out, WatchedDomain domain, @Nullable String change);

    void end(PrintWriter out, String summary) {}

    private static String row(
            String domain, String errors, String warnings, String notes, String lookups, String text) {
        return String.format(Locale.ROOT, "%-36s %6s %6s %6s %7s  %s", domain, errors, warnings, notes, lookups, text);
    }
}
