package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Operations a second of replog beside its peers, one after the other in one run: 100-byte values, closed loop,
 * three nodes on this machine; and what the disk alone would allow. Arguments:
 * {@code [seconds [connections,… [system,…]]]}; prints a table in Markdown.
 */
final class Compare {
    private static final String VALUE = "x".repeat(100);
    private static final int BATCH = 1_000;

    private static final int PIPELINE = 16;
    private static final int WARM_UP_CONNECTIONS = 32;

    /**
     * A system to start, and what to ask of it.
     *
     * @param work       what is asked; those with the same work are compared
     * @param perRequest operations that a request asks for
     */
    private record Contender(String name, String work, int perRequest, Starter starter) {}

    private interface Starter {
        Load start() throws IOException, InterruptedException;
    }

    private record Row(String name, String work, int connections, double perSecond, double median, double p99) {}

    private Compare() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Path project = Path.of("").toAbsolutePath();
        run(project, Clusters.fresh(project), args, System.out);
    }

    static void run(Path project, Clusters clusters, String[] args, PrintStream out)
            throws IOException, InterruptedException {
        Duration measured = Duration.ofMillis(args.length > 0 ? Math.round(1e3 * Double.parseDouble(args[0])) : 5_000);
        String[] connections = (args.length > 1 ? args[1] : "1,16,64,256").split(",");
        List<String> wanted = List.of((args.length > 2 ? args[2] : "replog,bare,forces,etcd,redis").split(","));
        List<Row> rows = new ArrayList<>();
        for (Contender contender : contenders(project, clusters)) {
            if (wanted.contains(contender.name())) {
                rows.addAll(measure(contender, connections, measured));
            }
        }
        print(rows, out);
    }

    private static List<Contender> contenders(Path project, Clusters clusters) {
        List<Contender> all = new ArrayList<>(messages(project, clusters));
        all.addAll(keys(project, clusters));
        return all;
    }

    private static List<Contender> messages(Path project, Clusters clusters) {
        String json = "{\"message\":\"" + VALUE + "\"}";
        String etcdPut = "{\"key\":\"" + base64("key") + "\",\"value\":\"" + base64(VALUE) + "\"}";
        String batch = (json + "\n").repeat(BATCH);
        Supplier<Protocol> post = () -> HttpProtocol.post("/messages", "application/json", json);
        return List.of(
                new Contender("replog", "post", 1, http(clusters, null, post)),
                new Contender(
                        "replog-batch",
                        "post",
                        BATCH,
                        http(clusters, null, () -> HttpProtocol.post("/messages", "application/x-ndjson", batch))),
                new Contender("bare", "post", 1, () -> server(new Server.Bare(project), null, post)),
                new Contender("forces", "post", 1, () -> new Forces(VALUE.length())),
                new Contender(
                        "etcd",
                        "post",
                        1,
                        () -> server(
                                new Server.Etcd(),
                                null,
                                () -> HttpProtocol.post("/v3/kv/put", "application/json", etcdPut))),
                new Contender("redis", "post", 1, redis(null, () -> RespProtocol.sets("key", VALUE, 1, 2))));
    }

    private static List<Contender> keys(Path project, Clusters clusters) {
        Supplier<Protocol> put = () -> HttpProtocol.put("/kv/key", "text/plain", VALUE);
        Supplier<Protocol> get = () -> HttpProtocol.get("/kv/key");
        Supplier<Protocol> set = () -> RespProtocol.sets("key", VALUE, 1, 0);
        Supplier<Protocol> textGet = () -> RespProtocol.gets("key", 1);
        Supplier<Protocol> sets = () -> RespProtocol.sets("key", VALUE, PIPELINE, 0);
        Supplier<Protocol> setsAndWait = () -> RespProtocol.sets("key", VALUE, PIPELINE, 2);
        return List.of(
                new Contender("replog-get", "get", 1, http(clusters, put, get)),
                new Contender("bare-get", "get", 1, () -> server(new Server.Bare(project), null, get)),
                new Contender("replog-text-get", "text-get", 1, text(clusters, set, textGet)),
                new Contender("redis-get", "text-get", 1, redis(set, textGet)),
                new Contender("replog-text-set", "text-set", PIPELINE, text(clusters, null, sets)),
                new Contender("redis-set", "text-set", PIPELINE, redis(null, setsAndWait)));
    }

    private static Starter http(Clusters clusters, @Nullable Supplier<Protocol> prepare, Supplier<Protocol> protocol) {
        return () -> {
            Clusters.Lease lease = clusters.take(Map.of());
            return new Load.OfServer(lease, lease.cluster().address(), prepare, protocol);
        };
    }

    private static Starter text(Clusters clusters, @Nullable Supplier<Protocol> prepare, Supplier<Protocol> protocol) {
        return () -> {
            Clusters.Lease lease = clusters.take(Map.of());
            return new Load.OfServer(lease, lease.cluster().textAddress(), prepare, protocol);
        };
    }

    private static Starter redis(@Nullable Supplier<Protocol> prepare, Supplier<Protocol> protocol) {
        return () -> server(new Server.Redis(), prepare, protocol);
    }

    private static Load server(Server server, @Nullable Supplier<Protocol> prepare, Supplier<Protocol> protocol) {
        return new Load.OfServer(server, server.address(), prepare, protocol);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static List<Row> measure(Contender contender, String[] connections, Duration measured)
            throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (Load load = contender.starter().start()) {
            // Before anything counts: the compilers' is the largest share of the first half a minute.
            load.run(Math.min(WARM_UP_CONNECTIONS, load.mostConnections()), measured, measured.multipliedBy(4));
            for (String number : connections) {
                int count = Integer.parseInt(number);
                if (count <= load.mostConnections()) {
                    ClosedLoop.Result result = load.run(count, measured.dividedBy(4), measured);
                    rows.add(new Row(
                            contender.name(),
                            contender.work(),
                            count,
                            result.perSecond() * contender.perRequest(),
                            result.medianMillis(),
                            result.p99Millis()));
                    System.err.println(rows.getLast());
                }
            }
        }
        return rows;
    }

    private static void print(List<Row> rows, PrintStream out) {
        out.println("| system | connections | done/s | median ms | p99 ms | replog : system |");
        out.println("|---|--:|--:|--:|--:|--:|");
        for (Row row : rows) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %d | %,.0f | %.2f | %.2f | %s |%n",
                    row.name(),
                    row.connections(),
                    row.perSecond(),
                    row.median(),
                    row.p99(),
                    ratio(rows, row));
        }
    }

    private static String ratio(List<Row> rows, Row row) {
        return rows.stream()
                .filter(other -> other.name().startsWith("replog")
                        && other.work().equals(row.work())
                        && other.connections() == row.connections())
                .findFirst()
                .map(replog -> String.format(Locale.ROOT, "%.2f", replog.perSecond() / row.perSecond()))
                .orElse("–");
    }
}
