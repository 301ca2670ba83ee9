package org.senderauth.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of one authentication method: a {@code resinfo} of RFC 8601 section 2.2. Immutable.
 *
 * <p>{@link AuthenticationResults} writes one or several into a header field.
 */
public final class AuthResult {

    /** The maximum number of characters of a value; keeps a result within a line even if every character is quoted. */
    public static final int MAX_VALUE = 256;

    private final String method;
    private final String result;
    private final Optional<String> reason;
    private final List<String> properties;

    private AuthResult(Builder builder) {
        this.method = builder.method;
        this.result = builder.result;
        this.reason = builder.reason;
        this.properties = List.copyOf(builder.properties);
    }

    /**
     * Begins a result.
     *
     * @param method the method, such as {@code spf} (IANA "Email Authentication Methods"), or a private one
     * @param result the result in lower case, such as {@code pass}
     * @return a new builder
     * @throws IllegalArgumentException if one of them is not a token
     */
    public static Builder builder(String method, String result) {
        return new Builder(method, result);
    }

    /** {@return the authentication method} */
    public String method() {
        return method;
    }

    /** {@return the method's result} */
    public String result() {
        return result;
    }

    /** {@return why the method has this result, as it was given} */
    public Optional<String> reason() {
        return reason;
    }

    /** {@return the parts between which a header field may be folded, without semicolons} */
    List<String> parts() {
        List<String> parts = new ArrayList<>(2 + properties.size());
        parts.add(method + "=" + result);
        reason.ifPresent(text -> parts.add("reason=" + HeaderText.quoted(text, MAX_VALUE)));
        parts.addAll(properties);
        return parts;
    }

    /** {@return the {@code resinfo} on one line, such as {@code spf=pass smtp.mailfrom=alice@example.org}} */
    @Override
    public String toString() {
        return String.join(" ", parts());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuthResult that
                && method.equals(that.method)
                && result.equals(that.result)
                && reason.equals(that.reason)
                && properties.equals(that.properties);
    }

    @Override
    public int hashCode() {
        return Objects.hash(method, result, reason, properties);
    }

    /** Collects the parts of a result. Not thread-safe. */
    public static final class Builder {

        private final String method;
        private final String result;
        private final List<String> properties = new ArrayList<>();
        private Optional<String> reason = Optional.empty();

        private Builder(String method, String result) {
            this.method = requireToken("method", method);
            this.result = requireToken("result", result);
        }

        private static String requireToken(String parameter, String text) {
            if (!Ascii.isToken(Objects.requireNonNull(text, parameter))) {
                throw new IllegalArgumentException(parameter + " must be a token (RFC 2045), was \"" + text + "\"");
            }
            return text;
        }

        /**
         * Sets the reason, quoted when it is written.
         *
         * @param text any text; an empty one is no reason
         * @return this builder
         */
        public Builder reason(String text) {
            this.reason = Objects.requireNonNull(text, "text").isEmpty() ? Optional.empty() : Optional.of(text);
            return this;
        }

        /**
         * Adds a property such as {@code smtp.helo=mail.example.org}.
         *
         * @param name the property's type and name, such as {@code smtp.helo}
         * @param value any text; quoted unless it is a token
         * @return this builder
         */
        public Builder property(String name, String value) {
            properties.add(requireToken("name", name) + "="
                    + HeaderText.value(Objects.requireNonNull(value, "value"), MAX_VALUE));
            return this;
        }

        /**
         * Adds a property whose value is an address or a domain, such as {@code smtp.mailfrom=alice@example.org}.
         *
         * @param name the property's type and name, such as {@code smtp.mailfrom}
         * @param address an address, a domain or any other text; quoted unless the grammar allows it
         * @return this builder
         */
        public Builder address(String name, String address) {
            properties.add(requireToken("name", name) + "="
                    + HeaderText.mailbox(Objects.requireNonNull(address, "address"), MAX_VALUE));
            return this;
        }

        /**
         * Builds the result.
         *
         * @return the result
         */
        public AuthResult build() {
            return new AuthResult(this);
        }
    }
}
