package org.senderauth.server.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;

/**
 * The access rules of the pages. Each request must be for one of our host names, so a page elsewhere cannot reach them through a
 * name of its own that resolves to this host (DNS rebinding). It must carry the token, or come from a proxy over a UNIX
 * socket with the user that the proxy authenticated. A form must carry the token of its user's pages, and its origin must be
 * ours. Thread-safe.
 */
final class Access {

    /** The name of the form field with the form's token. */
    static final String FORM_TOKEN = "form-token";

    /** The user of a request with the token. */
    static final String TOKEN_USER = "token";

    private static final String MAC = "HmacSHA256";
    private static final int MAX_USER = 128;
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

    private final @Nullable SecretKey token;
    private final Set<String> hosts;
    private final @Nullable String userHeader;
    private final SecretKey formKey;

    /** A request was rejected. */
    static final class Rejected extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;

        Rejected(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** The header fields of a request. */
    @FunctionalInterface
    interface Fields {

        /** Returns the values of a header field. */
        List<String> values(String name);
    }

    /**
     * Creates the rules.
     *
     * @param settings the token, the host names, and the proxy's header field
     * @param isUnix whether requests come over a UNIX socket
     * @param random generates the key of the forms' tokens
     */
    Access(WebSettings settings, boolean isUnix, SecureRandom random) {
        this.token = settings.token();
        Set<String> all = new TreeSet<>(settings.hosts());
        if (!isUnix) {
            all.addAll(LOOPBACK);
        }
        this.hosts = Set.copyOf(all);
        this.userHeader = isUnix ? settings.userHeader() : null;
        byte[] key = new byte[32];
        random.nextBytes(key);
        this.formKey = new SecretKeySpec(key, MAC);
    }

    /**
     * Returns the user of a request.
     *
     * @throws Rejected if its host is not ours, or there is no user
     */
    String user(Fields fields) throws Rejected {
        List<String> host = fields.values("Host");
        if (host.size() != 1 || !hosts.contains(name(host.get(0)))) {
            throw new Rejected(421, "misdirected request");
        }
        if (userHeader != null) {
            List<String> users = fields.values(userHeader);
            if (users.size() == 1 && isUser(users.get(0))) {
                return users.get(0);
            }
            if (!users.isEmpty()) {
                throw new Rejected(401, "unauthorized");
            }
        }
        List<String> sent = fields.values("Authorization");
        if (sent.size() != 1 || !isToken(sent.get(0))) {
            throw new Rejected(401, "unauthorized");
        }
        return TOKEN_USER;
    }

    private static boolean isUser(String user) {
        return !user.isBlank() && user.length() <= MAX_USER && SafeText.isAscii(user);
    }

    private static String name(String host) {
        int colon = host.lastIndexOf(':');
        boolean port = colon >= 0 && host.indexOf(']') < colon;
        return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }

    // "Bearer TOKEN" of a script, or a browser's "Basic" with the token as password and any user name (RFC 6750, RFC
    // 7617).
    private boolean isToken(String authorization) {
        SecretKey wanted = token;
        if (wanted == null) {
            return false;
        }
        int space = authorization.indexOf(' ');
        String scheme = authorization.substring(0, Math.max(0, space)).toLowerCase(Locale.ROOT);
        String credentials = authorization.substring(space + 1).strip();
        byte[] sent;
        if (scheme.equals("bearer")) {
            sent = credentials.getBytes(StandardCharsets.UTF_8);
        } else if (scheme.equals("basic")) {
            sent = password(credentials);
        } else {
            return false;
        }
        return MessageDigest.isEqual(sent, wanted.getEncoded());
    }

    private static byte[] password(String credentials) {
        try {
            String text = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return text.substring(text.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Returns the token that the forms of a user's pages send back. It ends with the process. */
    String formToken(String user) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(formKey);
            return HexFormat.of().formatHex(mac.doFinal(user.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    /**
     * Checks a POST before its form is read.
     *
     * @throws Rejected if it comes from a page elsewhere
     */
    void checkOrigin(Fields fields) throws Rejected {
        for (String site : fields.values("Sec-Fetch-Site")) {
            if (!site.equals("same-origin")) {
                throw new Rejected(403, "cross-site request");
            }
        }
        for (String origin : fields.values("Origin")) {
            int authority = origin.indexOf("://");
            if (authority < 0 || !hosts.contains(name(origin.substring(authority + 3)))) {
                throw new Rejected(403, "cross-site request");
            }
        }
    }

    /**
     * Checks the token of a form.
     *
     * @throws Rejected if it is not that of the user's pages
     */
    void checkForm(String user, @Nullable String sent) throws Rejected {
        byte[] wanted = formToken(user).getBytes(StandardCharsets.US_ASCII);
        if (sent == null || !MessageDigest.isEqual(sent.getBytes(StandardCharsets.UTF_8), wanted)) {
            throw new Rejected(
                    403, "the form is from before the service's last start; go back, reload the page and try again");
        }
    }
}
