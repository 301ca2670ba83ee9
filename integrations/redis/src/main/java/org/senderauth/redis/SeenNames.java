package org.senderauth.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of what this host has dealt with since its start, by their Redis keys: the keys contain only a hash, and a list
 * for an administrator should show the name. Bounded in bytes. Thread-safe.
 */
final class SeenNames {

    // The most that all names may take, and the part of the heap; the strings of one entry, and its place in the table.
    private static final long MAX_BYTES = 8 << 20;
    private static final int HEAP_PART = 64;
    private static final int ENTRY_BYTES = 208;

    private final Cache<String, String> names = Caffeine.newBuilder()
            .maximumWeight(Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART))
            .weigher((String key, String name) -> ENTRY_BYTES + key.length() + 2 * name.length())
            .executor(Runnable::run)
            .build();

    void add(String key, String name) {
        if (names.getIfPresent(key) == null) {
            names.put(key, name);
        }
    }

    /** {@return the name of a key; null if this host has not seen it} */
    @Nullable
    String of(String key) {
        return names.getIfPresent(key);
    }

    /** {@return all names by their keys} */
    Map<String, String> all() {
        return Map.copyOf(names.asMap());
    }
}
