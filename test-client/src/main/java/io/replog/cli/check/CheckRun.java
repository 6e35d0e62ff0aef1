package io.replog.cli.check;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.ReplogException;
import io.replog.api.client.WriteOptions;
import io.replog.api.log.LogDigest;
import io.replog.api.message.Appended;
import io.replog.checker.KvOperation;
import io.replog.checker.NodeLog;
import io.replog.checker.Status;
import io.replog.checker.Submission;
import io.replog.checker.Violation;
import io.replog.cli.cluster.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a cluster many things at once while things go wrong, and records it all. For one thread. */
public final class CheckRun {
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SETTLED = Duration.ofSeconds(90);
    private static final ReadOptions LAST_ID =
            ReadOptions.DEFAULT.withRead("linearizable").withLimit(1L);
    private static final String LAST_MESSAGE = "last message";

    private final CheckPlan plan;
    private final List<Target> targets;
    private final History history;
    private final Consumer<String> progress;
    private final long start = System.nanoTime();
    private final List<Violation> violations = new ArrayList<>();

    /** @param progress is told every second how far it is */
    public CheckRun(CheckPlan plan, List<Target> targets, History history, Consumer<String> progress) {
        this.plan = plan;
        this.targets = targets;
        this.history = history;
        this.progress = progress;
    }

    /**
     * Runs the load and the faults, heals all, waits until the nodes agree, and records what they have.
     *
     * @return what no history shows: nodes that do not agree in the end
     */
    public List<Violation> run() {
        List<String> urls = targets.stream().map(Target::url).toList();
        try (ReplogClient cluster = ReplogClient.of(urls, SETTLED)) {
            long firstId = cluster.messages(LAST_ID).lastId();
            String prefix = "check-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "/";
            CheckScope scope = new CheckScope(targets, history, new CountDownLatch(1), this::clock, prefix, firstId);
            loadAndFaults(urls, cluster, scope);
            progress.accept("healed; waiting until the nodes agree");
            settle(cluster, prefix, firstId);
            return violations;
        }
    }

    private void loadAndFaults(List<String> urls, ReplogClient cluster, CheckScope scope) {
        Random seeds = new Random(plan.seed());
        List<Thread> threads = new ArrayList<>();
        List<ReplogClient> clients = new ArrayList<>();
        try {
            for (int i = 1; i <= plan.clients(); i++) {
                List<String> order = new ArrayList<>(urls);
                Collections.rotate(order, i);
                ReplogClient client = ReplogClient.of(order, OPERATION_TIMEOUT);
                clients.add(client);
                CheckClient task = new CheckClient(i, client, scope, new Random(seeds.nextLong()));
                threads.add(Thread.ofVirtual().name("client-" + i).start(task));
            }
            Thread nemesis = null;
            if (!plan.faults().isEmpty()) {
                nemesis = Thread.ofPlatform()
                        .name("nemesis")
                        .start(new Nemesis(
                                scope,
                                List.copyOf(plan.faults()),
                                new Random(seeds.nextLong()),
                                () -> leaderOf(cluster)));
            }
            watch(scope.over());
            join(threads);
            if (nemesis != null) {
                join(List.of(nemesis));
            }
        } finally {
            scope.over().countDown();
            clients.forEach(ReplogClient::close);
        }
    }

    /** Nanoseconds since the start of the check. */
    private long clock() {
        return System.nanoTime() - start;
    }

    private static @Nullable String leaderOf(ReplogClient cluster) {
        try {
            return cluster.cluster().leader();
        } catch (ReplogException e) {
            return null;
        }
    }

    private void watch(CountDownLatch over) {
        long end = plan.duration().toSeconds();
        try {
            for (long second = 0; second < end && !history.isFull(); second++) {
                List<String> faults = history.faults();
                progress.accept(second + " s of " + end + "  " + history.size() + " operations, " + history.unknown()
                        + " unknown" + (faults.isEmpty() ? "" : "  " + faults.getLast()));
                if (over.await(1, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        over.countDown();
    }

    private static void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One more write to all members; when each node has it, each has everything before it. */
    private void settle(ReplogClient cluster, String prefix, long firstId) {
        WriteOptions options =
                WriteOptions.DEFAULT.withW("all").withTimeout(SETTLED).withIdempotencyKey(prefix + "last");
        long id = history.nextId();
        long invoked = clock();
        Appended last = cluster.post(LAST_MESSAGE, options).orThrow();
        history.add(new Submission(
                id,
                "client-0",
                null,
                List.of(LAST_MESSAGE),
                true,
                Status.OK,
                new Submission.Placement(last.id() - firstId, last.id() - firstId, last.w(), last.acks()),
                invoked,
                clock()));
        readKeysOnceMore(prefix);
        Set<String> digests = new LinkedHashSet<>();
        for (Target target : targets) {
            Await.until(SETTLED, () -> lastIdOf(target) >= last.id());
            List<NodeLog.Message> messages = new ArrayList<>();
            target.client()
                    .forEachMessage(
                            ReadOptions.DEFAULT.withRead("committed").withFrom(firstId + 1),
                            message -> messages.add(new NodeLog.Message(message.id() - firstId, message.message())));
            history.add(new NodeLog(target.id(), true, messages));
            Optional<LogDigest> digest = target.client().digest(last.index());
            digests.add(digest.map(LogDigest::digest).orElse("none"));
        }
        if (digests.size() != 1) {
            violations.add(new Violation(
                    "equal logs", "the nodes' digests up to index " + last.index() + " differ: " + digests, List.of()));
        }
    }

    private long lastIdOf(Target target) {
        try {
            return target.client()
                    .messages(ReadOptions.DEFAULT.withRead("committed").withLimit(1L))
                    .lastId();
        } catch (ReplogException e) {
            return 0;
        }
    }

    /** What every node has of every key in the end, as reads that come after all else. */
    private void readKeysOnceMore(String prefix) {
        for (Target target : targets) {
            long invoked = clock();
            target.client()
                    .dump(prefix, ReadOptions.DEFAULT.withRead("linearizable"))
                    .entries()
                    .forEach(pair -> history.add(new KvOperation(
                            history.nextId(),
                            "end-" + target.id(),
                            KvOperation.Kind.GET,
                            pair.key(),
                            "",
                            Status.OK,
                            new KvOperation.Observation(pair.value()),
                            invoked,
                            clock())));
        }
    }
}
