package io.replog.simulation.world;

import io.replog.core.kv.KvCommand;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Does one thing after another, with pauses. */
final class Client {
    private static final long MILLISECOND = 1_000_000;
    private static final int MOST_IN_A_BATCH = 5;
    private static final int KEYS_LOOKED_BACK = 25;
    private static final int SEQUENCES_LOOKED_BACK = 2;

    private final World world;
    private final RandomGenerator random;
    private final String name;
    private @Nullable Write writing;

    /** Sequence numbers that were used, oldest first. */
    private final List<Long> sequences = new ArrayList<>();

    Client(World world, RandomGenerator random, String name) {
        this.world = world;
        this.random = random;
        this.name = name;
    }

    void think() {
        writing = null;
        if (!world.isClosing()) {
            world.agenda().after(1 + random.nextLong(world.scenario().thinkTime()), this::act);
        }
    }

    /** Gives up what is under way. */
    void abandon() {
        if (writing != null) {
            writing.abandon();
        }
    }

    private void act() {
        long id = world.history().nextId();
        int die = random.nextInt(100);
        if (die < 25) {
            new Read(world, name, id, anyKey(), this::think).ask(random);
        } else if (die < 32) {
            new Read(world, name, id, null, this::think).ask(random);
        } else if (die < 65) {
            write(id, messages(id));
        } else {
            write(id, command(id));
        }
    }

    private void write(long id, Write.Content content) {
        boolean delete = content instanceof Write.Content.Command command
                && command.command().operation() == KvCommand.Operation.DELETE;
        // No two writes have the same content, so the number of a write is as good as a hash of it.
        RequestKey key =
                switch (random.nextInt(delete ? 2 : 3)) {
                    case 0 -> new RequestKey.Idempotency(idempotencyKey(id, delete), id);
                    case 1 -> new RequestKey.ClientSequence(name, sequence(id, delete), id);
                    default -> RequestKey.NONE;
                };
        long patience = 1_000 * MILLISECOND + random.nextLong(8_000 * MILLISECOND);
        writing = new Write(world, random, name, id, content, key, concern(), patience, this::think);
        writing.attempt();
    }

    /** A new key, or one that was used before: of late, or so long ago that it may be forgotten. */
    private String idempotencyKey(long id, boolean delete) {
        List<String> used = world.history().usedKeys();
        String key = !delete && abuses() && !used.isEmpty()
                ? used.get(Math.max(0, used.size() - 1 - random.nextInt(KEYS_LOOKED_BACK)))
                : History.idempotencyKey(id);
        world.history().use(key);
        return key;
    }

    private long sequence(long id, boolean delete) {
        if (!delete && abuses() && !sequences.isEmpty()) {
            return sequences.get(Math.max(0, sequences.size() - 1 - random.nextInt(SEQUENCES_LOOKED_BACK)));
        }
        sequences.add(id);
        return id;
    }

    private boolean abuses() {
        double share = world.scenario().keyAbuse();
        return share > 0 && random.nextDouble() < share;
    }

    private Write.Content messages(long id) {
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(MOST_IN_A_BATCH) : 1;
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add("m" + id + "." + i + (random.nextInt(10) == 0 ? ".".repeat(random.nextInt(2_000)) : ""));
        }
        return new Write.Content.Messages(texts);
    }

    private Write.Content command(long id) {
        KvCommand.Operation operation =
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> KvCommand.Operation.PUT;
                    case 4, 5, 6 -> KvCommand.Operation.APPEND;
                    case 7, 8 -> KvCommand.Operation.HASH;
                    default -> KvCommand.Operation.DELETE;
                };
        KvCommand.Condition condition =
                switch (random.nextInt(10)) {
                    case 0 ->
                        new KvCommand.Condition.IndexIs(
                                random.nextLong(world.invariants().committedIndex() + 1));
                    case 1 -> new KvCommand.Condition.Absent();
                    default -> KvCommand.Condition.NONE;
                };
        String value = operation == KvCommand.Operation.DELETE ? "" : "v" + id + ",";
        return new Write.Content.Command(new KvCommand(operation, anyKey(), value, condition));
    }

    private String anyKey() {
        return "key-" + random.nextInt(world.scenario().keys());
    }

    private WriteConcern concern() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3, 4 -> WriteConcern.MAJORITY;
            case 5 -> WriteConcern.ALL;
            default -> new WriteConcern.Count(1 + random.nextInt(3));
        };
    }
}
