/** The service: its configuration file, its listeners, its metrics. */
@NullMarked
package org.senderauth.server;

import org.jspecify.annotations.NullMarked;
