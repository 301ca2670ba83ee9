/** The control socket: how the command asks the running service. */
@NullMarked
package org.senderauth.server.control;

import org.jspecify.annotations.NullMarked;
