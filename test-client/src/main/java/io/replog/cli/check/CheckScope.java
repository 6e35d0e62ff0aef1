package io.replog.cli.check;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/**
 * What all parts of a check share.
 *
 * @param targets the nodes
 * @param history takes down what was asked and told
 * @param over    counted down when all are to stop
 * @param clock   nanoseconds since the start of the check
 * @param prefix  begins all keys, and no others
 * @param firstId messages up to this id are not of this check
 */
record CheckScope(
        List<Target> targets, History history, CountDownLatch over, LongSupplier clock, String prefix, long firstId) {
    boolean isOver() {
        return over.getCount() == 0 || history.isFull();
    }

    long now() {
        return clock.getAsLong();
    }

    Target anyTarget(Random random) {
        return targets.get(random.nextInt(targets.size()));
    }
}
