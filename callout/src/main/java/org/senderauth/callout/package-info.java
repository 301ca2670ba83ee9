/** Callout: could a bounce be delivered to this sender? Asked politely. */
package org.senderauth.callout;
