package io.replog.node.faults;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The faults that are switched on, for the decorators that do them. Thread-safe. */
public final class Faults {
    private final AtomicReference<FaultSettings> settings = new AtomicReference<>(FaultSettings.NONE);
    private final AtomicLong writesUntilCrash = new AtomicLong();

    /** Starts without any fault. */
    public Faults() {}

    FaultSettings settings() {
        return settings.get();
    }

    synchronized void replace(FaultSettings next) {
        settings.set(next);
        writesUntilCrash.set(next.crashAfter());
    }

    /** Counts a client's write; true where it is the one that the process halts in. */
    boolean isLastWrite() {
        return settings.get().crashAfter() > 0 && writesUntilCrash.decrementAndGet() == 0;
    }
}
