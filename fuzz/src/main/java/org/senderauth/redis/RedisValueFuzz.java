package org.senderauth.redis;

import java.nio.charset.StandardCharsets;
import org.senderauth.core.MonotonicClock;

/** Values that another program wrote over ours in Redis. */
public final class RedisValueFuzz {

    private RedisValueFuzz() {}

    private static final ValueCodec CODEC = new ValueCodec(new RedisClock(MonotonicClock.system(), true));

    public static void fuzzerTestOneInput(byte[] data) {
        String value = new String(data, StandardCharsets.UTF_8);
        CODEC.readRecord(value);
        CODEC.readFacts(value);
        CODEC.readHost(value);
    }
}
