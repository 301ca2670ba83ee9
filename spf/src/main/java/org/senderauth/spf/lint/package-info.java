/**
 * Finds what is wrong with published SPF records. {@link org.senderauth.spf.lint.SpfLinter} is the way in, {@link
 * org.senderauth.spf.lint.LintRule} the list of what it looks for.
 */
package org.senderauth.spf.lint;
