/** The history: the decisions of the service, kept for questions about them. */
@NullMarked
package org.senderauth.server.history;

import org.jspecify.annotations.NullMarked;
