package io.replog.simulation.invariant;

import java.util.function.Supplier;

/** The invariants' assertion: what was seen is put into words only where it is wrong. */
final class Require {
    private Require() {}

    static void that(boolean holds, String invariant, Supplier<String> seen) {
        if (!holds) {
            throw new InvariantViolation(invariant, seen.get());
        }
    }
}
