/**
 * State that several mail servers share through Redis: callout results and rate limits, SES use counts and serial numbers.
 *
 * <p>{@link org.senderauth.redis.SharedRedis} is the connection of one host; it creates a {@link
 * org.senderauth.redis.RedisCalloutState}, a {@link org.senderauth.redis.RedisReplayLedger} and {@link
 * org.senderauth.redis.RedisSerialNumbers}. Whatever happens to Redis, none of them throws, exceeds a limit that several
 * hosts share, or waits longer than the deadline of {@link org.senderauth.redis.RedisSettings}.
 */
@NullMarked
package org.senderauth.redis;

import org.jspecify.annotations.NullMarked;
