package io.replog.cli.check;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.ReplogException;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.client.WriteOutcome.NotStored;
import io.replog.api.client.WriteOutcome.Unknown;
import io.replog.api.kv.KeyDeleted;
import io.replog.api.kv.KeyHashed;
import io.replog.api.kv.KeyValue;
import io.replog.api.kv.KeyWritten;
import io.replog.api.message.Appended;
import io.replog.api.message.BatchAppended;
import io.replog.checker.KvOperation;
import io.replog.checker.KvOperation.Kind;
import io.replog.checker.KvOperation.Observation;
import io.replog.checker.ListRead;
import io.replog.checker.Status;
import io.replog.checker.Submission;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One client of a check: asks one thing after another and records what it was told. For one thread. */
final class CheckClient implements Runnable {
    /** Keys in use at a time. */
    private static final int KEYS = 8;

    /** Operations on a key, all clients together, before another takes its place: keeps values and searches short. */
    private static final int OPERATIONS_ON_A_KEY = 250;

    private static final int BATCH = 3;
    private static final ReadOptions LAST_ID =
            ReadOptions.DEFAULT.withRead("linearizable").withLimit(1L);

    private final String process;
    private final ReplogClient cluster;
    private final List<Target> targets;
    private final History history;
    private final Random random;
    private final CountDownLatch over;
    private final Supplier<Long> clock;
    private final String prefix;
    private final long firstId;
    private int sequence;

    /**
     * @param prefix  begins all keys, and no others
     * @param firstId messages up to this id are not of this check
     */
    CheckClient(
            int number,
            ReplogClient cluster,
            List<Target> targets,
            History history,
            Random random,
            CountDownLatch over,
            Supplier<Long> clock,
            String prefix,
            long firstId) {
        this.process = "client-" + number;
        this.cluster = cluster;
        this.targets = targets;
        this.history = history;
        this.random = random;
        this.over = over;
        this.clock = clock;
        this.prefix = prefix;
        this.firstId = firstId;
    }

    @Override
    public void run() {
        while (over.getCount() > 0 && !history.isFull()) {
            int dice = random.nextInt(100);
            if (dice < 15) {
                post();
            } else if (dice < 20) {
                list();
            } else {
                key(dice);
            }
        }
    }

    private String nextText() {
        sequence++;
        return process.substring("client-".length()) + "." + sequence;
    }

    private void key(int dice) {
        long generation = history.size() / ((long) KEYS * OPERATIONS_ON_A_KEY);
        String key = prefix + generation + "/" + random.nextInt(KEYS);
        if (dice < 50) {
            get(key);
        } else if (dice < 70) {
            String value = nextText();
            write(Kind.PUT, key, value, () -> cluster.put(key, value, WriteOptions.DEFAULT), KeyWritten::previous);
        } else if (dice < 85) {
            String value = nextText() + ",";
            write(
                    Kind.APPEND,
                    key,
                    value,
                    () -> cluster.append(key, value, WriteOptions.DEFAULT),
                    KeyWritten::previous);
        } else if (dice < 95) {
            String value = nextText();
            write(Kind.HASH, key, value, () -> cluster.hash(key, value, WriteOptions.DEFAULT), KeyHashed::previous);
        } else {
            write(Kind.DELETE, key, "", () -> cluster.delete(key, WriteOptions.DEFAULT), KeyDeleted::previous);
        }
    }

    /** Reads go to any node, for each of them has to give what is newest. */
    private void get(String key) {
        Target node = targets.get(random.nextInt(targets.size()));
        long id = history.nextId();
        long invoked = clock.get();
        try {
            Optional<KeyValue> found = node.client().get(key, ReadOptions.DEFAULT);
            Observation seen = new Observation(found.map(KeyValue::value).orElse(null));
            add(id, Kind.GET, key, "", Status.OK, seen, invoked);
        } catch (ReplogException e) {
            add(id, Kind.GET, key, "", Status.UNKNOWN, null, invoked);
        }
    }

    private <T> void write(
            Kind kind,
            String key,
            String argument,
            Supplier<WriteOutcome<T>> action,
            Function<T, @Nullable String> previous) {
        long id = history.nextId();
        long invoked = clock.get();
        switch (action.get()) {
            case Acknowledged<T> done ->
                add(id, kind, key, argument, Status.OK, new Observation(previous.apply(done.value())), invoked);
            case NotStored<T> refused -> add(id, kind, key, argument, Status.REFUSED, null, invoked);
            case Unknown<T> unknown -> add(id, kind, key, argument, Status.UNKNOWN, null, invoked);
        }
    }

    private void add(
            long id, Kind kind, String key, String argument, Status status, @Nullable Observation seen, long invoked) {
        history.add(new KvOperation(id, process, kind, key, argument, status, seen, invoked, clock.get()));
    }

    private void post() {
        boolean durable = random.nextInt(10) > 0;
        WriteOptions options = WriteOptions.DEFAULT.withW(durable ? "majority" : "1");
        if (random.nextInt(4) == 0) {
            List<String> texts = Stream.generate(this::nextText).limit(BATCH).toList();
            post(texts, durable, () -> cluster.postBatch(texts, options), this::placement);
        } else {
            String text = nextText();
            post(List.of(text), durable, () -> cluster.post(text, options), this::placement);
        }
    }

    private Submission.Placement placement(Appended done) {
        return new Submission.Placement(done.id() - firstId, done.id() - firstId, done.w(), done.acks());
    }

    private Submission.Placement placement(BatchAppended done) {
        return new Submission.Placement(done.firstId() - firstId, done.lastId() - firstId, done.w(), done.acks());
    }

    private <T> void post(
            List<String> texts,
            boolean durable,
            Supplier<WriteOutcome<T>> action,
            Function<T, Submission.Placement> placement) {
        long id = history.nextId();
        long invoked = clock.get();
        WriteOutcome<T> outcome = action.get();
        long completed = clock.get();
        Status status =
                switch (outcome) {
                    case Acknowledged<T> done -> Status.OK;
                    case NotStored<T> refused -> Status.REFUSED;
                    case Unknown<T> unknown -> Status.UNKNOWN;
                };
        Submission.Placement place = outcome instanceof Acknowledged<T> done ? placement.apply(done.value()) : null;
        // What the client sent again by itself is one attempt, so there is no key by which repeats are to be known.
        history.add(new Submission(id, process, null, texts, durable, status, place, invoked, completed));
    }

    private void list() {
        Target node = targets.get(random.nextInt(targets.size()));
        long id = history.nextId();
        long invoked = clock.get();
        try {
            long lastId = node.client().messages(LAST_ID).lastId() - firstId;
            history.add(new ListRead(id, process, lastId, invoked, clock.get()));
        } catch (ReplogException e) {
            // A read that failed tells nothing.
            return;
        }
    }
}
