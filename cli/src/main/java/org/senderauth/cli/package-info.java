/** The senderauth command: one class per group of subcommands, and what they share. */
package org.senderauth.cli;
