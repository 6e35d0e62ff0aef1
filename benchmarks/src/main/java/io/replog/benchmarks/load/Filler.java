package io.replog.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Fills a cluster's log with 100-byte messages, as fast as it takes them. */
final class Filler {
    /** Messages of a batch. */
    static final int BATCH = 1_000;

    private static final int CONNECTIONS = 4;
    private static final int SINGLE_CONNECTIONS = 256;
    /** As JSON. */
    static final String MESSAGE = "{\"message\":\"" + "x".repeat(100) + "\"}";

    private static final String MESSAGES = (MESSAGE + "\n").repeat(BATCH);

    private final ReplogCluster cluster;
    private final String w;

    /** @param w write concern of each message */
    Filler(ReplogCluster cluster, String w) {
        this.cluster = cluster;
        this.w = w;
    }

    static HttpProtocol single(String w) {
        return HttpProtocol.post("/messages?w=" + w, "application/json", MESSAGE);
    }

    /** At least so many messages in batches, each of which is an entry; gives how many. */
    long batches(long messages) throws IOException, InterruptedException {
        long count = (messages + BATCH - 1) / BATCH;
        post(count, CONNECTIONS, "application/x-ndjson", MESSAGES);
        return count * BATCH;
    }

    /** So many messages, each of which is an entry. */
    void singles(long messages) throws IOException, InterruptedException {
        post(messages, SINGLE_CONNECTIONS, "application/json", MESSAGE);
    }

    private void post(long requests, int connections, String type, String body)
            throws IOException, InterruptedException {
        String leader = cluster.leader();
        AtomicLong left = new AtomicLong(requests);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                tasks.add(() -> {
                    while (left.getAndDecrement() > 0) {
                        CompletableFuture<Integer> status = cluster.post(leader, "/messages?w=" + w, type, body);
                        if (status.join() != 201) {
                            throw new IOException("a message was answered with " + status.join());
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> task : clients.invokeAll(tasks)) {
                task.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the log was not filled", e);
        }
    }
}
