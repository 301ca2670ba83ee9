import org.jspecify.annotations.NullMarked;

/** What several mail hosts share through Redis: callout answers and budgets, SES replay counters and message ids. */
@NullMarked
module org.senderauth.redis {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.callout;
    requires transitive org.senderauth.ses;
    requires com.github.benmanes.caffeine;
    requires io.netty.common;
    requires lettuce.core;

    exports org.senderauth.redis;
}
