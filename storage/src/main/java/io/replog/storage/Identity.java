package io.replog.storage;

import io.replog.core.quorum.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose a data directory is; written last when one is made, so a directory that has it is complete.
 *
 * @param node        the node that it belongs to
 * @param incarnation drawn when the directory was made, or made anew after damage
 * @param refill      whether it was made anew after damage
 */
record Identity(NodeId node, long incarnation, boolean refill) {
    private static final String NAME = "identity";
    private static final String FORMAT = "1";

    void save(Disk disk) throws IOException {
        String text = "replog data directory, do not edit\nformat=" + FORMAT + "\nnode=" + node + "\nincarnation="
                + Long.toHexString(incarnation) + "\nrefill=" + refill + "\n";
        WholeFile.replace(disk, NAME, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws StorageException where it cannot be read, or a newer version wrote it */
    static Optional<Identity> read(Disk disk) throws IOException {
        Optional<byte[]> content;
        try {
            content = WholeFile.read(disk, NAME);
        } catch (DamagedLogException e) {
            throw new StorageException(
                    "data directory '" + disk + "': its identity file is damaged; move the directory away, and the node"
                            + " is refilled by its peers");
        }
        return content.map(bytes -> parse(disk, new String(bytes, StandardCharsets.UTF_8)));
    }

    private static Identity parse(Disk disk, String text) {
        Map<String, String> fields = new HashMap<>();
        text.lines().skip(1).forEach(line -> {
            int equals = line.indexOf('=');
            fields.put(line.substring(0, equals), line.substring(equals + 1));
        });
        String format = fields.getOrDefault("format", "");
        if (!format.equals(FORMAT)) {
            throw new StorageException(
                    "data directory '" + disk + "' has format " + format + ", this version reads format " + FORMAT);
        }
        return new Identity(
                new NodeId(fields.getOrDefault("node", "")),
                Long.parseUnsignedLong(fields.getOrDefault("incarnation", "0"), 16),
                Boolean.parseBoolean(fields.get("refill")));
    }
}
