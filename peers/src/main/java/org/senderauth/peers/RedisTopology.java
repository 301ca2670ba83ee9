package org.senderauth.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.AssertionFailedError;

/** Redis servers that belong together: a replica of another one, sentinels that watch one, the nodes of a cluster. */
public final class RedisTopology {

    private static final int SLOTS = 16_384;

    private RedisTopology() {}

    /**
     * Starts a replica of a server and waits until it has what the other one has.
     *
     * @param folder where it runs and logs
     * @param primary the server that it follows
     * @return the running replica
     */
    public static RedisPeer replica(Path folder, RedisPeer primary) {
        RedisPeer replica = RedisPeer.start(folder, "--replicaof", "127.0.0.1", Integer.toString(primary.port()));
        replica.await("master_link_status:up", "INFO", "replication");
        return replica;
    }

    /**
     * Starts sentinels that watch a server under the name {@code main}, and waits until all of them know each other and
     * the server's one replica. They would replace it after half a minute; a test tells one of them {@code SENTINEL
     * FAILOVER main}, since their own elections may have to be repeated.
     *
     * @param folder where they run and log
     * @param primary the server
     * @param number how many
     * @return the running sentinels
     */
    public static List<RedisPeer> sentinels(Path folder, RedisPeer primary, int number) {
        List<RedisPeer> started = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int port = PeerProcess.freePort();
            Path file = folder.resolve("sentinel-" + port + ".conf");
            try {
                Files.writeString(file, """
                        port %d
                        bind 127.0.0.1
                        sentinel monitor main 127.0.0.1 %d %d
                        """.formatted(port, primary.port(), number / 2 + 1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            started.add(new RedisPeer(folder, port, List.of(file.toString(), "--sentinel")));
        }
        for (RedisPeer sentinel : started) {
            sentinel.await("num-slaves\n1\n", "SENTINEL", "MASTER", "main");
            sentinel.await("num-other-sentinels\n" + (number - 1) + "\n", "SENTINEL", "MASTER", "main");
        }
        return List.copyOf(started);
    }

    /**
     * Starts the nodes of a cluster without replicas and waits until all of them know that it is whole.
     *
     * @param folder where they run and log
     * @param nodes how many
     * @return the running nodes
     */
    public static List<RedisPeer> cluster(Path folder, int nodes) {
        return cluster(folder, nodes, 0);
    }

    /**
     * Starts the nodes of a cluster and waits until all of them know that it is whole, and each replica has what its
     * master has. A replica takes the place of a master that was not heard of for fifteen seconds, or when told to.
     *
     * @param folder where they run and log
     * @param masters how many masters
     * @param replicas how many replicas each of them has
     * @return the running nodes: the masters, then one replica of each in the same order, and so on
     */
    public static List<RedisPeer> cluster(Path folder, int masters, int replicas) {
        int nodes = masters * (1 + replicas);
        List<RedisPeer> started = new ArrayList<>();
        List<Integer> busPorts = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            busPorts.add(PeerProcess.freePort());
            started.add(RedisPeer.start(
                    folder,
                    "--cluster-enabled",
                    "yes",
                    "--cluster-config-file",
                    "nodes-" + i + ".conf",
                    "--cluster-node-timeout",
                    "15000",
                    "--cluster-port",
                    busPorts.get(i).toString()));
        }
        for (int i = 0; i < nodes; i++) {
            RedisPeer node = started.get(i);
            if (i < masters) {
                String first = Integer.toString(SLOTS * i / masters);
                String last = Integer.toString(SLOTS * (i + 1) / masters - 1);
                node.command("CLUSTER", "ADDSLOTSRANGE", first, last);
            }
            node.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (int i = 1; i < nodes; i++) {
            String port = Integer.toString(started.get(i).port());
            started.get(0)
                    .command(
                            "CLUSTER",
                            "MEET",
                            "127.0.0.1",
                            port,
                            busPorts.get(i).toString());
        }
        try {
            for (int i = masters; i < nodes; i++) {
                String master = started.get(i % masters).command("CLUSTER", "MYID");
                started.get(i).await(master, "CLUSTER", "NODES");
                started.get(i).command("CLUSTER", "REPLICATE", master);
                started.get(i).await("master_link_status:up", "INFO", "replication");
            }
            for (RedisPeer node : started) {
                node.await("cluster_state:ok", "CLUSTER", "INFO");
                node.await("cluster_known_nodes:" + nodes, "CLUSTER", "INFO");
            }
        } catch (AssertionFailedError notWhole) {
            started.forEach(RedisPeer::close);
            throw notWhole;
        }
        return List.copyOf(started);
    }

    /**
     * Replaces a master by its replica, and waits until every node knows it.
     *
     * @param replica the replica; its master may be dead
     * @param living all nodes that live, the replica among them
     */
    public static void takeOver(RedisPeer replica, List<RedisPeer> living) {
        replica.command("CLUSTER", "FAILOVER", "TAKEOVER");
        replica.await("myself,master", "CLUSTER", "NODES");
        // A line begins with the node's id and addresses, and then says what it is.
        String id = replica.command("CLUSTER", "MYID");
        String self = replica.command("CLUSTER", "NODES")
                .lines()
                .filter(line -> line.startsWith(id))
                .map(line -> line.substring(0, line.indexOf("myself,")))
                .findFirst()
                .orElseThrow();
        for (RedisPeer node : living) {
            node.await("cluster_state:ok", "CLUSTER", "INFO");
            if (node != replica) {
                node.await(self + "master", "CLUSTER", "NODES");
            }
        }
    }
}
