/** Queues that never make the thread wait that adds to them. */
@NullMarked
package org.senderauth.server.queue;

import org.jspecify.annotations.NullMarked;
