package io.replog.checker;

import io.replog.checker.KvOperation.Kind;
import io.replog.checker.KvOperation.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A history that is linearizable by construction: each operation really takes effect on a map, at a moment within it. */
final class RandomHistory {
    private record Planned(
            long id,
            String process,
            Kind kind,
            String key,
            String argument,
            Status status,
            long invoked,
            long effect,
            long completed) {}

    private final RandomGenerator random;
    private final int processes;
    private final int keys;
    private final int pauses;
    private final double unknown;
    private final double blind;

    /**
     * @param pauses  longest time between two operations of a process; an operation takes up to 100
     * @param unknown share of operations of unknown outcome
     * @param blind   share of writes whose answer tells nothing of the key
     */
    RandomHistory(RandomGenerator random, int processes, int keys, int pauses, double unknown, double blind) {
        this.random = random;
        this.processes = processes;
        this.keys = keys;
        this.pauses = pauses;
        this.unknown = unknown;
        this.blind = blind;
    }

    List<KvOperation> generate(int operations, boolean hashes) {
        List<Planned> planned = new ArrayList<>();
        long[] free = new long[processes];
        for (int id = 1; id <= operations; id++) {
            int process = random.nextInt(processes);
            long invoked = free[process] + 1 + random.nextInt(pauses);
            long effect = invoked + random.nextInt(50);
            long completed = effect + random.nextInt(50);
            free[process] = completed;
            Status status = Status.OK;
            if (random.nextDouble() < unknown) {
                status = random.nextInt(3) == 0 ? Status.REFUSED : Status.UNKNOWN;
                if (status == Status.UNKNOWN) {
                    effect += random.nextBoolean() ? random.nextInt(5_000) : 0;
                }
            }
            planned.add(new Planned(
                    id,
                    "client-" + process,
                    kind(hashes),
                    "key-" + random.nextInt(keys),
                    "v" + id + ",",
                    status,
                    invoked,
                    effect,
                    completed));
        }
        planned.sort(Comparator.comparingLong(Planned::effect));
        Map<String, String> store = new HashMap<>();
        List<KvOperation> history = new ArrayList<>();
        for (Planned operation : planned) {
            history.add(takeEffect(operation, store));
        }
        return history;
    }

    private Kind kind(boolean hashes) {
        int die = random.nextInt(10);
        if (die < 4) {
            return Kind.GET;
        }
        return switch (die) {
            case 4, 5 -> Kind.PUT;
            case 6, 7 -> Kind.APPEND;
            case 8 -> hashes ? Kind.HASH : Kind.PUT;
            default -> Kind.DELETE;
        };
    }

    private KvOperation takeEffect(Planned operation, Map<String, String> store) {
        @Nullable String previous = store.get(operation.key());
        boolean happens =
                operation.status() == Status.OK || (operation.status() == Status.UNKNOWN && random.nextBoolean());
        if (happens) {
            String text = previous == null ? "" : previous;
            switch (operation.kind()) {
                case GET -> {}
                case PUT -> store.put(operation.key(), operation.argument());
                case APPEND -> store.put(operation.key(), text + operation.argument());
                case HASH -> store.put(operation.key(), Fnv1a.hash(text + operation.argument()));
                case DELETE -> store.remove(operation.key());
            }
        }
        boolean tells =
                operation.status() == Status.OK && (operation.kind() == Kind.GET || random.nextDouble() >= blind);
        return new KvOperation(
                operation.id(),
                operation.process(),
                operation.kind(),
                operation.key(),
                operation.argument(),
                operation.status(),
                tells ? new Observation(previous) : null,
                operation.invoked(),
                operation.completed());
    }
}
