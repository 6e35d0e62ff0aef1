package io.replog.cli.load;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What load to make.
 *
 * @param connections how many requests are under way at any time, from 1
 * @param size        bytes of a message, from 0
 * @param w           write concern, null for the node's default
 * @param batch       messages of a request, 1–10,000
 * @param warmUp      time before anything is measured
 * @param measured    time that is measured
 */
public record LoadPlan(int connections, int size, @Nullable String w, int batch, Duration warmUp, Duration measured) {}
