package io.replog.storage;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes forward over the durable entries, from segment to segment, without a lock. Where the log is truncated meanwhile it
 * reads again what it has not given yet, and ends where something it gave was cut. Not thread-safe.
 */
final class LogCursor {
    private final Supplier<DurableLog> log;
    private final int readAhead;
    private DurableLog view;
    private int segmentNumber;
    private @Nullable FrameReader frames;
    /** Whether {@link #frames} stands on a frame that was not given yet. */
    private boolean onFrame;

    private long nextIndex;
    private boolean gave;
    private boolean ended;

    /** @param fromIndex the first entry given is the one that takes it; at least 1 */
    LogCursor(Supplier<DurableLog> log, long fromIndex, int readAhead) {
        this.log = log;
        this.readAhead = readAhead;
        this.view = log.get();
        this.nextIndex = fromIndex;
    }

    /** A step of reading that is done again where the log was truncated meanwhile. */
    private interface Step<T> {
        T take() throws IOException;
    }

    /** The next entry; null at the end of what is durable now. */
    @Nullable LogEntry next() {
        LogEntry entry = consistently(() -> moveToFrame() ? opened().entry() : null);
        if (entry != null) {
            onFrame = false;
            gave = true;
            nextIndex = entry.lastIndex() + 1;
        }
        return entry;
    }

    /** Bytes of the next entry; 0 at the end of what is durable now. */
    int nextLength() {
        return consistently(() -> moveToFrame() ? (int) (opened().nextPosition() - opened().position()) : 0);
    }

    /** Where the next entry stands in its segment, {@link #segmentNumber()}. */
    long nextPosition() {
        return consistently(() -> moveToFrame() ? opened().position() : view.end());
    }

    /** First index of the next entry, once {@link #nextPosition} was asked for. */
    long nextIndex() {
        return nextIndex;
    }

    /** Number of the segment of the next entry. */
    int segmentNumber() {
        return segmentNumber;
    }

    private <T extends @Nullable Object> T consistently(Step<T> step) {
        while (true) {
            try {
                T result = step.take();
                if (view.cuts().size() == log.get().cuts().size()) {
                    return result;
                }
            } catch (IOException e) {
                if (view.cuts().size() == log.get().cuts().size()) {
                    throw new UncheckedIOException(e);
                }
            } catch (DamagedEntryException e) {
                if (view.cuts().size() == log.get().cuts().size()) {
                    throw damaged(e);
                }
            }
            beginAgain();
        }
    }

    private DamagedEntryException damaged(DamagedEntryException cause) {
        String place = "segment " + view.segments().get(segmentNumber).firstIndex() + " at byte "
                + (frames == null ? 0 : frames.position()) + ", expecting index " + nextIndex;
        DamagedEntryException named = new DamagedEntryException(place + ": " + cause.getMessage());
        named.initCause(cause);
        return named;
    }

    /** The log was truncated: what was read ahead may be gone. */
    private void beginAgain() {
        DurableLog latest = log.get();
        for (int at = view.cuts().size(); at < latest.cuts().size(); at++) {
            ended |= gave && latest.cuts().get(at) < nextIndex;
        }
        view = latest;
        frames = null;
        onFrame = false;
    }

    /** Stands on the next frame, of which only the header need be read; false at the end. */
    private boolean moveToFrame() throws IOException {
        if (onFrame) {
            return true;
        }
        if (ended) {
            return false;
        }
        if (nextIndex > view.last().index()) {
            DurableLog latest = log.get();
            if (latest.cuts().size() != view.cuts().size()
                    || nextIndex > latest.last().index()) {
                return false;
            }
            view = latest;
        }
        if (frames == null) {
            seek();
        } else {
            follow(frames);
        }
        onFrame = true;
        return true;
    }

    private void follow(FrameReader current) throws IOException {
        FrameReader reader = current;
        reader.extendTo(view.endOf(segmentNumber));
        while (!reader.advance()) {
            if (segmentNumber + 1 == view.segments().size()) {
                throw new DamagedEntryException(
                        "the log ends before its last index " + view.last().index());
            }
            segmentNumber++;
            reader = open(segmentNumber, 0);
        }
        expect(reader, nextIndex);
    }

    /** Goes to the frame that takes {@link #nextIndex}, which is in the durable log. */
    private void seek() throws IOException {
        segmentNumber = view.segmentOfIndex(nextIndex);
        Segment segment = view.segments().get(segmentNumber);
        int point = segment.index().floorByIndex(nextIndex);
        long expected = (point < 0 ? segment.base().index() : segment.index().indexBefore(point)) + 1;
        FrameReader reader = open(segmentNumber, point < 0 ? 0 : segment.index().position(point));
        while (true) {
            if (!reader.advance()) {
                throw new DamagedEntryException("the segment ends before index " + nextIndex);
            }
            expect(reader, expected);
            if (reader.lastIndex() >= nextIndex) {
                nextIndex = expected;
                return;
            }
            expected = reader.lastIndex() + 1;
        }
    }

    private static void expect(FrameReader reader, long firstIndex) {
        if (reader.firstIndex() != firstIndex || reader.lastIndex() < firstIndex) {
            throw new DamagedEntryException("indexes " + reader.firstIndex() + " to " + reader.lastIndex()
                    + " stand where index " + firstIndex + " belongs");
        }
    }

    private FrameReader open(int number, long position) {
        FrameReader reader = new FrameReader(view.segments().get(number), position, view.endOf(number), readAhead);
        frames = reader;
        return reader;
    }

    private FrameReader opened() {
        FrameReader reader = frames;
        if (reader == null) {
            throw new IllegalStateException("no frame");
        }
        return reader;
    }
}
