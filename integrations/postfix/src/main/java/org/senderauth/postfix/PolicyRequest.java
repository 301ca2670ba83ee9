package org.senderauth.postfix;

import java.util.Map;

/**
 * A request of Postfix's policy delegation protocol ({@code SMTPD_POLICY_README}): attributes by name. Immutable.
 *
 * @param attributes the attributes; unknown ones are kept and ignored
 */
public record PolicyRequest(Map<String, String> attributes) {

    /**
     * Creates a request; the attributes are copied.
     */
    public PolicyRequest {
        attributes = Map.copyOf(attributes);
    }

    /**
     * Returns the value of an attribute.
     *
     * @param name its name, such as {@code client_address}
     * @return the value; empty if it is empty or absent, which the protocol does not distinguish
     */
    public String get(String name) {
        return attributes.getOrDefault(name, "");
    }
}
