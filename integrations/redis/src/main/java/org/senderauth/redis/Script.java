package org.senderauth.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The Lua scripts, each run by Redis as one step. */
enum Script {
    ADMIT("common", "breaker", "domain", "admit"),
    ENTER("common", "breaker", "enter"),
    LEARN("common", "breaker", "domain", "learn"),
    HOST("common", "breaker", "host"),
    CLIENT("common", "client"),
    RELEASE("common", "release"),
    FORGET("common", "breaker", "domain", "forget"),
    LIMIT("common", "breaker", "domain", "limit"),
    COUNTED("common", "counted"),
    START("common", "start"),
    CHECK("common", "check"),
    INCREMENT("common", "increment"),
    READ("common", "read"),
    IDS("common", "ids"),
    ALIAS("common", "alias"),
    ALIASED("common", "aliased");

    private final String source;
    private final String digest;

    Script(String... parts) {
        StringBuilder whole = new StringBuilder();
        for (String part : parts) {
            whole.append(read(part + ".lua")).append('\n');
        }
        this.source = whole.toString();
        try {
            // Redis names a script by its SHA-1.
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
            this.digest = HexFormat.of().formatHex(sha1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    String source() {
        return source;
    }

    String digest() {
        return digest;
    }

    private static String read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
