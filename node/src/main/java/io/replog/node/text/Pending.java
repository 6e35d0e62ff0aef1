package io.replog.node.text;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What a command that is being worked on comes to. Confined to the event loop of its connection. */
interface Pending {
    /** Whether {@link #reply} gives it; to be asked again after each wake-up of the connection. */
    boolean isDone();

    /** To be called once, when it is done; throws why it failed where it did. */
    Reply reply();

    static Pending known(Reply reply) {
        return of(CompletableFuture.completedFuture(reply), Function.identity());
    }

    /** What {@code reply} makes of what is waited for. */
    static <T> Pending of(CompletableFuture<T> awaited, Function<? super T, Reply> reply) {
        return new Pending() {
            @Override
            public boolean isDone() {
                return awaited.isDone();
            }

            @Override
            public Reply reply() {
                return reply.apply(awaited.join());
            }
        };
    }
}
