/**
 * What several mail hosts share through Redis: callout answers and budgets, SES replay counters and message ids.
 *
 * <p>{@link org.senderauth.redis.SharedRedis} is one host's connection; it makes a {@link
 * org.senderauth.redis.RedisCalloutState}, a {@link org.senderauth.redis.RedisReplayLedger} and {@link
 * org.senderauth.redis.RedisMessageIds}. Whatever happens to Redis, none of them throws, exceeds a limit that several
 * hosts share, or waits longer than the deadline of {@link org.senderauth.redis.RedisSettings}.
 */
package org.senderauth.redis;
