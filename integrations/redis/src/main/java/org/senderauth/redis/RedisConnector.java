package org.senderauth.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SecretFiles;

/** Creates connections to one Redis, to the primary of sentinels, or to a cluster. Thread-safe. */
final class RedisConnector implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** Enough for several sentinels and nodes that do not answer. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);

    private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(1);
    private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(30);
    private static final int THREADS = 2;

    /** A connection that any number of threads use. */
    record Connection(
            StatefulConnection<String, String> connection, RedisClusterAsyncCommands<String, String> commands) {}

    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final Supplier<CompletableFuture<Connection>> connecting;

    RedisConnector(RedisSettings settings, int maxUnderWay) {
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .reconnectDelay(
                        Delay.exponential(Duration.ofMillis(50), LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS))
                .build();
        List<RedisURI> uris = new ArrayList<>();
        for (String text : settings.uris()) {
            RedisURI uri = RedisURI.create(text);
            uri.setClientName("senderauth");
            Duration timeout =
                    settings.deadline().compareTo(CONNECT_TIMEOUT) > 0 ? settings.deadline() : CONNECT_TIMEOUT;
            prepare(
                    uri,
                    timeout,
                    settings.user().orElse(null),
                    settings.passwordFile().orElse(null));
            for (RedisURI sentinel : uri.getSentinels()) {
                // One that does not answer is passed over for the next.
                prepare(
                        sentinel,
                        CONNECT_TIMEOUT,
                        null,
                        settings.sentinelPasswordFile().orElse(null));
            }
            uris.add(uri);
        }
        if (settings.cluster()) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, uris);
            cluster.setOptions(clusterOptions(settings, maxUnderWay));
            client = cluster;
            connecting = () -> cluster.refreshPartitionsAsync()
                    .thenCompose(nothing -> cluster.connectAsync(StringCodec.UTF8))
                    .thenCompose(RedisConnector::withNodes)
                    .toCompletableFuture();
        } else {
            RedisClient single = RedisClient.create(resources, uris.get(0));
            single.setOptions(
                    options(ClientOptions.builder(), settings, maxUnderWay).build());
            client = single;
            connecting = () -> single.connectAsync(StringCodec.UTF8, uris.get(0))
                    .<Connection>thenApply(made -> new Connection(made, made.async()))
                    .toCompletableFuture();
        }
    }

    private static void prepare(RedisURI uri, Duration timeout, @Nullable String user, @Nullable Path passwordFile) {
        uri.setTimeout(timeout);
        if (passwordFile != null) {
            // Immediate: with any other kind Lettuce 7.7 may hand out a connection that does not take commands yet.
            uri.setCredentialsProvider((ImmediateRedisCredentialsProvider) () -> credentials(user, passwordFile));
        }
    }

    /** Connects to every node, since what is sent to one that is not connected yet is rejected. */
    private static CompletableFuture<Connection> withNodes(StatefulRedisClusterConnection<String, String> made) {
        CompletableFuture<?>[] nodes = made.getPartitions().stream()
                .filter(node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM))
                .map(node -> made.getConnectionAsync(
                        node.getUri().getHost(), node.getUri().getPort()))
                .toArray(CompletableFuture[]::new);
        // A node that is away is no reason not to use the others.
        return CompletableFuture.allOf(nodes).handle((nothing, failure) -> new Connection(made, made.async()));
    }

    private static ClusterClientOptions clusterOptions(RedisSettings settings, int maxUnderWay) {
        ClusterClientOptions.Builder options = ClusterClientOptions.builder();
        options(options, settings, maxUnderWay);
        return options.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                        .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                        .build())
                .build();
    }

    private static ClientOptions.Builder options(
            ClientOptions.Builder options, RedisSettings settings, int maxUnderWay) {
        options.autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                // What was under way when a connection broke has been answered without Redis: it is not sent again.
                .replayFilter(command -> true)
                .requestQueueSize(maxUnderWay)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                // The link has the only deadline.
                .timeoutOptions(TimeoutOptions.create());
        Path certificates = settings.certificates().orElse(null);
        if (certificates != null) {
            options.sslOptions(SslOptions.builder()
                    .jdkSslProvider()
                    .trustManager(certificates.toFile())
                    .build());
        }
        return options;
    }

    private static RedisCredentials credentials(@Nullable String user, Path file) {
        try {
            String text = new String(SecretFiles.read(file), StandardCharsets.UTF_8);
            return RedisCredentials.just(user, text.lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects; fails in a bounded time, whatever the client does. */
    CompletableFuture<Connection> connect() {
        CompletableFuture<Connection> made;
        try {
            made = connecting.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Connection> inTime = made.copy().orTimeout(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        made.thenAccept(late -> {
            if (inTime.isCompletedExceptionally()) {
                late.connection().closeAsync();
            }
        });
        return inTime;
    }

    Executor executor() {
        return resources.eventExecutorGroup();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
