/** The senderauth command: one class per group of subcommands, and what they share. */
@NullMarked
package org.senderauth.cli;

import org.jspecify.annotations.NullMarked;
