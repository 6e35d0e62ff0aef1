package io.replog.node.text;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.redis.FixedRedisMessagePool;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.replog.node.InvalidSettingException;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.forward.LeaderTransport;
import io.replog.node.web.http.ReadGate;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The server of the text port. One event loop serves all connections: nothing that it does waits. Everything else here is
 * confined to that loop, but for the life cycle.
 */
final class TextPort implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(TextPort.class);
    private static final long CHECK_MILLIS = 1_000;

    private final TextPortSettings settings;
    private final ByteBudget budget;
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final Reads reads;
    private final LeaderWrites writes;
    private final TextCommands commands;
    private final Set<TextConnection> connections = new HashSet<>();
    private @Nullable EventLoopGroup group;
    private @Nullable Channel listener;
    private @Nullable Future<?> checks;

    TextPort(TextPortSettings settings, ReplicatedLog log, ReadGate gate, LeaderTransport transport) {
        this.settings = settings;
        this.budget = new ByteBudget(settings.maxLargeBytes());
        this.reads = new Reads(log, gate, settings.leaderWait(), blocking);
        this.writes = new LeaderWrites(log, transport, settings.leaderWait(), blocking);
        this.commands = new TextCommands(log, reads, settings);
    }

    /** @throws InvalidSettingException where the port cannot be bound */
    @Override
    public synchronized void start() {
        EventLoopGroup created = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("text-port", true), NioIoHandler.newFactory());
        group = created;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(created)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        CommandAggregator arrays = new CommandAggregator(settings, budget);
                        CommandSplitter splitter = new CommandSplitter(settings, arrays);
                        RedisDecoder decoder =
                                new RedisDecoder(CommandSplitter.MAX_LENGTH_LINE, FixedRedisMessagePool.INSTANCE);
                        channel.pipeline()
                                .addLast(new ChunkedWriteHandler())
                                .addLast(splitter, decoder, arrays)
                                .addLast(new TextConnection(TextPort.this, splitter));
                    }
                });
        var bound = bootstrap
                .bind(new InetSocketAddress(settings.address(), settings.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stop();
            throw new InvalidSettingException(
                    "replog.text-port",
                    Integer.toString(settings.port()),
                    "it cannot be listened on at " + settings.address().getHostAddress() + ": accepted is a free port");
        }
        listener = bound.channel();
        checks = created.next()
                .scheduleWithFixedDelay(this::closeStalled, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        LOG.info("text port listens on {}:{}", settings.address().getHostAddress(), port());
    }

    @Override
    public synchronized void stop() {
        listener = null;
        if (checks != null) {
            checks.cancel(false);
            checks = null;
        }
        if (group != null) {
            if (!group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS)) {
                LOG.warn("the text port's event loop did not end in time");
            }
            group = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return listener != null;
    }

    /** The port that is listened on. */
    synchronized int port() {
        if (listener == null) {
            throw new IllegalStateException("the text port is not started");
        }
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    TextPortSettings settings() {
        return settings;
    }

    ByteBudget budget() {
        return budget;
    }

    Reads reads() {
        return reads;
    }

    LeaderWrites writes() {
        return writes;
    }

    TextCommands commands() {
        return commands;
    }

    Executor blocking() {
        return blocking;
    }

    /** Where there are too many connections, one that nobody uses makes room; where there is none, the new one is refused. */
    void opened(TextConnection connection) {
        connections.add(connection);
        if (connections.size() > settings.maxConnections()) {
            Optional<TextConnection> idlest = connections.stream()
                    .filter(other -> other != connection && other.idleSince() != Long.MAX_VALUE)
                    .min(Comparator.comparingLong(TextConnection::idleSince));
            if (idlest.isPresent()) {
                idlest.get().close();
            } else {
                connection.refuse(Reply.error("ERR", "max number of clients reached"));
            }
        }
    }

    void closed(TextConnection connection) {
        connections.remove(connection);
    }

    private void closeStalled() {
        long now = System.nanoTime();
        long commandsBegunBefore = now - settings.commandTimeout().toNanos();
        long unreadSince = now - settings.writeTimeout().toNanos();
        Set.copyOf(connections).forEach(connection -> connection.closeIfStalled(commandsBegunBefore, unreadSince));
    }
}
