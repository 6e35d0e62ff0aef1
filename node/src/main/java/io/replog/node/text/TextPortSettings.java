package io.replog.node.text;

import io.replog.core.quorum.WriteConcern;
import java.net.InetAddress;
import java.time.Duration;

/**
 * What the text port needs to know.
 *
 * @param address         to bind
 * @param port            to bind; 0 for any free one
 * @param writeConcern    of messages
 * @param kvWriteConcern  of key-value writes
 * @param leaderWait      how long a request that needs the leader waits for one to appear
 * @param maxValueBytes   the longest value or message
 * @param maxConnections  beyond which the one that has been idle for longest is closed
 * @param maxPipelined    commands of one connection that wait or are worked on, beyond which no more are read from it
 * @param maxLargeBytes   bytes of large commands that are in memory at once, over all connections
 * @param commandTimeout  how long a command may take to arrive once it has begun
 * @param writeTimeout    how long a client may leave answers unread
 */
record TextPortSettings(
        InetAddress address,
        int port,
        WriteConcern writeConcern,
        WriteConcern kvWriteConcern,
        Duration leaderWait,
        int maxValueBytes,
        int maxConnections,
        int maxPipelined,
        long maxLargeBytes,
        Duration commandTimeout,
        Duration writeTimeout) {

    /** The most arguments of one command, its name included. */
    static final int MAX_ARGUMENTS = 1024;

    /** The longest plain line that is read: a value and what stands before it. */
    int maxLineBytes() {
        return maxValueBytes + 1024;
    }
}
