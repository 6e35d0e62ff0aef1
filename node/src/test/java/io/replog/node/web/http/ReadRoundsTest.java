package io.replog.node.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.replica.Outcome;
import io.replog.node.engine.ReplicatedLog;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadRoundsTest {
    private final List<CompletableFuture<Outcome>> questions = new ArrayList<>();
    private boolean busy;
    private final ReadRounds rounds = new ReadRounds(log(), Duration.ofSeconds(10), Runnable::run);

    @Test
    void readersThatComeMeanwhileShareTheNextQuestion() {
        // given
        CompletableFuture<Outcome> first = rounds.read();
        CompletableFuture<Outcome> second = rounds.read();
        CompletableFuture<Outcome> third = rounds.read();
        assertThat(questions).hasSize(1);

        // when
        questions.getFirst().complete(new Outcome.ReadReady(7));

        // then: what was asked before they came does not answer them
        assertThat(first).isCompletedWithValue(new Outcome.ReadReady(7));
        assertThat(second).isNotDone();
        assertThat(third).isNotDone();
        assertThat(questions).hasSize(2);

        // when
        questions.getLast().complete(new Outcome.ReadReady(9));

        // then
        assertThat(second).isCompletedWithValue(new Outcome.ReadReady(9));
        assertThat(third).isCompletedWithValue(new Outcome.ReadReady(9));
        assertThat(questions).hasSize(2);
        assertThat(rounds.read()).isNotDone();
        assertThat(questions).hasSize(3);
    }

    @Test
    void aQuestionThatFailsFailsItsReadersAlone() {
        CompletableFuture<Outcome> first = rounds.read();
        CompletableFuture<Outcome> second = rounds.read();

        questions.getFirst().completeExceptionally(new IllegalStateException("stopped"));
        questions.getLast().complete(new Outcome.ReadReady(3));

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedWithValue(new Outcome.ReadReady(3));
    }

    @Test
    void aLogThatTakesNoQuestionIsAskedAgainByTheNext() {
        busy = true;
        assertThat(rounds.read()).isCompletedExceptionally();
        busy = false;

        CompletableFuture<Outcome> read = rounds.read();
        questions.getFirst().complete(new Outcome.ReadReady(1));

        assertThat(read).isCompletedWithValue(new Outcome.ReadReady(1));
    }

    private ReplicatedLog log() {
        return (ReplicatedLog) Proxy.newProxyInstance(
                ReplicatedLog.class.getClassLoader(), new Class<?>[] {ReplicatedLog.class}, (_, method, _) -> {
                    if (!method.getName().equals("read")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    if (busy) {
                        throw new ReplicatedLog.LogBusyException("busy");
                    }
                    questions.add(new CompletableFuture<>());
                    return questions.getLast();
                });
    }
}
