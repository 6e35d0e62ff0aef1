package io.replog.node.engine;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import io.replog.storage.LogReader;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A reader that reports a damaged entry, whoever reads it. */
final class WatchedLogReader implements LogReader {
    private final LogReader delegate;
    private final LogDamage damage;

    WatchedLogReader(LogReader delegate, LogDamage damage) {
        this.delegate = delegate;
        this.damage = damage;
    }

    private <T> T watched(Supplier<T> read) {
        try {
            return read.get();
        } catch (DamagedEntryException e) {
            damage.met(e);
            throw e;
        }
    }

    @Override
    public long durableIndex() {
        return delegate.durableIndex();
    }

    @Override
    public long durableId() {
        return delegate.durableId();
    }

    @Override
    public long lastIdAt(long index) {
        return watched(() -> delegate.lastIdAt(index));
    }

    @Override
    public Optional<LogEntry> entryAt(long index) {
        return watched(() -> delegate.entryAt(index));
    }

    @Override
    public Optional<LogEntry> entryOfMessage(long id) {
        return watched(() -> delegate.entryOfMessage(id));
    }

    @Override
    public List<LogEntry> read(long fromIndex, int maxBytes) {
        return watched(() -> delegate.read(fromIndex, maxBytes));
    }

    @Override
    public Iterator<LogEntry> scan(long fromIndex) {
        Iterator<LogEntry> entries = delegate.scan(fromIndex);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return watched(entries::hasNext);
            }

            @Override
            public LogEntry next() {
                return watched(entries::next);
            }
        };
    }

    @Override
    public Optional<Long> digest(long index) {
        return watched(() -> delegate.digest(index));
    }
}
