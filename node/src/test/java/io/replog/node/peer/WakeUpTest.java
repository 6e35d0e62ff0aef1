package io.replog.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WakeUpTest {
    private static final int MORE_THAN_A_PIPE_HOLDS = 100_000;

    private Selector selector;
    private WakeUp wakeUp;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
        wakeUp = new WakeUp(selector);
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        wakeUp.close();
    }

    @Test
    void aSignalEndsTheWaitThatIsUnderWayOrElseTheNextOne() throws Exception {
        wakeUp.signal();
        assertThat(select()).isEqualTo(1);

        Thread other = Thread.ofVirtual().start(wakeUp::signal);
        assertThat(select()).isEqualTo(1);
        other.join();
        assertThat(selector.selectNow()).as("a signal wakes once").isZero();
    }

    @Test
    void signalsBeyondWhatThePipeHoldsBlockNobodyAndAreOneWakeUp() throws Exception {
        for (int i = 0; i < MORE_THAN_A_PIPE_HOLDS; i++) {
            wakeUp.signal();
        }
        assertThat(select()).isEqualTo(1);
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void aThreadThatIsInterruptedSignalsLikeAnyOther() throws Exception {
        Thread interrupted = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            wakeUp.signal();
        });
        interrupted.join();

        assertThat(select()).isEqualTo(1);
        wakeUp.signal();
        assertThat(select()).isEqualTo(1);
    }

    @Test
    void aSignalBehindTheEndDoesNothing() throws Exception {
        wakeUp.close();

        assertThatCode(wakeUp::signal).doesNotThrowAnyException();
    }

    private int select() throws IOException {
        return selector.select(WakeUpTest::ready);
    }

    private static void ready(SelectionKey key) {
        ((Selectable) key.attachment()).ready(System.nanoTime(), ByteBuffer.allocateDirect(256 << 10));
    }
}
