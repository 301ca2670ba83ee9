/** The service: its configuration file, its listeners, its metrics. */
package org.senderauth.cli.serve;
