package io.replog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Small files that are replaced as a whole, with a checksum at the end: a crash leaves the old or the new one. */
final class WholeFile {
    /** What is being written and not yet in its place; of no use after a crash. */
    static final String TEMPORARY = ".tmp";

    private static final int CHECKSUM_BYTES = Integer.BYTES;

    private WholeFile() {}

    /** Durable when it returns. Temporary file, force, rename, force of the folder. */
    static void replace(Disk disk, String name, byte[] content) throws IOException {
        String temporary = name + TEMPORARY;
        ByteBuffer bytes = ByteBuffer.allocate(content.length + CHECKSUM_BYTES)
                .put(content)
                .putInt(checksum(content, content.length))
                .flip();
        try (Disk.File file = disk.open(temporary)) {
            file.truncate(0);
            file.write(bytes, 0);
            file.force();
        } catch (DiskFullException e) {
            disk.delete(temporary);
            throw e;
        }
        disk.rename(temporary, name);
        disk.forceFolder(folder(name));
    }

    /**
     * The content; empty where there is no such file.
     *
     * @throws DamagedLogException where it is not as it was written
     */
    static Optional<byte[]> read(Disk disk, String name) throws IOException, DamagedLogException {
        if (!disk.exists(name)) {
            return Optional.empty();
        }
        try (Disk.File file = disk.open(name)) {
            byte[] bytes = new byte[Math.toIntExact(file.size())];
            int length = file.read(ByteBuffer.wrap(bytes), 0) - CHECKSUM_BYTES;
            if (length < 0 || Frames.intAt(bytes, length) != checksum(bytes, length)) {
                throw new DamagedLogException("the checksum of " + name + " does not match");
            }
            byte[] content = new byte[length];
            System.arraycopy(bytes, 0, content, 0, length);
            return Optional.of(content);
        }
    }

    static String folder(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
