package io.replog.simulation.disk;

import io.replog.storage.Disk;
import io.replog.storage.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory. A {@linkplain #losePower power cut} loses any part of what was not forced: sectors of unforced writes
 * (also later ones but not earlier ones, so the last write may be torn), and the newest creations, renames and deletions
 * in a folder that was not forced. It can flip bits, fail a force, be full, and come back blank. The same seed gives the
 * same disk. Not thread-safe.
 */
public final class SimulatedDisk implements Disk {
    private final RandomGenerator random;
    private final SortedMap<String, SimulatedFile> files = new TreeMap<>();
    /** For each folder the states that the platter may have, oldest first; the first one is durable. */
    private final SortedMap<String, List<Names>> folders = new TreeMap<>();

    private long capacity = Long.MAX_VALUE;
    private long operations;
    private long cutBefore = Long.MAX_VALUE;
    private long failingForce = -1;
    private long forces;
    private long lastForce;
    private int generation;

    /** @param files by name without the folder */
    private record Names(long time, Map<String, SimulatedFile> files) {}

    /** @param random decides what a power cut takes */
    public SimulatedDisk(RandomGenerator random) {
        this.random = random;
    }

    /** How many writes, forces, renames, deletions, creations there were. */
    public long operations() {
        return operations;
    }

    /** Lets the power fail before the operation of this number, counted from 0; see {@link #operations()}. */
    public void cutPowerBefore(long operation) {
        cutBefore = operation;
    }

    /** The power was cut, and comes back: what was not forced may be gone, files that were open are closed. */
    public void losePower() {
        Loss loss = new Loss(random, lastForce, operations);
        restorePower();
        for (var folder : folders.entrySet()) {
            List<Names> states = folder.getValue();
            long until = loss.lastTime();
            Names kept = states.getFirst();
            for (Names state : states) {
                if (state.time() <= until) {
                    kept = state;
                }
            }
            String prefix = prefix(folder.getKey());
            files.keySet().removeIf(name -> folderOf(name).equals(folder.getKey()));
            kept.files().forEach((name, file) -> files.put(prefix + name, file));
        }
        files.values().forEach(file -> file.losePower(loss));
        folders.clear();
    }

    /** The process was killed: files that were open are closed, and nothing else is lost. */
    public void kill() {
        restorePower();
    }

    private void restorePower() {
        generation++;
        cutBefore = Long.MAX_VALUE;
        failingForce = -1;
    }

    /** Another disk, empty, is in the place of this one. */
    public void replaceByBlank() {
        restorePower();
        files.clear();
        folders.clear();
    }

    /** Lets a force fail, counted from the next one, which is 0. What it was to force stays unforced. */
    public void failForce(int fromNow) {
        failingForce = forces + fromNow;
    }

    /** Room for this many bytes in all files together; more than that are there already where it is less. */
    public void setCapacity(long bytes) {
        capacity = bytes;
    }

    public long capacity() {
        return capacity;
    }

    /** Bytes that the files take. */
    public long used() {
        return files.values().stream().mapToLong(SimulatedFile::size).sum();
    }

    /** Flips a bit of the file, on the platter. */
    public void flipBit(String name, int position, int bit) {
        SimulatedFile file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("no file " + name);
        }
        file.flip(position, bit);
    }

    @Override
    public Disk.File open(String name) throws IOException {
        powered();
        SimulatedFile file = files.get(name);
        if (file == null) {
            operation("create " + name);
            file = new SimulatedFile();
            putName(name, file);
        }
        return new Handle(file, generation);
    }

    @Override
    public boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public List<String> list(String folder) {
        return files.keySet().stream()
                .filter(name -> folderOf(name).equals(folder))
                .map(name -> name.substring(prefix(folder).length()))
                .toList();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        operation("rename " + from);
        SimulatedFile file = files.get(from);
        if (file == null) {
            throw new IOException("no file " + from);
        }
        if (!folderOf(from).equals(folderOf(to))) {
            throw new IOException("rename from folder to folder: " + from + ", " + to);
        }
        beforeChange(folderOf(from));
        files.remove(from);
        files.put(to, file);
        afterChange(folderOf(from));
    }

    @Override
    public void delete(String name) {
        if (files.containsKey(name)) {
            operation("delete " + name);
            beforeChange(folderOf(name));
            files.remove(name);
            afterChange(folderOf(name));
        }
    }

    @Override
    public void forceFolder(String folder) throws IOException {
        operation("force folder " + folder);
        failIfDue();
        folders.remove(folder);
    }

    @Override
    public String toString() {
        return "simulated disk";
    }

    private void putName(String name, SimulatedFile file) {
        beforeChange(folderOf(name));
        files.put(name, file);
        afterChange(folderOf(name));
    }

    private void beforeChange(String folder) {
        if (!folders.containsKey(folder)) {
            List<Names> states = new ArrayList<>();
            states.add(new Names(0, names(folder)));
            folders.put(folder, states);
        }
    }

    private void afterChange(String folder) {
        List<Names> states = folders.get(folder);
        if (states != null) {
            states.add(new Names(operations, names(folder)));
        }
    }

    private Map<String, SimulatedFile> names(String folder) {
        Map<String, SimulatedFile> names = new TreeMap<>();
        files.forEach((name, file) -> {
            if (folderOf(name).equals(folder)) {
                names.put(name.substring(prefix(folder).length()), file);
            }
        });
        return names;
    }

    private static String folderOf(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    private static String prefix(String folder) {
        return folder.isEmpty() ? "" : folder + "/";
    }

    private void powered() {
        if (operations >= cutBefore) {
            throw new PowerCutException("no power");
        }
    }

    private void operation(String what) {
        if (operations >= cutBefore) {
            throw new PowerCutException("before operation " + operations + ": " + what);
        }
        operations++;
    }

    private void failIfDue() throws IOException {
        if (forces++ == failingForce) {
            throw new IOException("simulated: the disk failed to force");
        }
        lastForce = operations;
    }

    private final class Handle implements Disk.File {
        private final SimulatedFile file;
        private final int openedIn;
        private boolean closed;

        Handle(SimulatedFile file, int openedIn) {
            this.file = file;
            this.openedIn = openedIn;
        }

        private void usable() throws IOException {
            if (closed || openedIn != generation) {
                throw new ClosedChannelException();
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            usable();
            powered();
            int length = (int) Math.min(target.remaining(), Math.max(0, file.size() - position));
            if (length > 0) {
                target.put(file.read((int) position, length));
            }
            return length;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            usable();
            operation("write " + source.remaining());
            long growth = Math.max(0, position + source.remaining() - file.size());
            long room = Math.max(0, capacity - used());
            int written = (int) Math.max(0, source.remaining() - Math.max(0, growth - room));
            boolean full = written < source.remaining();
            byte[] bytes = new byte[written];
            source.get(bytes);
            if (written > 0) {
                file.write((int) position, bytes, operations);
            }
            if (full) {
                throw new DiskFullException("simulated: no space left");
            }
        }

        @Override
        public void force() throws IOException {
            usable();
            operation("force");
            failIfDue();
            file.force();
        }

        @Override
        public long size() throws IOException {
            usable();
            powered();
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            usable();
            operation("truncate " + size);
            file.truncate((int) size, operations);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
