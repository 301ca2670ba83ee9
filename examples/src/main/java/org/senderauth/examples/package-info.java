/** Complete programs that the guides show. */
@NullMarked
package org.senderauth.examples;

import org.jspecify.annotations.NullMarked;
