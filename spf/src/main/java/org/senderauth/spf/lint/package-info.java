/**
 * Finds errors and risks in published SPF records: {@link org.senderauth.spf.lint.SpfLinter} applies the rules of {@link
 * org.senderauth.spf.lint.LintRule}.
 */
@NullMarked
package org.senderauth.spf.lint;

import org.jspecify.annotations.NullMarked;
