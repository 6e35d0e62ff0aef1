package io.replog.node.text;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.replog.core.statemachine.StateMachineView;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: works on its commands and answers them in the order in which they came. Commands that follow one another
 * without waiting (pipelining) are worked on side by side as long as they are all writes, or all reads; so a pipeline of writes is
 * one batch of the log, and a read sees what the commands before it wrote, on whichever node. Confined to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel; the rest is waited for by callback
final class TextConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TextConnection.class);

    private static final int INITIAL_REPLY_BYTES = 256;

    /** Of replies that go out as one piece, but for a longer one; as the channel's own mark of what waits. */
    private static final int MAX_REPLY_BYTES = 32 << 10;

    private final TextPort port;
    private final CommandSplitter splitter;
    private final ReplyEncoder encoder = new ReplyEncoder();
    private final LeaderWrites.Lane lane;
    private final Deque<TextInput> waiting = new ArrayDeque<>();
    private final Deque<Running> running = new ArrayDeque<>();
    private Work.@Nullable Kind kind;
    private int runningOfKind;
    private long chargedBytes;
    private boolean inputEnded;
    private boolean quitting;
    private boolean advancing;
    private long lastActive = System.nanoTime();
    private long unwritableSince;
    /** Whether it is on its way to look what is done. */
    private final AtomicBoolean woken = new AtomicBoolean();

    private volatile @Nullable ChannelHandlerContext context;

    /** A command that is being worked on. */
    private record Running(Work.Kind kind, long charged, Pending pending) {}

    TextConnection(TextPort port, CommandSplitter splitter) {
        this.port = port;
        this.splitter = splitter;
        this.lane = port.writes().newLane();
    }

    @Override
    public void channelActive(ChannelHandlerContext newContext) {
        context = newContext;
        port.opened(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        port.closed(this);
        waiting.forEach(this::release);
        waiting.clear();
        running.forEach(work -> port.budget().giveBack(work.charged()));
        running.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext read, Object message) {
        lastActive = System.nanoTime();
        if (quitting) {
            release((TextInput) message);
            return;
        }
        waiting.add((TextInput) message);
        chargedBytes += chargedBy((TextInput) message);
        if (isFull()) {
            read.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext read) {
        advance(read);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        unwritableSince = changed.channel().isWritable() ? 0 : System.nanoTime() | 1;
        advance(changed);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext triggered, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            advance(triggered);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("a connection of the text port failed", cause);
        }
        caught.close();
    }

    /** Closes the connection where its client has kept it waiting for too long. */
    void closeIfStalled(long commandsBegunBefore, long unreadSince) {
        ChannelHandlerContext own = context;
        if (own == null) {
            return;
        }
        boolean unread = unwritableSince != 0 && unwritableSince - unreadSince < 0;
        boolean isReading = own.channel().config().isAutoRead();
        if (unread || (isReading && splitter.isStalledSince(commandsBegunBefore))) {
            own.close();
        } else if (!isReading) {
            splitter.restartClock();
        }
    }

    /** When it was last used; {@link Long#MAX_VALUE} while it is in use. */
    long idleSince() {
        return waiting.isEmpty() && running.isEmpty() && unwritableSince == 0 ? lastActive : Long.MAX_VALUE;
    }

    void close() {
        if (context != null) {
            context.close();
        }
    }

    /** Says why, and closes. */
    void refuse(Reply reply) {
        ChannelHandlerContext own = context;
        if (own != null && reply instanceof Reply.Message(var message)) {
            quitting = true;
            ByteBuf out = own.alloc().ioBuffer();
            encoder.encode(own, message, out);
            own.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Whether no more is to be read until something is answered: so one client's pipeline cannot take the whole budget. */
    private boolean isFull() {
        return waiting.size() + running.size() >= port.settings().maxPipelined()
                || chargedBytes >= port.settings().maxValueBytes();
    }

    /** Starts what may be started, answers what is done, and goes on while there is progress. */
    private void advance(ChannelHandlerContext own) {
        if (advancing) {
            return;
        }
        advancing = true;
        boolean answered = false;
        try {
            start(own);
            while (answerDone(own)) {
                answered = true;
                start(own);
            }
        } finally {
            advancing = false;
        }
        boolean over = running.isEmpty() && (quitting || (inputEnded && waiting.isEmpty()));
        if (over) {
            own.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            if (answered) {
                own.flush();
            }
            if (!isFull() && own.channel().isWritable()) {
                own.channel().config().setAutoRead(true);
            }
        }
    }

    private void start(ChannelHandlerContext own) {
        // one confirmation by the quorum serves all, for all came before it is asked for
        CompletableFuture<StateMachineView> state = null;
        while (!quitting
                && !waiting.isEmpty()
                && own.channel().isWritable()
                && running.size() < port.settings().maxPipelined()) {
            TextInput input = waiting.peek();
            Work work = port.commands().plan(input);
            if (runningOfKind > 0 && work.kind() != Work.Kind.ANY && work.kind() != kind) {
                break;
            }
            waiting.poll();
            Pending pending =
                    switch (work) {
                        case Work.Immediate(Reply known) -> Pending.known(known);
                        case Work.Quit(Reply known) -> {
                            quitting = true;
                            waiting.forEach(this::release);
                            waiting.clear();
                            yield Pending.known(known);
                        }
                        case Work.LocalRead(var read) -> {
                            long written = lane.writtenIndex();
                            yield Pending.of(
                                    wakeWhenDone(
                                            CompletableFuture.supplyAsync(() -> read.apply(written), port.blocking())),
                                    Function.identity());
                        }
                        case Work.Read(var read) -> {
                            state = state == null ? wakeWhenDone(linearizable(own)) : state;
                            yield Pending.of(state, read);
                        }
                        case Work.Write write -> begin(write);
                    };
            if (work.kind() != Work.Kind.ANY) {
                kind = work.kind();
                runningOfKind++;
            }
            running.add(new Running(work.kind(), chargedBy(input), pending));
        }
    }

    private CompletableFuture<StateMachineView> linearizable(ChannelHandlerContext own) {
        return port.reads().linearizable(lane.writtenIndex(), own.executor());
    }

    private Pending begin(Work.Write work) {
        List<LeaderWrites.Write> writes = new ArrayList<>(work.requests().size());
        for (WriteRequest request : work.requests()) {
            writes.add(port.writes().write(request, lane, this::wake));
        }
        return new Pending() {
            @Override
            public boolean isDone() {
                boolean done = true;
                // each is asked, for asking takes it on
                for (LeaderWrites.Write write : writes) {
                    done &= write.isDone();
                }
                return done;
            }

            @Override
            public Reply reply() {
                return work.answer()
                        .apply(writes.stream().map(LeaderWrites.Write::answer).toList());
            }
        };
    }

    private <T> CompletableFuture<T> wakeWhenDone(CompletableFuture<T> future) {
        future.whenComplete((_, _) -> wake());
        return future;
    }

    /** From any thread: something that is waited for is done. Several that are done at once are answered with one flush. */
    private void wake() {
        ChannelHandlerContext own = context;
        if (own != null && woken.compareAndSet(false, true)) {
            own.executor().execute(() -> {
                woken.set(false);
                advance(own);
            });
        }
    }

    private boolean answerDone(ChannelHandlerContext own) {
        ByteBuf out = null;
        boolean any = false;
        while (!running.isEmpty() && running.peek().pending().isDone()) {
            Running done = running.remove();
            if (done.kind() != Work.Kind.ANY) {
                runningOfKind--;
            }
            port.budget().giveBack(done.charged());
            chargedBytes -= done.charged();
            switch (replyOf(done.pending())) {
                case Reply.Message(var message) -> {
                    out = out == null ? own.alloc().ioBuffer(INITIAL_REPLY_BYTES) : out;
                    encoder.encode(own, message, out);
                }
                case Reply.Stream(var chunks) -> {
                    write(own, out);
                    out = null;
                    own.write(chunks);
                }
            }
            if (out != null && out.readableBytes() >= MAX_REPLY_BYTES) {
                write(own, out);
                out = null;
            }
            any = true;
        }
        write(own, out);
        if (any) {
            lastActive = System.nanoTime();
        }
        return any;
    }

    private static Reply replyOf(Pending done) {
        try {
            return done.reply();
        } catch (RuntimeException e) {
            return Reply.failure(e);
        }
    }

    private static void write(ChannelHandlerContext own, @Nullable ByteBuf out) {
        if (out != null) {
            own.write(out);
        }
    }

    private void release(TextInput input) {
        port.budget().giveBack(chargedBy(input));
    }

    private static long chargedBy(TextInput input) {
        return input instanceof TextInput.Command command ? command.charged() : 0;
    }
}
