import org.jspecify.annotations.NullMarked;

/** The state that several mail hosts share through Redis: callouts, rate limits, SES replay counters, serial numbers, SRS aliases. */
@NullMarked
module org.senderauth.redis {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.callout;
    requires transitive org.senderauth.ses;
    requires transitive org.senderauth.srs;
    requires com.github.benmanes.caffeine;
    requires io.netty.common;
    requires lettuce.core;

    exports org.senderauth.redis;
}
