package io.replog.simulation.world;

import io.replog.checker.KvOperation;
import io.replog.checker.ListRead;
import io.replog.checker.Status;
import io.replog.core.kv.KvMap;
import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Role;
import io.replog.core.statemachine.StateMachineView;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A linearizable read, of a key or of the end of the list of messages. A witness has nothing to read. */
final class Read implements Attempt.Listener {
    private static final long PATIENCE = 4_000_000_000L;

    private final World world;
    private final String client;
    private final long id;
    private final @Nullable String key;
    private final Runnable done;
    private final long invoked;
    private boolean finished;

    /** @param key null for the list */
    Read(World world, String client, long id, @Nullable String key, Runnable done) {
        this.world = world;
        this.client = client;
        this.id = id;
        this.key = key;
        this.done = done;
        this.invoked = world.agenda().now();
    }

    void ask(RandomGenerator random) {
        long timeout = 100_000_000L + random.nextLong(2_000_000_000L);
        world.clients()
                .request(
                        world.anyNode(random),
                        null,
                        PATIENCE,
                        (request, now) -> new Input.Read(request, now + timeout),
                        this);
    }

    @Override
    public void answered(NodeProcess process, Outcome outcome) {
        if (outcome instanceof Outcome.ReadReady ready && process.status().role() != Role.WITNESS) {
            process.whenApplied(ready.index(), () -> {
                if (!finished) {
                    record(process.status().state());
                    finish();
                }
            });
            world.agenda().after(PATIENCE, this::finish);
        } else {
            finish();
        }
    }

    @Override
    public void refused() {
        finish();
    }

    @Override
    public void lost() {
        finish();
    }

    private void record(StateMachineView view) {
        long now = world.agenda().now();
        if (key == null) {
            world.history().listReads.add(new ListRead(id, client, view.committedId(), invoked, now));
            return;
        }
        KvMap.Entry entry = view.kv().get(key);
        world.history()
                .keyOperations
                .add(new KvOperation(
                        id,
                        client,
                        KvOperation.Kind.GET,
                        key,
                        "",
                        Status.OK,
                        new KvOperation.Observation(entry == null ? null : entry.value()),
                        invoked,
                        now));
    }

    private void finish() {
        if (!finished) {
            finished = true;
            done.run();
        }
    }
}
