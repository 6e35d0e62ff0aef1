package io.replog.node.faults;

import io.replog.storage.Disk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** A disk of which each force takes longer by {@code fsyncDelay}. */
public final class FaultyDisk implements Disk {
    private final Disk delegate;
    private final Faults faults;

    public FaultyDisk(Disk delegate, Faults faults) {
        this.delegate = delegate;
        this.faults = faults;
    }

    private void delay() throws IOException {
        Duration delay = faults.settings().fsyncDelay();
        if (delay.isPositive()) {
            try {
                Thread.sleep(delay);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted in fsyncDelay");
            }
        }
    }

    @Override
    public File open(String name) throws IOException {
        return new SlowFile(delegate.open(name));
    }

    @Override
    public boolean exists(String name) throws IOException {
        return delegate.exists(name);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return delegate.list(folder);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        delegate.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        delegate.delete(name);
    }

    @Override
    public void forceFolder(String folder) throws IOException {
        delay();
        delegate.forceFolder(folder);
    }

    @Override
    public String toString() {
        return delegate.toString();
    }

    private final class SlowFile implements File {
        private final File file;

        SlowFile(File file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public void force() throws IOException {
            delay();
            file.force();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
