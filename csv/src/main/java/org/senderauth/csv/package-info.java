/**
 * Certified Server Validation (draft-ietf-marid-csv): is a client entitled to its HELO name, who vouches for that name,
 * and which channel does a mail domain demand?
 *
 * <p>{@link org.senderauth.csv.CsvVerifier} is the way in. Each of its defences has records as a syntax tree ({@link
 * org.senderauth.csv.CsaRecord}, {@link org.senderauth.csv.DnaReport}) and a result that says what was found, why, and
 * what was looked up.
 */
package org.senderauth.csv;
