package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.FILE;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.server.web.WebSettings;

/**
 * Reads the section {@code web}.
 *
 * @param folder the folder of the configuration file
 */
record WebReader(Path folder) {

    private static final int MIN_TOKEN = 16;

    /**
     * Parses {@code 127.0.0.1:9798} or {@code unix:/run/senderauth/web}. Other than loopback addresses are rejected: the
     * pages have no TLS, and their token must not cross a network.
     */
    static Optional<SocketAddress> address(String text) {
        return ListenAddress.parse(text)
                .filter(UnixDomainSocketAddress.class::isInstance)
                .or(() -> ConfigValues.inet(text)
                        .filter(address -> address.getAddress().isLoopbackAddress())
                        .map(InetSocketAddress.class::cast));
    }

    /** Reads the section; null if the pages are not served, or it is wrong. */
    @Nullable
    WebSettings read(ConfigSection root, @Nullable SocketAddress address) {
        ConfigSection section = root.section("web");
        Path tokenFile = section.optional("token-file", FILE, text -> ConfigValues.path(folder, text));
        Set<String> hosts = Set.copyOf(section.values("hosts", DOMAIN, ConfigValues::domain));
        String userHeader = section.optional(
                "user-header",
                "the name of a header field such as X-Remote-User",
                text -> Optional.of(text).filter(name -> name.matches("[A-Za-z][A-Za-z0-9-]{0,63}")));
        section.end();
        if (address == null) {
            if (root.has("web")) {
                root.problem("web", "the pages are not served; add \"web: 127.0.0.1:9798\" under \"listen:\"");
            }
            return null;
        }
        boolean isUnix = address instanceof UnixDomainSocketAddress;
        if (tokenFile == null && userHeader == null && !section.has("token-file") && !section.has("user-header")) {
            section.problem("token-file", "web: missing \"token-file\"; any local user could read the pages");
        }
        if (userHeader != null && !isUnix) {
            section.problem(
                    "user-header",
                    "user-header: a proxy is trusted over a UNIX socket only; use \"web: unix:/run/senderauth/web\" under"
                            + " \"listen:\"");
        }
        if (isUnix && hosts.isEmpty()) {
            section.problem("hosts", "web: missing \"hosts\", the names by which browsers reach the proxy");
        }
        try {
            return new WebSettings(address, tokenFile == null ? null : token(tokenFile), hosts, userHeader);
        } catch (IOException | IllegalArgumentException e) {
            section.problem("token-file", ErrorText.of(e));
            return null;
        }
    }

    // A browser sends it as a password: text, without the newline of the file.
    private static SecretKey token(Path file) throws IOException {
        String text = new String(SecretFiles.read(file), StandardCharsets.UTF_8).strip();
        if (!SafeText.isAscii(text)) {
            throw new IOException(file + ": a token must be one line of printable ASCII");
        }
        if (text.length() < MIN_TOKEN) {
            throw new IOException(file + ": a token must have at least " + MIN_TOKEN
                    + " characters; generate one with: openssl rand -hex 24");
        }
        return SecretKeys.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
