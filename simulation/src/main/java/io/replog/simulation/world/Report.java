package io.replog.simulation.world;

import io.replog.checker.Verdict;

/**
 * What a run that broke no invariant amounted to.
 *
 * @param events      things that happened
 * @param terms       terms that had a leader
 * @param committed   last committed index
 * @param keys        the judgement on the keys
 * @param log         the judgement on the messages
 * @param recoveredIn simulated nanoseconds from the healing until a write was acknowledged by all
 */
public record Report(long events, int terms, long committed, Verdict keys, Verdict log, long recoveredIn) {}
