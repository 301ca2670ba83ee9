/**
 * Certified Server Validation (draft-ietf-marid-csv): whether a client is authorized to use its HELO name, which services
 * accredit that name, and which channel a mail domain requires.
 *
 * <p>Start with {@link org.senderauth.csv.CsvVerifier}. Each of its checks has records as a syntax tree ({@link
 * org.senderauth.csv.CsaRecord}, {@link org.senderauth.csv.DnaReport}) and a result with outcome, reason and lookups.
 */
@NullMarked
package org.senderauth.csv;

import org.jspecify.annotations.NullMarked;
