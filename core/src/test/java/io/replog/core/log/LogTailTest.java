package io.replog.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogTailTest {
    private final LogTail tail = new LogTail();

    @Test
    void itFindsTheEntryThatTakesAnIndex() {
        tail.append(batch(1, 3));
        tail.append(batch(4, 1));
        tail.append(batch(5, 10));

        assertThat(tail.find(2).firstIndex()).isEqualTo(1);
        assertThat(tail.find(4).firstIndex()).isEqualTo(4);
        assertThat(tail.find(14).firstIndex()).isEqualTo(5);
        assertThat(tail.find(15)).isNull();
        assertThat(tail.find(0)).isNull();
    }

    @Test
    void itGivesAtLeastOneEntryAndAsManyAsFit() {
        LogEntry entry = batch(1, 1);
        tail.append(entry);
        tail.append(batch(2, 1));
        tail.append(batch(3, 1));

        assertThat(tail.from(1, 1)).hasSize(1);
        assertThat(tail.from(1, 2 * entry.length())).hasSize(2);
        assertThat(tail.from(2, 1_000)).hasSize(2);
        assertThat(tail.from(4, 1_000)).isEmpty();
    }

    @Test
    void truncationAndEvictionTakeWholeEntriesFromTheEnds() {
        for (int i = 0; i < 5_000; i++) {
            tail.append(batch(1 + 2L * i, 2));
        }
        long bytes = tail.bytes();

        tail.truncate(9_001);
        assertThat(tail.find(9_000)).isNotNull();
        assertThat(tail.find(9_001)).isNull();
        tail.evict(0, 1_000);
        assertThat(tail.firstIndex()).isEqualTo(1_001);
        assertThat(tail.bytes()).isLessThan(bytes);
        tail.append(batch(9_001, 1));
        assertThat(tail.find(9_001)).isNotNull();
        tail.evict(0, 9_001);
        assertThat(tail.isEmpty()).isTrue();
        assertThat(tail.bytes()).isZero();
    }

    @Test
    void aGapIsAFault() {
        tail.append(batch(1, 3));

        assertThatThrownBy(() -> tail.append(batch(5, 1))).isInstanceOf(IllegalStateException.class);
    }

    private static LogEntry batch(long firstIndex, int count) {
        EncodedRequest request = EntryCodec.encode(
                RequestKey.NONE,
                new Payload.Messages(java.util.Collections.nCopies(
                        count, List.of("x".getBytes(StandardCharsets.UTF_8)).getFirst())));
        return EntryCodec.frame(new EntryHeader(firstIndex, count, 1, 0, count, 0), request);
    }
}
