package io.replog.cli.check;

import io.replog.api.client.ReplogException;
import io.replog.api.fault.ClientFaults;
import io.replog.api.fault.Faults;
import io.replog.api.fault.PeerFaults;
import io.replog.cli.cluster.Await;
import io.replog.cli.cluster.LocalNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes one thing after another go wrong, each for a while, and heals it. For one thread. */
final class Nemesis implements Runnable {
    private static final int CALM_MILLIS = 500;
    private static final int LEAST_MILLIS = 500;
    private static final int SPREAD_MILLIS = 2_500;
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final double LOSS = 0.15;

    private final CheckScope scope;
    private final List<FaultKind> kinds;
    private final Random random;
    private final Supplier<@Nullable String> leader;

    /** @param leader id of the leader now, null where nobody knows: half of the faults meet it */
    Nemesis(CheckScope scope, List<FaultKind> kinds, Random random, Supplier<@Nullable String> leader) {
        this.scope = scope;
        this.kinds = kinds;
        this.random = random;
        this.leader = leader;
    }

    @Override
    public void run() {
        while (!pause(CALM_MILLIS + random.nextInt(CALM_MILLIS))) {
            FaultKind kind = kinds.get(random.nextInt(kinds.size()));
            Target victim = victim();
            try {
                inject(kind, victim);
                pause(LEAST_MILLIS + random.nextInt(SPREAD_MILLIS));
            } catch (ReplogException e) {
                // A node that is not there to be told is already worse off than it would be.
                note("not done: " + e.getMessage());
            } finally {
                heal(victim);
            }
        }
        scope.targets().forEach(this::heal);
    }

    private Target victim() {
        String leading = random.nextBoolean() ? leader.get() : null;
        return scope.targets().stream()
                .filter(target -> target.id().equals(leading))
                .findFirst()
                .orElseGet(() -> scope.anyTarget(random));
    }

    private void inject(FaultKind kind, Target victim) {
        LocalNode process = victim.process();
        switch (kind) {
            case KILL -> {
                note("kill " + victim.id());
                if (process != null) {
                    process.kill();
                }
            }
            case PAUSE -> {
                note("pause " + victim.id());
                if (process != null) {
                    process.pause();
                }
            }
            case PARTITION -> partition(victim);
            case DROP -> {
                note("drop " + victim.id());
                victim.client()
                        .setFaults(new Faults(
                                null,
                                null,
                                new ClientFaults(LOSS, LOSS, null),
                                new PeerFaults(LOSS, LOSS, null, LOSS, null, null, null, null),
                                null,
                                null));
            }
            case DELAY -> {
                note("delay " + victim.id());
                victim.client().setFaults(new Faults("100ms", "300ms", null, null, null, null));
            }
        }
    }

    /** Cuts a node off: from all, from one, in one direction alone, or for entries alone. */
    private void partition(Target victim) {
        List<String> others = scope.targets().stream()
                .map(Target::id)
                .filter(id -> !id.equals(victim.id()))
                .toList();
        Cut cut = others.isEmpty() ? Cut.FROM_ALL : Cut.values()[random.nextInt(Cut.values().length)];
        note("partition " + victim.id() + " " + cut.words());
        PeerFaults faults =
                switch (cut) {
                    case FROM_ALL -> PeerFaults.blocking(others);
                    case FROM_ONE -> PeerFaults.blocking(List.of(others.get(random.nextInt(others.size()))));
                    case DEAF -> PeerFaults.deaf(others);
                    case MUTE -> PeerFaults.mute(others);
                    case FOR_ENTRIES -> new PeerFaults(null, null, null, null, null, null, null, others);
                };
        victim.client().setFaults(new Faults(null, null, null, faults, null, null));
    }

    private void heal(Target victim) {
        LocalNode process = victim.process();
        if (process != null) {
            if (!process.isAlive()) {
                process.start();
                note("start " + victim.id());
                Await.until(
                        START_LIMIT, () -> scope.isOver() || process.health().isPresent());
                return;
            }
            process.resume();
        }
        try {
            victim.client().heal();
        } catch (ReplogException e) {
            note("not healed: " + victim.id() + ": " + e.getMessage());
        }
    }

    private void note(String what) {
        scope.history().add(new HistoryLine.Fault(scope.now(), what));
    }

    /** Whether it is to stop. */
    private boolean pause(int millis) {
        try {
            return scope.over().await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** How a node is cut off from its peers. */
    private enum Cut {
        FROM_ALL,
        FROM_ONE,
        /** One way: nothing comes from its peers, what it says reaches them. */
        DEAF,
        /** One way: it hears its peers, and nothing that it says reaches them. */
        MUTE,
        /** Heartbeats and votes pass, entries do not. */
        FOR_ENTRIES;

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
