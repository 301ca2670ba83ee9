package org.senderauth.server.web;

import org.jspecify.annotations.Nullable;

/**
 * The parts that all pages show: the title, the host, and who is logged in. Immutable.
 *
 * @param title the title
 * @param path the path of the page in the navigation
 * @param hostname the name of this host
 * @param user the user
 */
record Page(String title, String path, String hostname, String user) {

    /** {@return the state of a link in the navigation, for {@code aria-current}; null if the page is another one} */
    @Nullable
    String current(String link) {
        return link.equals(path) ? "page" : null;
    }
}
