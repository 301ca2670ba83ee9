/**
 * The filter side of the milter protocol, which Postfix and Sendmail speak: {@link
 * org.senderauth.milter.CommandCodec packets} without I/O, a {@link org.senderauth.milter.MilterSession session} as a
 * state machine, a {@link org.senderauth.milter.MilterProtocol protocol} for the listener of {@code senderauth-postfix},
 * {@link org.senderauth.milter.MilterHandler handlers} that state the changes they want, and a {@link
 * org.senderauth.milter.PolicyMilter handler} that decides by a {@link org.senderauth.policy.SenderPolicy}.
 */
@NullMarked
package org.senderauth.milter;

import org.jspecify.annotations.NullMarked;
