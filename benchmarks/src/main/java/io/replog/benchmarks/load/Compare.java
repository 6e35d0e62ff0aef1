package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Operations a second of replog beside its peers, one after the other in one run: 100-byte values, closed loop,
 * three nodes on this machine. Arguments: {@code [seconds [connections,… [system,…]]]}; prints a table in Markdown.
 */
final class Compare {
    private static final String VALUE = "x".repeat(100);
    private static final int BATCH = 1_000;

    private static final int PIPELINE = 16;

    /**
     * A system to start, and what to ask of it.
     *
     * @param work      what is asked; those with the same work are compared
     * @param prepare   asked once before
     * @param perRequest operations that a request asks for
     */
    private record Contender(
            String name,
            String work,
            Starter starter,
            @Nullable Supplier<Protocol> prepare,
            Supplier<Protocol> protocol,
            int perRequest) {
        Contender(String name, Starter starter, Supplier<Protocol> protocol, int perRequest) {
            this(name, "post", starter, null, protocol, perRequest);
        }
    }

    private interface Starter {
        Server start() throws IOException, InterruptedException;
    }

    private record Row(String name, String work, int connections, double perSecond, double median, double p99) {}

    private Compare() {}

    static void main(String[] args) throws IOException, InterruptedException {
        run(Path.of("").toAbsolutePath(), args, System.out);
    }

    private static void run(Path project, String[] args, PrintStream out) throws IOException, InterruptedException {
        Duration measured = Duration.ofSeconds(args.length > 0 ? Integer.parseInt(args[0]) : 5);
        String[] connections = (args.length > 1 ? args[1] : "1,16,64,256").split(",");
        List<String> wanted = List.of((args.length > 2 ? args[2] : "replog,bare,etcd,redis").split(","));
        List<Row> rows = new ArrayList<>();
        for (Contender contender : contenders(project)) {
            if (wanted.contains(contender.name())) {
                rows.addAll(measure(contender, connections, measured));
            }
        }
        print(rows, out);
    }

    private static List<Contender> contenders(Path project) {
        List<Contender> all = new ArrayList<>(messages(project));
        all.addAll(keys(project));
        return all;
    }

    private static List<Contender> keys(Path project) {
        Supplier<Protocol> get = () -> HttpProtocol.get("/kv/key");
        Supplier<Protocol> textGet = () -> RespProtocol.gets("key", 1);
        Supplier<Protocol> set = () -> RespProtocol.sets("key", VALUE, 1, 0);
        Starter text = () -> new Server.Replog(project, true);
        return List.of(
                new Contender(
                        "replog-get",
                        "get",
                        () -> new Server.Replog(project, false),
                        () -> HttpProtocol.put("/kv/key", "text/plain", VALUE),
                        get,
                        1),
                new Contender("bare-get", "get", () -> new Server.Bare(project), null, get, 1),
                new Contender("replog-text-get", "text-get", text, set, textGet, 1),
                new Contender("redis-get", "text-get", Server.Redis::new, set, textGet, 1),
                new Contender(
                        "replog-text-set",
                        "text-set",
                        text,
                        null,
                        () -> RespProtocol.sets("key", VALUE, PIPELINE, 0),
                        PIPELINE),
                new Contender(
                        "redis-set",
                        "text-set",
                        Server.Redis::new,
                        null,
                        () -> RespProtocol.sets("key", VALUE, PIPELINE, 2),
                        PIPELINE));
    }

    private static List<Contender> messages(Path project) {
        String json = "{\"message\":\"" + VALUE + "\"}";
        String etcdPut = "{\"key\":\"" + base64("key") + "\",\"value\":\"" + base64(VALUE) + "\"}";
        String batch = (json + "\n").repeat(BATCH);
        return List.of(
                new Contender(
                        "replog",
                        () -> new Server.Replog(project, false),
                        () -> HttpProtocol.post("/messages", "application/json", json),
                        1),
                new Contender(
                        "replog-batch",
                        () -> new Server.Replog(project, false),
                        () -> HttpProtocol.post("/messages", "application/x-ndjson", batch),
                        BATCH),
                new Contender(
                        "bare",
                        () -> new Server.Bare(project),
                        () -> HttpProtocol.post("/messages", "application/json", json),
                        1),
                new Contender(
                        "etcd",
                        Server.Etcd::new,
                        () -> HttpProtocol.post("/v3/kv/put", "application/json", etcdPut),
                        1),
                new Contender("redis", Server.Redis::new, () -> RespProtocol.sets("key", VALUE, 1, 2), 1));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static List<Row> measure(Contender contender, String[] connections, Duration measured)
            throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (Server server = contender.starter().start()) {
            if (contender.prepare() != null) {
                ClosedLoop.run(server.address(), 1, contender.prepare(), Duration.ZERO, Duration.ofMillis(200));
            }
            warmUp(contender, server, measured);
            for (String count : connections) {
                ClosedLoop.Result result = ClosedLoop.run(
                        server.address(),
                        Integer.parseInt(count),
                        contender.protocol(),
                        measured.dividedBy(4),
                        measured);
                rows.add(new Row(
                        contender.name(),
                        contender.work(),
                        Integer.parseInt(count),
                        result.perSecond() * contender.perRequest(),
                        result.medianMillis(),
                        result.p99Millis()));
                System.err.println(rows.getLast());
            }
        }
        return rows;
    }

    /** Lets the compilers see the code before anything counts: theirs is the largest share of the first half a minute. */
    private static void warmUp(Contender contender, Server server, Duration measured) throws IOException {
        ClosedLoop.run(server.address(), 32, contender.protocol(), measured, measured.multipliedBy(4));
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
