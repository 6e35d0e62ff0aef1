package io.replog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One folder of a file system, as the storage sees it: the real one, or a simulated one that loses what was not forced.
 * Names may have one level of folder in them ({@code rollbacks/…}).
 */
public interface Disk {
    /** A file that is open for reading and writing at positions. Positional calls are thread-safe. */
    interface File extends AutoCloseable {
        /**
         * Reads until {@code target} is full or the file ends.
         *
         * @return bytes read, fewer than asked for only at the end of the file
         */
        int read(ByteBuffer target, long position) throws IOException;

        /**
         * Writes all of {@code source}; not durable before {@link #force}.
         *
         * @throws DiskFullException where there is no room; part of it may then be written
         */
        void write(ByteBuffer source, long position) throws IOException;

        /** Makes what was written durable. A failure leaves it unknown what is durable: it must never be tried again. */
        void force() throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Opens, and creates where it does not exist. A new file is durable after {@link #forceFolder}. */
    File open(String name) throws IOException;

    boolean exists(String name) throws IOException;

    /** File names in {@code folder} ("" for the root), sorted. */
    List<String> list(String folder) throws IOException;

    /** Atomic; replaces {@code to}; durable after {@link #forceFolder}. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes creations, renames and deletions in {@code folder} durable. */
    void forceFolder(String folder) throws IOException;
}
