package io.replog.api.client;

import io.replog.api.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a read is to be done.
 *
 * @param read     {@code local}, {@code committed} or {@code linearizable}; null for the contract's default
 * @param minIndex answer once the node has this index; null for at once
 * @param maxWait  how long the node may wait for {@code minIndex}; null for the node's default
 * @param from     messages: first id, from 1; null for 1
 * @param limit    messages: how many at most, from 1; null for all
 */
public record ReadOptions(
        @Nullable String read,
        @Nullable Long minIndex,
        @Nullable Duration maxWait,
        @Nullable Long from,
        @Nullable Long limit) {
    public static final ReadOptions DEFAULT = new ReadOptions(null, null, null, null, null);

    public ReadOptions withRead(@Nullable String newRead) {
        return new ReadOptions(newRead, minIndex, maxWait, from, limit);
    }

    public ReadOptions withMinIndex(@Nullable Long newMinIndex, @Nullable Duration newWait) {
        return new ReadOptions(read, newMinIndex, newWait, from, limit);
    }

    public ReadOptions withFrom(@Nullable Long newFrom) {
        return new ReadOptions(read, minIndex, maxWait, newFrom, limit);
    }

    public ReadOptions withLimit(@Nullable Long newLimit) {
        return new ReadOptions(read, minIndex, maxWait, from, newLimit);
    }

    void addTo(Target target) {
        target.with("read", read).with("min_index", minIndex).with("from", from).with("limit", limit);
        if (maxWait != null) {
            target.with("wait", Durations.format(maxWait));
        }
    }
}
