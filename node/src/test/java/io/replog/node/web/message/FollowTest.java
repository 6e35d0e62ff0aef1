package io.replog.node.web.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.node.web.FakeLog;
import io.replog.node.web.TestNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FollowTest {
    private static final int BATCH = 7;
    private static final int MESSAGES = 200 * BATCH;

    /** Large enough for the newest pieces not to hold all. */
    private static final byte[] TEXT = "x".repeat(500).getBytes(StandardCharsets.UTF_8);

    @Test
    void eachOfManyFollowersIsSentEachMessageOnceAndInOrder() {
        try (TestNode node = TestNode.start(FakeLog.leaderOfThree());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // given followers that begin at different messages, some of which are not there yet
            EncodedRequest batch = EntryCodec.encode(
                    RequestKey.NONE,
                    new Payload.Messages(
                            LongStream.range(0, BATCH).mapToObj(_ -> TEXT).toList()));
            int before = MESSAGES / 2;
            for (int i = 0; i < before; i += BATCH) {
                node.log().appendCommitted(batch);
            }
            List<CompletableFuture<List<Long>>> followers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                long from = 1 + 30L * i;
                followers.add(CompletableFuture.supplyAsync(() -> follow(node, from), threads));
            }

            // when more comes
            for (int i = before; i < MESSAGES; i += BATCH) {
                node.log().appendCommitted(batch);
            }

            // then
            for (int i = 0; i < followers.size(); i++) {
                assertThat(followers.get(i).orTimeout(30, TimeUnit.SECONDS).join())
                        .isEqualTo(LongStream.rangeClosed(1 + 30L * i, MESSAGES)
                                .boxed()
                                .toList());
            }
        }
    }

    /** The ids of the events from {@code from} up to the last message. */
    private static List<Long> follow(TestNode node, long from) {
        List<Long> ids = new ArrayList<>();
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    node.uri("/messages?from=" + from).toURL().openConnection();
            connection.setRequestProperty("Accept", "text/event-stream");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                while (line != null && (ids.isEmpty() || ids.getLast() < MESSAGES)) {
                    if (line.startsWith("id: ")) {
                        ids.add(Long.parseLong(line.substring(4)));
                    }
                    line = lines.readLine();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return ids;
    }
}
