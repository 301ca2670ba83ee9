package org.senderauth.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes TCP connections on to a service, until they are cut: what a mail server sees of a service that is killed. */
final class CuttingProxy implements AutoCloseable {

    private final int target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    CuttingProxy(int port, int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Cuts all connections, and those that come. */
    void cut() {
        cut = true;
        sockets.forEach(CuttingProxy::end);
    }

    /** Passes connections on again. */
    void mend() {
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                if (cut) {
                    client.close();
                    continue;
                }
                Socket service = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                service.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(service);
                start(() -> pass(client, service));
                start(() -> pass(service, client));
                if (cut) {
                    cut();
                }
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException gone) {
            // One end has gone, and so does the other.
        }
        sockets.remove(from);
        sockets.remove(to);
    }

    private static void end(Closeable socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It has gone either way.
        }
    }

    @Override
    public void close() {
        end(server);
        cut();
    }
}
