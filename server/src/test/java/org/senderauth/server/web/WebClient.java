package org.senderauth.server.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Sends requests byte for byte, as no browser would. */
public record WebClient(InetSocketAddress server, String token) {

    private static final int TIMEOUT = 60_000;
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"form-token\" value=\"([0-9a-f]+)\"");

    /** A response: the status, the header and the body as text. */
    public record Response(int status, String header, String body) {

        /** Returns the value of a header field; empty if it is absent. */
        public String field(String name) {
            Matcher field = Pattern.compile("(?mi)^" + Pattern.quote(name) + ": (.*?)\r?$")
                    .matcher(header);
            return field.find() ? field.group(1) : "";
        }

        /** Returns the token of the page's forms. */
        public String formToken() {
            Matcher found = FORM_TOKEN.matcher(body);
            if (!found.find()) {
                throw new AssertionError("no form in " + body);
            }
            return found.group(1);
        }
    }

    /** Sends a text and reads until the server closes the connection. */
    public Response raw(String request) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(TIMEOUT);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return response(socket.getInputStream().readAllBytes());
        }
    }

    private static Response response(byte[] bytes) {
        String all = new String(bytes, StandardCharsets.UTF_8);
        int end = all.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Response(0, all, "");
        }
        return new Response(Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
    }

    private String head(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.getPort() + "\r\nAuthorization: Bearer "
                + token + "\r\n";
    }

    /** Gets a page. */
    public Response get(String path) throws IOException {
        return raw(head("GET", path) + "\r\n");
    }

    /** Sends a form with the token of a page. */
    public Response post(String path, String formToken, Map<String, String> fields) throws IOException {
        String body = "form-token=" + formToken
                + fields.entrySet().stream()
                        .map(field -> "&" + field.getKey() + "="
                                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining());
        return raw(head("POST", path) + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
    }
}
