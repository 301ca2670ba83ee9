/** SRS, the Sender Rewriting Scheme: forwarded mail keeps passing SPF, and its bounces get back. */
@NullMarked
package org.senderauth.srs;

import org.jspecify.annotations.NullMarked;
