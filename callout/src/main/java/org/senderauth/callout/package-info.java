/** Callout: could a bounce be delivered to this sender? Asked politely. */
@NullMarked
package org.senderauth.callout;

import org.jspecify.annotations.NullMarked;
