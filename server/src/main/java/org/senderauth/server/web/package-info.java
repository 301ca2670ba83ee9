/** The web pages: an HTTP server, who may use it, and the pages themselves. */
@NullMarked
package org.senderauth.server.web;

import org.jspecify.annotations.NullMarked;
