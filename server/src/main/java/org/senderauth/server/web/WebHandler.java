package org.senderauth.server.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.FormFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Checks a request, passes it to the pages and sends their response, always with the same strict header fields. */
final class WebHandler extends Handler.Abstract {

    // No script, nothing from elsewhere, and no page elsewhere can show ours in a frame.
    private static final Map<String, String> STRICT = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors"
                    + " 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private static final int MAX_FIELDS = 32;
    private static final int MAX_FORM = 64 << 10;

    private final Access access;
    private final ConnectionDeadline deadline;
    private final Pages pages;

    WebHandler(Access access, ConnectionDeadline deadline, Pages pages) {
        this.access = access;
        this.deadline = deadline;
        this.pages = pages;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        WebResponse answer;
        try {
            answer = answer(request);
        } catch (Access.Rejected e) {
            answer = WebResponse.text(e.status(), e.getMessage() + "\n");
        }
        send(request, response, answer, callback);
        return true;
    }

    private WebResponse answer(Request request) throws Access.Rejected {
        HttpFields headers = request.getHeaders();
        String user = access.user(headers::getValuesList);
        boolean isPost = HttpMethod.POST.is(request.getMethod());
        if (!isPost && !HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            throw new Access.Rejected(405, "method not allowed");
        }
        Map<String, String> fields;
        if (isPost) {
            access.checkOrigin(headers::getValuesList);
            fields = form(request);
            access.checkForm(user, fields.get(Access.FORM_TOKEN));
        } else {
            fields = query(request);
        }
        deadline.onRequest(request.getConnectionMetaData().getConnection());
        return pages.answer(
                new WebRequest(isPost, Request.getPathInContext(request), fields, user, access.formToken(user)));
    }

    private static Map<String, String> query(Request request) throws Access.Rejected {
        try {
            return first(Request.extractQueryParameters(request, StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            throw new Access.Rejected(400, "invalid query");
        }
    }

    private static Map<String, String> form(Request request) throws Access.Rejected {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || MimeTypes.getBaseType(type) != MimeTypes.Type.FORM_ENCODED) {
            throw new Access.Rejected(415, "not a form");
        }
        if (request.getLength() > MAX_FORM) {
            throw new Access.Rejected(413, "the form is too large");
        }
        try {
            // Waits for the client; the deadline of its connection bounds that.
            return first(FormFields.getFields(request, MAX_FIELDS, MAX_FORM));
        } catch (RuntimeException e) {
            throw new Access.Rejected(400, "invalid form");
        }
    }

    private static Map<String, String> first(Fields fields) {
        Map<String, String> first = new HashMap<>();
        for (Fields.Field field : fields) {
            first.put(field.getName(), field.getValue());
        }
        return first;
    }

    private static void send(Request request, Response response, WebResponse answer, Callback callback) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        STRICT.forEach(headers::put);
        headers.put(HttpHeader.CONTENT_TYPE, answer.type());
        headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        headers.put(HttpHeader.CONNECTION, "close");
        if (answer.status() == 401) {
            headers.put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"restricted\", charset=\"UTF-8\"");
        }
        if (answer.status() == 405) {
            headers.put(HttpHeader.ALLOW, "GET, HEAD, POST");
        }
        if (answer.location() != null) {
            headers.put(HttpHeader.LOCATION, answer.location());
        }
        boolean isHead = HttpMethod.HEAD.is(request.getMethod());
        response.write(true, isHead ? ByteBuffer.allocate(0) : ByteBuffer.wrap(answer.body()), callback);
    }
}
