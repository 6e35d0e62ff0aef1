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
import io.replog.checker.KeyVersion;
import io.replog.checker.KvOperation;
import io.replog.checker.KvOperation.Kind;
import io.replog.checker.KvOperation.Observation;
import io.replog.checker.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a client of a check does with keys. For one thread. */
final class KeyTasks {
    /** Keys in use at a time. */
    private static final int KEYS = 8;

    /** Operations on a key, all clients together, before another takes its place: keeps values and searches short. */
    private static final int OPERATIONS_ON_A_KEY = 250;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final ReadOptions COMMITTED = ReadOptions.DEFAULT.withRead("committed");

    private final Asker asker;
    private final ReplogClient cluster;
    private final CheckScope scope;
    private final Random random;

    /** Where this client changed a key last, of the keys that are in use. */
    private final Map<String, Long> ownIndexes = new HashMap<>();

    private long generation;

    KeyTasks(Asker asker, ReplogClient cluster, CheckScope scope, Random random) {
        this.asker = asker;
        this.cluster = cluster;
        this.scope = scope;
        this.random = random;
    }

    /** Reads or changes any of the keys that are in use. */
    void any() {
        long now = scope.history().size() / ((long) KEYS * OPERATIONS_ON_A_KEY);
        if (now != generation) {
            generation = now;
            ownIndexes.clear();
        }
        String key = scope.prefix() + generation + "/" + random.nextInt(KEYS);
        int dice = random.nextInt(100);
        if (dice < 30) {
            get(key);
        } else if (dice < 40) {
            getCommitted(key);
        } else if (dice < 65) {
            put(key);
        } else if (dice < 82) {
            append(key);
        } else if (dice < 94) {
            hash(key);
        } else {
            delete(key);
        }
    }

    /** Goes to any node, for each of them has to give what is newest. */
    private void get(String key) {
        long id = scope.history().nextId();
        long invoked = scope.now();
        try {
            Optional<KeyValue> found = scope.anyTarget(random).client().get(key, ReadOptions.DEFAULT);
            Observation seen = new Observation(found.map(KeyValue::value).orElse(null));
            add(id, Kind.GET, key, "", Status.OK, seen, invoked);
            found.ifPresent(value -> version(id, key, value.index(), value.value(), 0));
        } catch (ReplogException e) {
            add(id, Kind.GET, key, "", Status.UNKNOWN, null, invoked);
        }
    }

    /** May be old, but not older than what this client did itself, where it says so. */
    private void getCommitted(String key) {
        long id = scope.history().nextId();
        Long own = ownIndexes.get(key);
        try {
            scope.anyTarget(random)
                    .client()
                    .get(key, own == null ? COMMITTED : COMMITTED.withMinIndex(own, LONGEST_WAIT))
                    .ifPresent(value -> version(id, key, value.index(), value.value(), own == null ? 0 : own));
        } catch (ReplogException e) {
            // A read that failed tells nothing.
            return;
        }
    }

    private void put(String key) {
        String value = asker.nextText();
        WriteOptions options = asker.nextWrite();
        write(Kind.PUT, key, value, () -> cluster.put(key, value, options), KeyTasks::seenBy);
    }

    private void append(String key) {
        String value = asker.nextText() + ",";
        WriteOptions options = asker.nextWrite();
        write(Kind.APPEND, key, value, () -> cluster.append(key, value, options), KeyTasks::seenBy);
    }

    private void hash(String key) {
        String value = asker.nextText();
        WriteOptions options = asker.nextWrite();
        write(Kind.HASH, key, value, () -> cluster.hash(key, value, options), KeyTasks::seenBy);
    }

    private void delete(String key) {
        WriteOptions options = asker.nextWrite();
        write(Kind.DELETE, key, "", () -> cluster.delete(key, options), KeyTasks::seenBy);
    }

    private static Change seenBy(KeyWritten done) {
        return new Change(done.previous(), done.value(), done.index());
    }

    private static Change seenBy(KeyHashed done) {
        return new Change(done.previous(), done.value(), done.index());
    }

    private static Change seenBy(KeyDeleted done) {
        return new Change(done.previous(), null, done.index());
    }

    private <T> void write(
            Kind kind, String key, String argument, Supplier<WriteOutcome<T>> action, Function<T, Change> seenBy) {
        long id = scope.history().nextId();
        long invoked = scope.now();
        switch (action.get()) {
            case Acknowledged<T> done -> {
                Change change = seenBy.apply(done.value());
                add(id, kind, key, argument, Status.OK, new Observation(change.previous()), invoked);
                if (change.value() == null) {
                    ownIndexes.remove(key);
                } else {
                    ownIndexes.put(key, change.index());
                    version(id, key, change.index(), change.value(), 0);
                }
            }
            case NotStored<T> refused -> add(id, kind, key, argument, Status.REFUSED, null, invoked);
            case Unknown<T> unknown -> add(id, kind, key, argument, Status.UNKNOWN, null, invoked);
        }
    }

    private void add(
            long id, Kind kind, String key, String argument, Status status, @Nullable Observation seen, long invoked) {
        scope.history()
                .add(new KvOperation(id, asker.process(), kind, key, argument, status, seen, invoked, scope.now()));
    }

    private void version(long id, String key, long index, String value, long atLeast) {
        scope.history().add(new KeyVersion(id, asker.process(), key, index, value, atLeast));
    }

    /**
     * What an acknowledged write was told.
     *
     * @param value null where the key was removed
     */
    private record Change(
            @Nullable String previous, @Nullable String value, long index) {}
}
