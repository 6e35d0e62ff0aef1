package io.replog.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A folder of the real file system, locked against other processes until it is closed. */
public final class FileDisk implements Disk, AutoCloseable {
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lockChannel;

    private FileDisk(Path folder, FileChannel lockChannel) {
        this.folder = folder;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens {@code folder}, and creates it with its parents where it does not exist.
     *
     * @throws StorageException where it cannot be written to, or another process has it open
     */
    public static FileDisk open(Path folder) {
        FileChannel channel;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new StorageException("data directory '" + folder + "' cannot be written to: " + describe(e), e);
        }
        try {
            @Nullable FileLock lock = channel.tryLock();
            if (lock != null) {
                return new FileDisk(folder, channel);
            }
            channel.close();
        } catch (OverlappingFileLockException e) {
            closeQuietly(channel);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new StorageException("data directory '" + folder + "' cannot be locked: " + describe(e), e);
        }
        throw new StorageException("data directory '" + folder + "' is in use by another process");
    }

    @Override
    public Disk.File open(String name) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(parent(path));
        if (Files.isRegularFile(path)) {
            return new ChannelFile(path, null);
        }
        return new ChannelFile(path, translate(() -> openToWrite(path)));
    }

    @Override
    public boolean exists(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    @Override
    public List<String> list(String subfolder) throws IOException {
        List<String> names = new ArrayList<>();
        Path listed = folder.resolve(subfolder);
        if (!Files.isDirectory(listed)) {
            return names;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(listed)) {
            for (Path path : stream) {
                if (Files.isRegularFile(path)) {
                    names.add(String.valueOf(path.getFileName()));
                }
            }
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        translate(() -> Files.move(
                folder.resolve(from),
                folder.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void forceFolder(String subfolder) throws IOException {
        Path path = folder.resolve(subfolder);
        Files.createDirectories(path);
        // On Linux a folder can be opened for reading and forced like a file.
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
        if (!subfolder.isEmpty()) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        closeQuietly(lockChannel);
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    private static Path parent(Path path) {
        @Nullable Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    private static FileChannel openToWrite(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(IOException e) {
        String reason = e.getMessage();
        return e.getClass().getSimpleName() + (reason == null ? "" : " " + reason);
    }

    private interface IoCall<T> {
        T call() throws IOException;
    }

    /** The JDK has no exception of its own for a full disk, so its message decides (ENOSPC, EDQUOT). */
    private static <T> T translate(IoCall<T> call) throws IOException {
        try {
            return call.call();
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("no space left") || message.contains("quota exceeded")) {
                DiskFullException full = new DiskFullException(String.valueOf(e.getMessage()));
                full.initCause(e);
                throw full;
            }
            throw e;
        }
    }

    /**
     * Reads and writes go through two channels: a thread that is interrupted while it reads closes the channel under all
     * others, which must not hit a force that is under way. The reading one is simply opened again.
     */
    private static final class ChannelFile implements Disk.File {
        private final Path path;
        private @Nullable FileChannel writer;
        private volatile @Nullable FileChannel reader;
        private volatile boolean closed;

        ChannelFile(Path path, @Nullable FileChannel writer) {
            this.path = path;
            this.writer = writer;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            boolean interrupted = false;
            int start = target.position();
            try {
                while (true) {
                    FileChannel channel = reader();
                    try {
                        return readFully(channel, target.position(start), position);
                    } catch (ClosedByInterruptException e) {
                        interrupted |= Thread.interrupted();
                    } catch (ClosedChannelException e) {
                        if (closed) {
                            throw e;
                        }
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private static int readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int read = channel.read(target, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        }

        private FileChannel reader() throws IOException {
            FileChannel open = reader;
            return open != null && open.isOpen() ? open : openReader();
        }

        private synchronized FileChannel openReader() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
            FileChannel open = reader;
            if (open == null || !open.isOpen()) {
                open = FileChannel.open(path, StandardOpenOption.READ);
                reader = open;
            }
            return open;
        }

        private synchronized FileChannel writer() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
            FileChannel open = writer;
            if (open == null) {
                open = openToWrite(path);
                writer = open;
            }
            return open;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            FileChannel channel = writer();
            translate(() -> {
                long at = position;
                while (source.hasRemaining()) {
                    at += channel.write(source, at);
                }
                return at;
            });
        }

        @Override
        public void force() throws IOException {
            writer().force(false);
        }

        @Override
        public long size() throws IOException {
            return Files.size(path);
        }

        @Override
        public void truncate(long size) throws IOException {
            writer().truncate(size);
        }

        @Override
        public synchronized void close() throws IOException {
            closed = true;
            FileChannel open = reader;
            if (open != null) {
                open.close();
            }
            FileChannel written = writer;
            if (written != null) {
                written.close();
            }
        }
    }
}
