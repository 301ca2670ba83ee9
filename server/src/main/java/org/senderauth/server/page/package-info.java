/** Pages and pictures of results: one look for all of them. */
@NullMarked
package org.senderauth.server.page;

import org.jspecify.annotations.NullMarked;
