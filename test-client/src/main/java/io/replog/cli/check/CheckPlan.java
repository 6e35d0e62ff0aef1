package io.replog.cli.check;

import java.time.Duration;
import java.util.Set;

/**
 * What a check does.
 *
 * @param clients    how many ask at the same time, from 1
 * @param duration   how long
 * @param operations how many operations at most
 * @param faults     what goes wrong meanwhile
 * @param seed       decides what is asked and what goes wrong, but for timing
 */
public record CheckPlan(int clients, Duration duration, int operations, Set<FaultKind> faults, long seed) {}
