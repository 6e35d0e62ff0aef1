package io.replog.node.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.NodeId;
import io.replog.storage.DataDirectory;
import io.replog.storage.Disk;
import io.replog.storage.FileDisk;
import io.replog.storage.LogReader;
import io.replog.storage.StorageOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A log that is damaged while it is open. */
class LogDamageTest {
    private static final NodeId NODE = new NodeId("a");

    @TempDir
    Path folder;

    private final List<String> halts = new ArrayList<>();
    private FileDisk disk;
    private DataDirectory directory;
    private LogReader reader;

    @BeforeEach
    void openAndDamage() throws IOException {
        disk = FileDisk.open(folder);
        directory = DataDirectory.open(disk, NODE, StorageOptions.DEFAULT, () -> 1);
        Halt halt = (reason, _) -> halts.add(reason);
        reader = new WatchedLogReader(directory.log().reader(), new LogDamage(directory, halt));
        directory.log().append(List.of(entry(1, "one"), entry(2, "two"), entry(3, "three")), 0);
        directory.log().force();
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
        disk.close();
    }

    static List<Consumer<LogReader>> reads() {
        return List.of(
                log -> log.entryAt(2),
                log -> log.entryOfMessage(2),
                log -> log.read(1, 1 << 20),
                log -> log.lastIdAt(2),
                log -> log.scan(1).forEachRemaining(entry -> {}));
    }

    @ParameterizedTest
    @MethodSource("reads")
    void whoever_reads_it_has_the_node_halt_and_the_next_start_set_it_aside(Consumer<LogReader> read)
            throws IOException {
        // given
        damage();

        // when
        assertThatThrownBy(() -> read.accept(reader)).isInstanceOf(DamagedEntryException.class);

        // then
        assertThat(halts).singleElement().asString().contains("the log is damaged");
        directory.close();
        directory = DataDirectory.open(disk, NODE, StorageOptions.DEFAULT, () -> 2);
        assertThat(directory.damage()).isPresent();
        assertThat(directory.mustBeRefilled()).isTrue();
        assertThat(directory.log().lastIndex()).isZero();
    }

    @Test
    void a_good_log_is_read_without_a_word() {
        assertThat(reader.read(1, 1 << 20)).hasSize(3);
        assertThat(reader.digest(3)).isPresent();
        assertThat(reader.durableIndex()).isEqualTo(3);
        assertThat(halts).isEmpty();
    }

    /** Flips a bit of the second message. */
    private void damage() throws IOException {
        String segment = "log/"
                + disk.list("log").stream()
                        .filter(name -> name.endsWith(".log"))
                        .findFirst()
                        .orElseThrow();
        try (Disk.File file = disk.open(segment)) {
            ByteBuffer content = ByteBuffer.allocate(4096);
            file.read(content, 0);
            int at = new String(content.array(), StandardCharsets.ISO_8859_1).indexOf("two");
            file.write(ByteBuffer.wrap(new byte[] {'x'}), at);
        }
    }

    private static LogEntry entry(long index, String text) {
        Payload messages = new Payload.Messages(List.of(text.getBytes(StandardCharsets.UTF_8)));
        return EntryCodec.frame(
                new EntryHeader(index, 1, 1, 0, index, 0), EntryCodec.encode(RequestKey.NONE, messages));
    }
}
