/** What our tests use and tests of mail software can use: a clock that stands still, DNS that counts, scripted SMTP servers, real peers on loopback. */
package org.senderauth.testkit;
