package io.replog.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A system under load: its processes in a folder of their own, ended and removed when closed. */
abstract class Server implements Closeable {
    private static final Duration START = Duration.ofSeconds(60);

    private final List<Process> processes = new ArrayList<>();
    private final Path folder;

    /** So that an interrupted benchmark, or one that failed while the system started, leaves no processes behind. */
    private final Thread atExit = Thread.ofPlatform().unstarted(this::closeAtExit);

    Server() throws IOException {
        folder = Files.createTempDirectory("replog-benchmark");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    private void closeAtExit() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the load goes. */
    abstract InetSocketAddress address();

    final Path folder() {
        return folder;
    }

    final void launch(List<String> command) throws IOException {
        Path log = folder.resolve("process-" + processes.size() + ".log");
        processes.add(new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    final void awaitPort(int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(local(port));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || processes.stream().anyMatch(process -> !process.isAlive())) {
                    throw new IOException("nothing listens on port " + port + ", see " + folder, e);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0));
            }
            return sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** The first of so many neighbouring ports on which nobody listens. */
    static int freeRange(int count) throws IOException {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            List<ServerSocket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    sockets.add(new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()));
                }
                return first;
            } catch (BindException e) {
                // taken: another range
            } finally {
                for (ServerSocket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (Thread.currentThread() != atExit) {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
        for (Process process : processes) {
            process.destroy();
        }
        for (Process process : processes) {
            process.onExit()
                    .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                    .thenApply(Process::destroyForcibly)
                    .join()
                    .onExit()
                    .join();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(Server::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@link BareEndpoint} with the flags that replog's nodes run with. */
    static final class Bare extends Server {
        private final int port = freePorts(1)[0];

        Bare(Path project) throws IOException, InterruptedException {
            launch(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "@" + project.resolve("bin/jvm.options"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    BareEndpoint.class.getName(),
                    "--server.port=" + port));
            awaitPort(port);
        }

        @Override
        InetSocketAddress address() {
            return local(port);
        }
    }

    /** Three members of etcd; writes are forced on a majority before they are answered. */
    static final class Etcd extends Server {
        private final int[] ports = freePorts(6);

        Etcd() throws IOException, InterruptedException {
            String cluster = String.join(
                    ",",
                    IntStream.range(0, 3)
                            .mapToObj(i -> "n" + i + "=" + url(3 + i))
                            .toList());
            for (int i = 0; i < 3; i++) {
                launch(List.of(
                        "etcd",
                        "--name=n" + i,
                        "--data-dir=" + folder().resolve("n" + i),
                        "--listen-client-urls=" + url(i),
                        "--advertise-client-urls=" + url(i),
                        "--listen-peer-urls=" + url(3 + i),
                        "--initial-advertise-peer-urls=" + url(3 + i),
                        "--initial-cluster=" + cluster,
                        "--log-level=error"));
            }
            for (int i = 0; i < 3; i++) {
                awaitPort(ports[i]);
            }
        }

        private String url(int port) {
            return "http://127.0.0.1:" + ports[port];
        }

        @Override
        InetSocketAddress address() {
            return local(ports[0]);
        }
    }

    /** A Redis primary with two replicas, each of which forces every write to its append-only file. */
    static final class Redis extends Server {
        private final int[] ports = freePorts(3);

        Redis() throws IOException, InterruptedException {
            for (int i = 0; i < 3; i++) {
                Path data = Files.createDirectory(folder().resolve("redis-" + i));
                List<String> command = new ArrayList<>(List.of(
                        "redis-server",
                        "--port",
                        Integer.toString(ports[i]),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        data.toString(),
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always",
                        "--save",
                        "",
                        "--repl-diskless-sync-delay",
                        "0"));
                if (i > 0) {
                    command.addAll(List.of("--replicaof", "127.0.0.1 " + ports[0]));
                }
                launch(command);
                awaitPort(ports[i]);
            }
            awaitReplicas();
        }

        /** Until both have what the primary has: before, nothing that waits for them is answered. */
        private void awaitReplicas() throws IOException {
            try (Socket socket = new Socket(address().getAddress(), address().getPort())) {
                socket.setSoTimeout(Math.toIntExact(START.toMillis()));
                Writers.exchange(socket, RespProtocol.sets("key", "", 1, 2), new byte[1024]);
            }
        }

        @Override
        InetSocketAddress address() {
            return local(ports[0]);
        }
    }
}
