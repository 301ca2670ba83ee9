package org.senderauth.postfix;

import java.util.Map;

/**
 * A request of Postfix's policy delegation protocol ({@code SMTPD_POLICY_README}): attributes by name. Immutable.
 *
 * @param attributes the attributes; those that nobody knows are kept and harm nobody
 */
public record PolicyRequest(Map<String, String> attributes) {

    /**
     * Makes a request; the attributes are copied.
     *
     * @param attributes the attributes
     */
    public PolicyRequest {
        attributes = Map.copyOf(attributes);
    }

    /**
     * The value of an attribute.
     *
     * @param name its name, such as {@code client_address}
     * @return the value; empty if it is empty or absent, which the protocol does not tell apart
     */
    public String get(String name) {
        return attributes.getOrDefault(name, "");
    }
}
