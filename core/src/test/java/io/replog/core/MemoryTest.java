package io.replog.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvMap;
import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.session.SessionTable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What the state takes on the heap. */
class MemoryTest {
    @Test
    void anIdleClientTakesAtMost200Bytes() {
        int clients = 100_000;

        long bytes = retainedBy(() -> {
            SessionTable table = new SessionTable(clients, SessionTable.Snapshot.EMPTY);
            KvCommand put = new KvCommand(KvCommand.Operation.PUT, "key", "", KvCommand.Condition.NONE);
            for (int i = 1; i <= clients; i++) {
                RequestKey key = new RequestKey.ClientSequence("%064d".formatted(i), 5, i);
                table.append(EntryCodec.frame(
                        new EntryHeader(i, 1, 1, 0, 0, 0), EntryCodec.encode(key, new Payload.Command(put))));
                table.applied(i, new KvResult.Applied("", null, i));
            }
            return table;
        });

        assertThat(bytes / clients).isBetween(50L, 200L);
    }

    @Test
    void aKeyTakesLittleMoreThanItsBytes() {
        int keys = 200_000;
        String value = "v".repeat(100);
        long bytes = retainedBy(() -> {
            KvMap map = KvMap.EMPTY;
            for (int i = 0; i < keys; i++) {
                // 7,919 is a prime: all numbers once, out of order
                long number = i * 7_919L % keys;
                map = map.with(new KvMap.Entry("%020d".formatted(number), value, i));
            }
            return map;
        });

        // 20 + 100 bytes of text, index, and the tree: a million such keys are within 180 MB
        assertThat(bytes / keys).isBetween(120L, 180L);
    }

    private static long retainedBy(Supplier<Object> maker) {
        long before = used();
        Object made = maker.get();
        long after = used();
        assertThat(made).isNotNull();
        return after - before;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
