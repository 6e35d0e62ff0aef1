package io.replog.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Input;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InboxTest {
    private int wakeups;
    private final Inbox inbox = new Inbox(3, () -> wakeups++);

    @Test
    void aSleeperIsWokenForAppendsOnceAsManyBytesWaitAsItWants() {
        Submission first = append(1, 0);
        Submission second = append(2, 0);
        assertThat(inbox.fallAsleep(first.reservedBytes() + second.reservedBytes()))
                .isTrue();

        inbox.offer(first);
        assertThat(wakeups).isZero();
        inbox.offer(second);

        assertThat(wakeups).isOne();
    }

    @Test
    void aSleeperIsWokenForAllElseAtOnce() {
        assertThat(inbox.fallAsleep(1_000)).isTrue();
        inbox.put(new Input.Tick());
        inbox.put(new Input.Tick());
        assertThat(wakeups).isOne();

        inbox.awake();
        assertThat(inbox.take()).isInstanceOf(Input.Tick.class);
        assertThat(inbox.take()).isInstanceOf(Input.Tick.class);
        assertThat(inbox.fallAsleep(1_000)).isTrue();
        inbox.offer(read(1));

        assertThat(wakeups).isEqualTo(2);
    }

    @Test
    void whoeverIsAwakeIsNotWoken() {
        inbox.put(new Input.Tick());
        inbox.offer(append(1, 0));

        assertThat(wakeups).isZero();
    }

    @Test
    void nobodySleepsWhileSomethingIsThereToTake() {
        Submission append = append(1, 0);
        inbox.offer(append);

        assertThat(inbox.fallAsleep(append.reservedBytes() + 1)).isTrue();
        assertThat(inbox.fallAsleep(append.reservedBytes())).isFalse();
        inbox.put(new Input.Tick());
        assertThat(inbox.fallAsleep(append.reservedBytes() + 1)).isFalse();
    }

    @Test
    void whatIsTakenWaitsNoLonger() {
        Submission first = append(1, 100);
        Submission second = append(2, 130);
        inbox.offer(first);
        inbox.offer(second);
        assertThat(inbox.oldestAppendAge(150)).isEqualTo(50);

        assertThat(inbox.takeAppend()).isSameAs(first);

        assertThat(inbox.oldestAppendAge(150)).isEqualTo(20);
        assertThat(inbox.appendBytes()).isEqualTo(second.reservedBytes());
        assertThat(inbox.depth()).isOne();
    }

    @Test
    void requestsOfAllKindsTogetherAreBounded() {
        assertThat(inbox.offer(append(1, 0))).isTrue();
        assertThat(inbox.offer(read(2))).isTrue();
        assertThat(inbox.offer(append(3, 0))).isTrue();
        assertThat(inbox.offer(append(4, 0))).isFalse();
        assertThat(inbox.offer(read(5))).isFalse();

        inbox.take();

        assertThat(inbox.offer(read(6))).isTrue();
    }

    private static Submission append(long id, long since) {
        EncodedRequest request = EntryCodec.encode(
                RequestKey.NONE, new Payload.Messages(List.of("text".getBytes(StandardCharsets.UTF_8))));
        return new Submission(
                new Input.Append(id, request, WriteConcern.ALL, Input.NO_DEADLINE),
                id,
                new CompletableFuture<>(),
                since,
                request.frameBytes());
    }

    private static Submission read(long id) {
        return new Submission(new Input.Read(id, Input.NO_DEADLINE), id, new CompletableFuture<>(), 0, 0);
    }
}
