/** BATV (draft-levine-smtp-batv-01): is this bounce an answer to mail that we sent? */
package org.senderauth.batv;
