package org.senderauth.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pages by path. Thread-safe. */
final class Site implements Pages {

    private static final String STYLE = "/style.css";

    private static final String FORGET = "/callouts/forget";
    private static final Pattern PICTURE = Pattern.compile("([0-9A-Za-z]{1,64})/([0-9]{1,3})\\.svg");
    private static final String DECISION = "/decisions/";

    private final WebSource source;
    private final TryPage tries;
    private final DecisionsPage decisions;
    private final byte[] style;

    Site(WebSource source) {
        this.source = source;
        this.tries = new TryPage(source);
        this.decisions = new DecisionsPage(source.history(), source.clock());
        try (InputStream in = Site.class.getResourceAsStream("style.css")) {
            this.style = in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public WebResponse answer(WebRequest request) {
        return switch (request.path()) {
            case "/" -> overview(request);
            case "/decisions" -> decisions(request);
            case "/callouts" -> callouts(request, "", "");
            case FORGET -> request.isPost() ? forget(request) : WebResponse.seeOther("/callouts");
            case "/keys" -> {
                PageOutput out = new PageOutput();
                JtekeysGenerated.render(out, null, page(request, "Keys", "/keys"), StateView.keys(source, request));
                yield WebResponse.html(200, out.toString());
            }
            case "/zone" -> {
                PageOutput out = new PageOutput();
                JtezoneGenerated.render(out, null, page(request, "Zone", "/zone"), StateView.zone(source, request));
                yield WebResponse.html(200, out.toString());
            }
            // Every browser asks for it.
            case "/favicon.ico" -> new WebResponse(204, "image/x-icon", new byte[0], null);
            case STYLE -> new WebResponse(200, "text/css; charset=utf-8", style, null);
            case "/try" -> tries(request);
            case TryPage.DECISION, TryPage.LINT, TryPage.REPLY ->
                request.isPost() ? tries(request) : WebResponse.seeOther("/try");
            default ->
                request.path().startsWith(DECISION)
                        ? decision(request, request.path().substring(DECISION.length()))
                        : error(request, 404, "There is no such page.");
        };
    }

    private WebResponse tries(WebRequest request) {
        TryView view = tries.view(request);
        PageOutput out = new PageOutput();
        JtetriesGenerated.render(out, null, page(request, "Try", "/try"), view);
        return WebResponse.html(view.problems().isEmpty() ? 200 : 422, out.toString());
    }

    private WebResponse overview(WebRequest request) {
        PageOutput out = new PageOutput();
        OverviewView view = OverviewView.of(source.health(), source.figures().counts());
        JteoverviewGenerated.render(out, null, page(request, "Overview", "/"), view);
        return WebResponse.html(200, out.toString());
    }

    private WebResponse decisions(WebRequest request) {
        PageOutput out = new PageOutput();
        DecisionsView view = decisions.search(request);
        JtedecisionsGenerated.render(out, null, page(request, "Decisions", "/decisions"), view);
        return WebResponse.html(view.problem().isEmpty() ? 200 : 422, out.toString());
    }

    private WebResponse decision(WebRequest request, String path) {
        Matcher picture = PICTURE.matcher(path);
        String id = picture.matches() ? picture.group(1) : path;
        FoundView view;
        try {
            view = decisions.find(id).orElse(null);
        } catch (IOException e) {
            return error(request, 500, "The history cannot be read: " + e.getMessage());
        }
        if (view == null) {
            return error(request, 404, "The history does not contain this decision.");
        }
        if (picture.matches()) {
            return view.picture(Integer.parseInt(picture.group(2)))
                    .map(svg -> new WebResponse(
                            200, "image/svg+xml; charset=utf-8", svg.getBytes(StandardCharsets.UTF_8), null))
                    .orElseGet(() -> error(request, 404, "This step left no tree."));
        }
        PageOutput out = new PageOutput();
        JtefoundGenerated.render(out, null, page(request, "Decision " + view.id(), "/decisions"), view);
        return WebResponse.html(200, out.toString());
    }

    private WebResponse callouts(WebRequest request, String problem, String done) {
        PageOutput out = new PageOutput();
        JtecalloutsGenerated.render(
                out, null, page(request, "Callouts", "/callouts"), StateView.callouts(source, request, problem, done));
        return WebResponse.html(problem.isEmpty() ? 200 : 422, out.toString());
    }

    private WebResponse forget(WebRequest request) {
        String what = request.field("what");
        try {
            WebSource.Forgotten gone = source.forget(what, request.user());
            String entries = gone.evicted() == 1 ? "1 entry" : gone.evicted() + " entries";
            String note = gone.note().isEmpty() ? "" : "; " + gone.note();
            return callouts(request, "", what + ": " + entries + " evicted" + note);
        } catch (IOException e) {
            return callouts(request, String.valueOf(e.getMessage()), "");
        }
    }

    private WebResponse error(WebRequest request, int status, String message) {
        PageOutput out = new PageOutput();
        JteerrorGenerated.render(out, null, page(request, status == 404 ? "Not found" : "Error", ""), message);
        return WebResponse.html(status, out.toString());
    }

    private Page page(WebRequest request, String title, String path) {
        return new Page(title, path, source.hostname(), request.user());
    }
}
