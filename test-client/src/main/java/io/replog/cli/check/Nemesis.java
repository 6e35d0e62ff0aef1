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
import java.util.concurrent.CountDownLatch;
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

    private final List<Target> targets;
    private final List<FaultKind> kinds;
    private final Random random;
    private final CountDownLatch over;
    private final History history;
    private final Supplier<Long> clock;
    private final Supplier<@Nullable String> leader;

    /**
     * @param over   counted down when it is to stop
     * @param clock  nanoseconds since the start of the check
     * @param leader id of the leader now, null where nobody knows: half of the faults meet it
     */
    Nemesis(
            List<Target> targets,
            List<FaultKind> kinds,
            Random random,
            CountDownLatch over,
            History history,
            Supplier<Long> clock,
            Supplier<@Nullable String> leader) {
        this.targets = targets;
        this.kinds = kinds;
        this.random = random;
        this.over = over;
        this.history = history;
        this.clock = clock;
        this.leader = leader;
    }

    @Override
    public void run() {
        while (!pause(CALM_MILLIS + random.nextInt(CALM_MILLIS))) {
            FaultKind kind = kinds.get(random.nextInt(kinds.size()));
            Target victim = victim();
            note(kind.name().toLowerCase(Locale.ROOT) + " " + victim.id());
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
        targets.forEach(this::heal);
    }

    private Target victim() {
        String leading = random.nextBoolean() ? leader.get() : null;
        return targets.stream()
                .filter(target -> target.id().equals(leading))
                .findFirst()
                .orElseGet(() -> targets.get(random.nextInt(targets.size())));
    }

    private void inject(FaultKind kind, Target victim) {
        LocalNode process = victim.process();
        switch (kind) {
            case KILL -> {
                if (process != null) {
                    process.kill();
                }
            }
            case PAUSE -> {
                if (process != null) {
                    process.pause();
                }
            }
            case PARTITION -> {
                List<String> others = targets.stream()
                        .map(Target::id)
                        .filter(id -> !id.equals(victim.id()))
                        .toList();
                victim.client().setFaults(peers(cut(others)));
            }
            case DROP ->
                victim.client()
                        .setFaults(new Faults(
                                null,
                                null,
                                new ClientFaults(LOSS, LOSS, null),
                                new PeerFaults(LOSS, LOSS, null, LOSS, null, null, null, null),
                                null,
                                null));
            case DELAY -> victim.client().setFaults(new Faults("100ms", "300ms", null, null, null, null));
        }
    }

    /** Half of the cuts go one way alone. */
    private PeerFaults cut(List<String> others) {
        return switch (random.nextInt(4)) {
            case 0 -> PeerFaults.deaf(others);
            case 1 -> PeerFaults.mute(others);
            default -> PeerFaults.blocking(others);
        };
    }

    private static Faults peers(PeerFaults faults) {
        return new Faults(null, null, null, faults, null, null);
    }

    private void heal(Target victim) {
        LocalNode process = victim.process();
        if (process != null) {
            if (!process.isAlive()) {
                process.start();
                note("start " + victim.id());
                Await.until(
                        START_LIMIT,
                        () -> over.getCount() == 0 || process.health().isPresent());
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
        history.add(new HistoryLine.Fault(clock.get(), what));
    }

    /** Whether it is to stop. */
    private boolean pause(int millis) {
        try {
            return over.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
