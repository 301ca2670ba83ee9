/** Test support for mail software: a manual clock, a DNS client that records queries, scripted SMTP servers, real peers on loopback. */
@NullMarked
package org.senderauth.testkit;

import org.jspecify.annotations.NullMarked;
