package io.replog.storage;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the durable log. Has no state of its own but what the log publishes. */
final class DurableLogReader implements LogReader {
    private final Supplier<DurableLog> log;
    private final StorageOptions options;

    DurableLogReader(Supplier<DurableLog> log, StorageOptions options) {
        this.log = log;
        this.options = options;
    }

    @Override
    public long durableIndex() {
        return log.get().last().index();
    }

    @Override
    public long durableId() {
        return log.get().last().id();
    }

    @Override
    public long lastIdAt(long index) {
        if (index < 1) {
            return 0;
        }
        return entryAt(index)
                .map(entry -> entry.type() == EntryType.MESSAGES
                        ? entry.lastId() - (entry.lastIndex() - index)
                        : entry.lastId())
                .orElseThrow(() -> new IllegalArgumentException("index " + index + " is not in the durable log"));
    }

    @Override
    public Optional<LogEntry> entryAt(long index) {
        return index < 1 ? Optional.empty() : Optional.ofNullable(nearby(index).next());
    }

    @Override
    public Optional<LogEntry> entryOfMessage(long id) {
        while (true) {
            DurableLog view = log.get();
            if (id < 1 || id > view.last().id()) {
                return Optional.empty();
            }
            LogCursor cursor = nearby(indexBefore(view, id) + 1);
            @Nullable LogEntry entry = cursor.next();
            while (entry != null && entry.lastId() < id) {
                entry = cursor.next();
            }
            if (entry != null) {
                return Optional.of(entry);
            }
        }
    }

    /** An index at most a sparse interval before the message. */
    private static long indexBefore(DurableLog view, long id) {
        Segment segment = view.segments().get(view.segmentOfId(id));
        int point = segment.index().floorById(id);
        return point < 0 ? segment.base().index() : segment.index().indexBefore(point);
    }

    @Override
    public List<LogEntry> read(long fromIndex, int maxBytes) {
        List<LogEntry> entries = new ArrayList<>();
        if (fromIndex < 1) {
            return entries;
        }
        LogCursor cursor = new LogCursor(
                log, fromIndex, Math.max(options.indexInterval(), Math.min(maxBytes, 4 * options.readAheadBytes())));
        long bytes = 0;
        while (entries.isEmpty() || bytes + cursor.nextLength() <= maxBytes) {
            @Nullable LogEntry entry = cursor.next();
            if (entry == null) {
                break;
            }
            entries.add(entry);
            bytes += entry.length();
        }
        return entries;
    }

    @Override
    public Iterator<LogEntry> scan(long fromIndex) {
        LogCursor cursor = new LogCursor(log, Math.max(1, fromIndex), options.readAheadBytes());
        return new Iterator<>() {
            private @Nullable LogEntry prepared;

            @Override
            public boolean hasNext() {
                if (prepared == null) {
                    prepared = cursor.next();
                }
                return prepared != null;
            }

            @Override
            public LogEntry next() {
                if (!hasNext() || prepared == null) {
                    throw new NoSuchElementException();
                }
                LogEntry entry = prepared;
                prepared = null;
                return entry;
            }
        };
    }

    @Override
    public Optional<Long> digest(long index) {
        while (true) {
            DurableLog view = log.get();
            if (index < 0 || index > view.last().index()) {
                return Optional.empty();
            }
            if (index == 0) {
                return Optional.of(Digest.EMPTY);
            }
            try {
                long digest = digest(view, index);
                if (view.cuts().size() == log.get().cuts().size()) {
                    return Optional.of(digest);
                }
            } catch (IOException e) {
                if (view.cuts().size() == log.get().cuts().size()) {
                    throw new UncheckedIOException(e);
                }
            } catch (DamagedEntryException e) {
                if (view.cuts().size() == log.get().cuts().size()) {
                    throw e;
                }
            }
        }
    }

    private long digest(DurableLog view, long index) throws IOException {
        int number = view.segmentOfIndex(index);
        Segment segment = view.segments().get(number);
        int point = segment.index().floorByIndex(index);
        long digest = point < 0 ? segment.base().digest() : segment.index().digestBefore(point);
        long position = point < 0 ? 0 : segment.index().position(point);
        FrameReader frames = new FrameReader(segment, position, view.endOf(number), options.indexInterval());
        while (frames.advance()) {
            if (frames.firstIndex() <= index && index < frames.lastIndex()) {
                return Digest.after(digest, frames.term(), index, contentUpTo(index, frames.entry()));
            }
            digest = Digest.after(digest, frames.term(), frames.lastIndex(), frames.crc());
            if (frames.lastIndex() >= index) {
                return digest;
            }
        }
        throw new DamagedEntryException("the segment ends before index " + index);
    }

    /** A checksum over the messages of a batch up to {@code index}. */
    private static int contentUpTo(long index, LogEntry batch) {
        CRC32C crc = new CRC32C();
        if (EntryCodec.payload(batch) instanceof Payload.Messages messages) {
            for (byte[] text : messages.texts().subList(0, (int) (index - batch.firstIndex() + 1))) {
                crc.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
                crc.update(text);
            }
        }
        return (int) crc.getValue();
    }

    /** A cursor for few entries: it reads little ahead. */
    private LogCursor nearby(long index) {
        return new LogCursor(log, index, options.indexInterval());
    }
}
