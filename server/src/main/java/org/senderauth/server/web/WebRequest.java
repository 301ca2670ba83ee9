package org.senderauth.server.web;

import java.util.Map;

/**
 * A request that passed the access rules. Immutable.
 *
 * @param isPost whether it is a POST, with the form's token; a GET otherwise
 * @param path its path, decoded
 * @param fields the fields of its query or form; of a repeated field, the first
 * @param user who sent it: the proxy's user, or {@code token}
 * @param formToken the token that a form must send back
 */
record WebRequest(boolean isPost, String path, Map<String, String> fields, String user, String formToken) {

    WebRequest {
        fields = Map.copyOf(fields);
    }

    /** Returns a field without surrounding spaces; empty if it is absent. */
    String field(String name) {
        return fields.getOrDefault(name, "").strip();
    }
}
