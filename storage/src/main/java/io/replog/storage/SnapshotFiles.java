package io.replog.storage;

import io.replog.core.statemachine.DamagedSnapshotException;
import io.replog.core.statemachine.SnapshotCodec;
import io.replog.core.statemachine.StateSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * State snapshots on disk, the newest two, so that a damaged one costs a longer restart and nothing else. One thread saves;
 * it may be another one than the log's.
 */
public final class SnapshotFiles {
    static final String FOLDER = "snapshots";

    private static final String SUFFIX = ".snapshot";
    private static final int KEPT = 2;
    private static final int BUFFER_BYTES = 256 << 10;
    /** Forced in pieces, so that the log's forces never queue behind a large one. */
    private static final int FORCED_BYTES = 1 << 20;

    private final Disk disk;

    SnapshotFiles(Disk disk) {
        this.disk = disk;
    }

    /** Without a break between the pieces. */
    public void save(StateSnapshot snapshot) throws IOException {
        save(snapshot, () -> {});
    }

    /**
     * Durable when it returns. On failure the snapshots from before are still there.
     *
     * @param snapshot   of a committed state, newer than those saved before
     * @param afterPiece run after each piece of about a megabyte that was encoded, written and forced
     * @throws DiskFullException where there is no room
     */
    public void save(StateSnapshot snapshot, Runnable afterPiece) throws IOException {
        String name = FOLDER + "/" + "%020d".formatted(snapshot.index()) + SUFFIX;
        String temporary = name + WholeFile.TEMPORARY;
        try (Disk.File file = disk.open(temporary)) {
            file.truncate(0);
            write(file, SnapshotCodec.encode(snapshot), afterPiece);
        } catch (DiskFullException e) {
            disk.delete(temporary);
            throw e;
        }
        disk.rename(temporary, name);
        disk.forceFolder(FOLDER);
        List<String> names = names();
        for (String old : names.subList(0, Math.max(0, names.size() - KEPT))) {
            disk.delete(FOLDER + "/" + old);
        }
    }

    /**
     * The newest readable one up to {@code lastIndex}; {@link StateSnapshot#EMPTY} where there is none. One beyond the log's
     * end exists where a leader applied what the others held before it had forced it itself.
     */
    StateSnapshot newest(long lastIndex) throws IOException {
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith(WholeFile.TEMPORARY)) {
                disk.delete(FOLDER + "/" + name);
            }
        }
        for (String name : names().reversed()) {
            Optional<StateSnapshot> snapshot = read(FOLDER + "/" + name);
            if (snapshot.isPresent() && snapshot.get().index() <= lastIndex) {
                return snapshot.get();
            }
        }
        return StateSnapshot.EMPTY;
    }

    /** Empty where it is damaged: the one before, or the log from its beginning, gives the same state. */
    private Optional<StateSnapshot> read(String name) throws IOException {
        try (Disk.File file = disk.open(name)) {
            return Optional.of(SnapshotCodec.decode(new Records(file)));
        } catch (DamagedSnapshotException e) {
            return Optional.empty();
        }
    }

    private List<String> names() throws IOException {
        return disk.list(FOLDER).stream().filter(name -> name.endsWith(SUFFIX)).toList();
    }

    private static void write(Disk.File file, Iterator<byte[]> records, Runnable afterPiece) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long position = 0;
        long forced = 0;
        while (records.hasNext()) {
            byte[] content = records.next();
            for (int done = 0; done < content.length; ) {
                int piece = Math.min(buffer.remaining(), content.length - done);
                buffer.put(content, done, piece);
                done += piece;
                if (!buffer.hasRemaining()) {
                    position += flush(file, buffer, position);
                }
            }
            if (position - forced >= FORCED_BYTES) {
                file.force();
                forced = position;
                afterPiece.run();
            }
        }
        flush(file, buffer, position);
        file.force();
    }

    private static int flush(Disk.File file, ByteBuffer buffer, long position) throws IOException {
        buffer.flip();
        int bytes = buffer.remaining();
        file.write(buffer, position);
        buffer.clear();
        return bytes;
    }

    /** Reads record after record; what is wrong with one the decoder finds. */
    private static final class Records implements Iterator<byte[]> {
        private final Disk.File file;
        private final long size;
        private byte[] buffer = new byte[0];
        private long bufferPosition;
        private long position;

        Records(Disk.File file) throws IOException {
            this.file = file;
            this.size = file.size();
        }

        @Override
        public boolean hasNext() {
            return size - position >= SnapshotCodec.RECORD_HEADER_BYTES;
        }

        @Override
        public byte[] next() {
            try {
                int length = SnapshotCodec.recordBytes(read(SnapshotCodec.RECORD_HEADER_BYTES));
                byte[] content = read(length);
                position += length;
                return content;
            } catch (IOException e) {
                throw new DamagedSnapshotException("cannot be read: " + e);
            }
        }

        private byte[] read(int length) throws IOException {
            if (length > size - position) {
                throw new DamagedSnapshotException("the file ends within a record");
            }
            if (position + length > bufferPosition + buffer.length) {
                buffer = new byte[(int) Math.min(size - position, Math.max(length, BUFFER_BYTES))];
                bufferPosition = position;
                file.read(ByteBuffer.wrap(buffer), position);
            }
            byte[] bytes = new byte[length];
            System.arraycopy(buffer, (int) (position - bufferPosition), bytes, 0, length);
            return bytes;
        }
    }
}
