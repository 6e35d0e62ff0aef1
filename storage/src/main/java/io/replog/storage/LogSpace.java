package io.replog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The room that the log has: segments are filled with zeros, and forced, before they are written to. So a later write
 * needs nothing from the file system (no full disk), and its force moves data only, no metadata.
 *
 * <p>Accounts are kept in one number, {@link #unreserved}: allocated bytes that nothing is written to and nobody reserved.
 * An entry of n bytes reserves 3 n: itself, the sync marker behind it, and the end of a segment that it may leave unused
 * because it does not fit there (at most its own size and a marker). As a frame has at least 56 bytes and a marker 16,
 * 3 n covers that, whatever the order in which entries come.
 *
 * <p>Thread-safe; the writer's methods are for the log writer alone.
 */
final class LogSpace {
    private static final int CHARGE = 3;
    private static final int SMALLEST_CHUNK = 64 << 10;
    private static final String SPARE = Segment.FOLDER + "/spare-";

    private final Disk disk;
    private final StorageOptions options;
    private final AtomicLong unreserved = new AtomicLong();
    private final ReentrantLock allocation = new ReentrantLock();
    private final ByteBuffer zeros;
    private volatile Runnable maintenanceDue = () -> {};
    private volatile long activeAllocated;
    private volatile int capacity;

    // guarded by allocation
    private final Deque<Spare> spares = new ArrayDeque<>();
    private Disk.@Nullable File active;
    private long spareNumber;

    /** A segment in waiting: all zeros. */
    private static final class Spare {
        final String name;
        final Disk.File file;
        long allocated;

        Spare(String name, Disk.File file, long allocated) {
            this.name = name;
            this.file = file;
            this.allocated = allocated;
        }
    }

    LogSpace(Disk disk, StorageOptions options) {
        this.disk = disk;
        this.options = options;
        this.capacity = options.segmentBytes();
        this.zeros = ByteBuffer.allocateDirect(Math.min(256 << 10, options.preallocationBytes()));
    }

    /** @param fileNames without the folder */
    static List<String> spareNames(List<String> fileNames) {
        return fileNames.stream()
                .filter(name -> (Segment.FOLDER + "/" + name).startsWith(SPARE))
                .toList();
    }

    void onMaintenanceDue(Runnable listener) {
        maintenanceDue = listener;
    }

    /** @throws DiskFullException where there is no room: nothing is reserved */
    void reserve(long bytes, int largestFrame) throws IOException {
        if (largestFrame + 2 * SyncMarker.BYTES > capacity) {
            raiseCapacity(largestFrame + 2 * SyncMarker.BYTES);
        }
        long charge = CHARGE * bytes;
        while (true) {
            long free = unreserved.get();
            if (free < charge) {
                allocateFor(charge);
            } else if (unreserved.compareAndSet(free, free - charge)) {
                if (free - charge < options.headroomBytes() / 2) {
                    maintenanceDue.run();
                }
                return;
            }
        }
    }

    void release(long bytes) {
        unreserved.addAndGet(CHARGE * bytes);
    }

    /** Writer: entries for which {@code reserved} bytes were reserved now take {@code used} bytes. */
    void use(long reserved, long used) {
        unreserved.addAndGet(CHARGE * reserved - used);
    }

    /** Writer: whether the segment that is written to has room. */
    boolean fits(long end, long bytes) {
        return end + bytes <= activeAllocated;
    }

    /**
     * Writer: makes the next spare the segment that is written to, durably.
     *
     * @param end    of what was written to the one before
     * @param needed bytes that are written to it next
     */
    Disk.File roll(String name, long end, int needed) throws IOException {
        allocation.lock();
        try {
            unreserved.addAndGet(end - activeAllocated);
            active = null;
            while (spares.isEmpty() || spares.getFirst().allocated < needed) {
                // Cannot happen but for a truncation that gave back what was reserved.
                allocate(needed);
            }
            Spare spare = spares.removeFirst();
            spare.file.close();
            disk.rename(spare.name, name);
            disk.forceFolder(Segment.FOLDER);
            Disk.File file = disk.open(name);
            active = file;
            activeAllocated = spare.allocated;
            maintenanceDue.run();
            return file;
        } catch (DiskFullException e) {
            throw new IOException("reserved room is gone", e);
        } finally {
            allocation.unlock();
        }
    }

    /**
     * Writer: from now on {@code file} is written to, at {@code end}; what is behind it are zeros. Called at the start and
     * after a truncation.
     *
     * @param unusedBefore bytes that were free in the segment that was written to before
     */
    void writeTo(Disk.File file, long end, long unusedBefore) throws IOException {
        allocation.lock();
        try {
            active = file;
            activeAllocated = Math.max(end, file.size());
            unreserved.addAndGet(activeAllocated - end - unusedBefore);
        } finally {
            allocation.unlock();
        }
    }

    /**
     * Writer: gives the disk back what is allocated ahead, for something that is more urgent. What was reserved is then
     * covered again by the next allocation only.
     *
     * @param end of what was written to the segment that is written to
     */
    void giveBack(long end) throws IOException {
        allocation.lock();
        try {
            for (Spare spare : spares) {
                spare.file.close();
                disk.delete(spare.name);
                unreserved.addAndGet(-spare.allocated);
            }
            spares.clear();
            Disk.File file = active;
            if (file != null) {
                file.truncate(end);
                unreserved.addAndGet(end - activeAllocated);
                activeAllocated = end;
            }
        } finally {
            allocation.unlock();
        }
    }

    /** Writer: bytes that are free in the segment that is written to. */
    long unused(long end) {
        return activeAllocated - end;
    }

    /**
     * Takes the spares over that an earlier process left. The last chunk of each is written again: a crash may have left it
     * as a hole, and a hole is no room.
     */
    void adopt(List<String> names) throws IOException {
        allocation.lock();
        try {
            for (String name : names) {
                String path = Segment.FOLDER + "/" + name;
                spareNumber = Math.max(spareNumber, Long.parseLong(path.substring(SPARE.length())) + 1);
                if (!spares.isEmpty() && spares.getLast().allocated < capacity) {
                    disk.delete(path);
                    continue;
                }
                Disk.File file = disk.open(path);
                Spare spare = new Spare(path, file, rewriteLastChunk(file, 0));
                spares.addLast(spare);
                unreserved.addAndGet(spare.allocated);
            }
        } finally {
            allocation.unlock();
        }
    }

    /**
     * Writes the last chunk of {@code file} again, from {@code end} at the earliest.
     *
     * @return the file's size; smaller than before where there was no room
     */
    long rewriteLastChunk(Disk.File file, long end) throws IOException {
        allocation.lock();
        try {
            long size = file.size();
            long from = Math.max(end, size - options.preallocationBytes());
            if (from >= size) {
                return size;
            }
            try {
                writeZeros(file, from, size);
                file.force();
                return size;
            } catch (DiskFullException e) {
                file.truncate(from);
                return from;
            }
        } finally {
            allocation.unlock();
        }
    }

    /** Overwrites with zeros; not forced. */
    void writeZeros(Disk.File file, long from, long to) throws IOException {
        for (long at = from; at < to; at += zeros.capacity()) {
            file.write(zeros.slice(0, (int) Math.min(zeros.capacity(), to - at)), at);
        }
    }

    /** Allocates ahead, as much as the disk has room for. */
    void maintain() throws IOException {
        long chunk = options.preallocationBytes();
        while (unreserved.get() < options.headroomBytes() && chunk > 0) {
            try {
                allocation.lock();
                try {
                    allocate(chunk);
                } finally {
                    allocation.unlock();
                }
            } catch (DiskFullException e) {
                chunk = chunk > SMALLEST_CHUNK ? Math.max(SMALLEST_CHUNK, chunk / 4) : 0;
            }
        }
    }

    void close() throws IOException {
        for (Spare spare : spares) {
            spare.file.close();
        }
    }

    private void allocateFor(long charge) throws IOException {
        allocation.lock();
        try {
            while (unreserved.get() < charge) {
                try {
                    allocate(options.preallocationBytes());
                } catch (DiskFullException e) {
                    allocate(Math.max(4096, charge - unreserved.get()));
                }
            }
        } finally {
            allocation.unlock();
        }
    }

    /** At most {@code bytes} more: up to the end of the first segment that is not yet full-sized. */
    private void allocate(long bytes) throws IOException {
        Disk.File file = active;
        if (file != null && activeAllocated < capacity) {
            long before = activeAllocated;
            activeAllocated = extend(file, before, bytes);
            unreserved.addAndGet(activeAllocated - before);
            return;
        }
        if (spares.isEmpty() || spares.getLast().allocated >= capacity) {
            String name = SPARE + spareNumber++;
            spares.addLast(new Spare(name, disk.open(name), 0));
            disk.forceFolder(Segment.FOLDER);
        }
        Spare spare = spares.getLast();
        grow(spare, bytes);
    }

    private void grow(Spare spare, long bytes) throws IOException {
        long before = spare.allocated;
        spare.allocated = extend(spare.file, before, bytes);
        unreserved.addAndGet(spare.allocated - before);
    }

    private long extend(Disk.File file, long allocated, long bytes) throws IOException {
        long to = Math.min(allocated + bytes, capacity);
        try {
            writeZeros(file, allocated, to);
            file.force();
        } catch (DiskFullException e) {
            file.truncate(allocated);
            throw e;
        }
        return to;
    }

    /** An entry comes that is larger than a segment: each spare that may have to take it gets that size. */
    private void raiseCapacity(int bytes) throws IOException {
        allocation.lock();
        try {
            for (Iterator<Spare> waiting = spares.iterator(); waiting.hasNext(); ) {
                Spare spare = waiting.next();
                if (waiting.hasNext() && spare.allocated < bytes) {
                    int before = capacity;
                    capacity = Math.max(before, bytes);
                    try {
                        grow(spare, bytes);
                    } catch (DiskFullException e) {
                        capacity = before;
                        throw e;
                    }
                }
            }
            capacity = Math.max(capacity, bytes);
        } finally {
            allocation.unlock();
        }
    }
}
