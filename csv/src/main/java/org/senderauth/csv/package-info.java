/** CSV (draft-ietf-marid-csv): may this host use its HELO name? */
package org.senderauth.csv;
