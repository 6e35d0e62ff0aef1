package io.replog.node.text;

import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.RedisMessage;
import io.replog.api.problem.ProblemType;
import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvMap;
import io.replog.core.kv.KvText;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.MessageCursor;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.json.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a command to the work that it asks for. Thread-safe. */
final class TextCommands {
    /** Messages that one {@code RANGE} gives at most, and their bytes. */
    private static final int MAX_RANGE = 10_000;

    private static final int MAX_RANGE_BYTES = 16 << 20;

    private final ReplicatedLog log;
    private final Reads reads;
    private final TextPortSettings settings;

    TextCommands(ReplicatedLog log, Reads reads, TextPortSettings settings) {
        this.log = log;
        this.reads = reads;
        this.settings = settings;
    }

    /**
     * A command's name, how it is called, and how many arguments it takes.
     *
     * @param least arguments, the name not among them
     * @param most  arguments
     */
    private record Syntax(int least, int most, String usage, boolean writes) {}

    private static @Nullable Syntax syntax(String name) {
        return switch (name) {
            case "PING" -> new Syntax(0, 1, "PING [text]", false);
            case "ECHO" -> new Syntax(1, 1, "ECHO text", false);
            case "SET" -> new Syntax(2, 2, "SET key value", true);
            case "PUT" -> new Syntax(2, 2, "PUT key value", true);
            case "GET" -> new Syntax(1, 1, "GET key", false);
            case "APPEND" -> new Syntax(2, 2, "APPEND key value", true);
            case "PUTHASH" -> new Syntax(2, 2, "PUTHASH key value", true);
            case "DEL" -> new Syntax(1, Integer.MAX_VALUE, "DEL key [key …]", true);
            case "DUMP" -> new Syntax(0, 0, "DUMP", false);
            case "DBSIZE" -> new Syntax(0, 0, "DBSIZE", false);
            case "INFO" -> new Syntax(0, Integer.MAX_VALUE, "INFO", false);
            case "POST" -> new Syntax(1, 1, "POST text", true);
            case "RANGE" -> new Syntax(2, 2, "RANGE from count", false);
            case "HELLO" -> new Syntax(0, Integer.MAX_VALUE, "HELLO [2]", false);
            case "COMMAND" -> new Syntax(0, Integer.MAX_VALUE, "COMMAND", false);
            case "CLIENT" -> new Syntax(1, Integer.MAX_VALUE, "CLIENT SETINFO|SETNAME|ID …", false);
            case "CONFIG" -> new Syntax(1, Integer.MAX_VALUE, "CONFIG GET name", false);
            case "SELECT" -> new Syntax(1, 1, "SELECT 0", false);
            case "QUIT" -> new Syntax(0, Integer.MAX_VALUE, "QUIT", false);
            default -> null;
        };
    }

    private static final List<String> NAMES = List.of(
            "PING", "ECHO", "SET", "PUT", "GET", "APPEND", "PUTHASH", "DEL", "DUMP", "DBSIZE", "INFO", "POST", "RANGE",
            "HELLO", "COMMAND", "CLIENT", "CONFIG", "SELECT", "QUIT");

    Work plan(TextInput input) {
        return switch (input) {
            case TextInput.Command command -> plan(command);
            case TextInput.Refused(TextInput.Refused.Reason reason) ->
                immediate(
                        switch (reason) {
                            case TOO_LARGE ->
                                Reply.error(
                                        "ERR",
                                        ProblemType.TOO_LARGE.title() + ": accepted are up to "
                                                + settings.maxValueBytes() + " bytes");
                            case NO_ROOM ->
                                Reply.error(
                                        "ERR",
                                        ProblemType.OVERLOADED.title()
                                                + ": too many large commands are being worked on, try again");
                        });
            case TextInput.ProtocolError(String detail) ->
                new Work.Quit(Reply.error("ERR", "Protocol error: " + detail));
        };
    }

    private Work plan(TextInput.Command command) {
        List<byte[]> all = command.arguments();
        String name = ascii(all.getFirst()).toUpperCase(Locale.ROOT);
        List<byte[]> arguments = all.subList(1, all.size());
        Syntax syntax = syntax(name);
        if (syntax == null) {
            return immediate(Reply.error("ERR", "unknown command '" + shown(all.getFirst()) + "'"));
        }
        if (arguments.size() < syntax.least() || arguments.size() > syntax.most()) {
            return immediate(Reply.error(
                    "ERR",
                    arguments.size() > syntax.most() && name.equals("SET")
                            ? "syntax error: accepted is SET key value, without options"
                            : "wrong number of arguments for '" + name.toLowerCase(Locale.ROOT)
                                    + "' command: accepted is " + syntax.usage()));
        }
        try {
            return plan(name, arguments, command.isLine());
        } catch (ProblemException e) {
            return immediate(Reply.problem(e.problem()));
        }
    }

    private Work plan(String name, List<byte[]> arguments, boolean isLine) {
        return switch (name) {
            case "PING" -> immediate(arguments.isEmpty() ? Reply.text("PONG") : Reply.bytes(arguments.getFirst()));
            case "ECHO" -> immediate(Reply.bytes(arguments.getFirst()));
            case "GET" -> get(arguments.getFirst());
            case "SET", "PUT" -> write(KvCommand.Operation.PUT, arguments);
            case "APPEND" -> write(KvCommand.Operation.APPEND, arguments);
            case "PUTHASH" -> write(KvCommand.Operation.HASH, arguments);
            case "DEL" -> delete(arguments);
            case "DUMP" -> new Work.LocalRead(written -> dump(isLine, written));
            case "DBSIZE" ->
                new Work.LocalRead(written ->
                        Reply.number(reads.applied(written).state().kv().size()));
            case "INFO" -> new Work.LocalRead(_ -> Reply.bytes(info().getBytes(StandardCharsets.UTF_8)));
            case "POST" -> post(arguments.getFirst());
            case "RANGE" -> {
                long from = number("from", arguments.get(0), 1);
                long count = number("count", arguments.get(1), 0);
                yield new Work.LocalRead(written -> range(from, count, written));
            }
            case "HELLO" -> immediate(hello(arguments));
            case "COMMAND" -> immediate(describe(arguments));
            case "CLIENT" -> immediate(client(arguments));
            case "CONFIG" -> immediate(config(arguments));
            case "SELECT" ->
                immediate(
                        ascii(arguments.getFirst()).equals("0")
                                ? Reply.OK
                                : Reply.error("ERR", "DB index is out of range: accepted is 0"));
            case "QUIT" -> new Work.Quit(Reply.OK);
            default -> throw new IllegalStateException("a command without work: " + name);
        };
    }

    private static Work immediate(Reply reply) {
        return new Work.Immediate(reply);
    }

    private static Work get(byte[] keyBytes) {
        String key = key(keyBytes);
        return new Work.Read(state -> {
            KvMap.Entry entry = state.kv().get(key);
            return Reply.value(entry == null ? null : entry.value());
        });
    }

    private Work write(KvCommand.Operation operation, List<byte[]> arguments) {
        key(arguments.getFirst());
        WriteRequest request = WriteRequest.command(
                operation, arguments.getFirst(), bounded(arguments.get(1)), settings.kvWriteConcern());
        return new Work.Write(List.of(request), answers -> switch (operation) {
            case PUT, DELETE -> Reply.OK;
            case APPEND -> Reply.number(lengthOf(answers.getFirst().value()));
            case HASH -> Reply.value(answers.getFirst().previous());
        });
    }

    private static long lengthOf(@Nullable String value) {
        return value == null ? 0 : KvText.toBytes(value).length;
    }

    private Work delete(List<byte[]> keys) {
        keys.forEach(TextCommands::key);
        List<WriteRequest> requests = keys.stream()
                .map(key ->
                        WriteRequest.command(KvCommand.Operation.DELETE, key, new byte[0], settings.kvWriteConcern()))
                .toList();
        return new Work.Write(
                requests,
                answers -> Reply.number(answers.stream()
                        .filter(answer -> answer.previous() != null)
                        .count()));
    }

    private Work post(byte[] text) {
        int malformed = Utf8.firstMalformed(text, 0, text.length);
        if (malformed >= 0) {
            throw ProblemException.badRequest("the message is not UTF-8 at byte " + malformed);
        }
        return new Work.Write(
                List.of(WriteRequest.message(bounded(text), settings.writeConcern())),
                answers -> Reply.number(answers.getFirst().id()));
    }

    private byte[] bounded(byte[] value) {
        if (value.length > settings.maxValueBytes()) {
            throw ProblemException.of(
                    ProblemType.TOO_LARGE, "accepted are up to " + settings.maxValueBytes() + " bytes");
        }
        return value;
    }

    private Reply dump(boolean isLine, long written) {
        KvMap map = reads.applied(written).state().kv();
        return new Reply.Stream(isLine ? KvDump.asLines(map) : KvDump.asBulkString(map));
    }

    private String info() {
        ReplicaStatus status = log.status();
        NodeId leader = status.leader();
        return """
                # Server\r
                redis_version:7.0.0\r
                server_name:replog\r
                redis_mode:standalone\r
                \r
                # Replication\r
                role:%s\r
                node:%s\r
                leader:%s\r
                term:%d\r
                view:%d\r
                commit_index:%d\r
                last_index:%d\r
                members:%d\r
                \r
                # Keyspace\r
                db0:keys=%d,expires=0,avg_ttl=0\r
                """.formatted(
                        status.role().name().toLowerCase(Locale.ROOT),
                        log.self(),
                        leader == null ? "" : leader,
                        status.term(),
                        status.view(),
                        status.commitIndex(),
                        status.lastIndex(),
                        status.members().size(),
                        status.state().kv().size());
    }

    private Reply range(long from, long count, long written) {
        reads.awaitDurable(written);
        List<RedisMessage> pairs = new ArrayList<>();
        long last = log.log().durableId();
        Optional<LogEntry> first =
                from > last || count == 0 ? Optional.empty() : log.log().entryOfMessage(from);
        if (first.isPresent()) {
            Iterator<LogEntry> entries = log.log().scan(first.get().firstIndex());
            long until = Math.min(last, count > last - from ? last : from + count - 1);
            int bytes = 0;
            while (entries.hasNext() && from + pairs.size() <= until) {
                LogEntry entry = entries.next();
                if (entry.type() != EntryType.MESSAGES || entry.isOmitted()) {
                    continue;
                }
                MessageCursor messages = EntryCodec.messages(entry);
                while (messages.next()) {
                    if (messages.id() < from || messages.id() > until) {
                        continue;
                    }
                    bytes += messages.length();
                    if (pairs.size() == MAX_RANGE || bytes > MAX_RANGE_BYTES) {
                        return Reply.array(pairs);
                    }
                    byte[] text = Arrays.copyOfRange(
                            messages.array(), messages.offset(), messages.offset() + messages.length());
                    pairs.add(new ArrayRedisMessage(List.of(new IntegerRedisMessage(messages.id()), Reply.bulk(text))));
                }
            }
        }
        return Reply.array(pairs);
    }

    private Reply hello(List<byte[]> arguments) {
        if (!arguments.isEmpty() && !ascii(arguments.getFirst()).equals("2")) {
            return Reply.error("NOPROTO", "unsupported protocol version: accepted is 2");
        }
        ReplicaStatus status = log.status();
        return Reply.array(List.of(
                Reply.bulk("server"),
                Reply.bulk("replog"),
                Reply.bulk("version"),
                Reply.bulk("7.0.0"),
                Reply.bulk("proto"),
                new IntegerRedisMessage(2),
                Reply.bulk("id"),
                new IntegerRedisMessage(0),
                Reply.bulk("mode"),
                Reply.bulk("standalone"),
                Reply.bulk("role"),
                Reply.bulk(status.writable() ? "master" : "replica"),
                Reply.bulk("modules"),
                new ArrayRedisMessage(List.of())));
    }

    private static Reply describe(List<byte[]> arguments) {
        String what = arguments.isEmpty() ? "" : ascii(arguments.getFirst()).toUpperCase(Locale.ROOT);
        return switch (what) {
            case "COUNT" -> Reply.number(NAMES.size());
            case "DOCS" -> Reply.array(List.of());
            case "LIST" ->
                Reply.array(NAMES.stream()
                        .map(name -> Reply.bulk(name.toLowerCase(Locale.ROOT)))
                        .toList());
            case "" -> Reply.array(NAMES.stream().map(TextCommands::describe).toList());
            case "INFO" ->
                Reply.array(arguments.subList(1, arguments.size()).stream()
                        .map(name -> ascii(name).toUpperCase(Locale.ROOT))
                        .map(name -> NAMES.contains(name) ? describe(name) : ArrayRedisMessage.NULL_INSTANCE)
                        .toList());
            default -> Reply.error("ERR", "unknown subcommand of COMMAND: accepted are COUNT, DOCS, INFO and LIST");
        };
    }

    private static RedisMessage describe(String name) {
        Syntax syntax = syntax(name);
        if (syntax == null) {
            throw new IllegalStateException(name);
        }
        boolean fixed = syntax.least() == syntax.most();
        boolean hasKey =
                switch (name) {
                    case "SET", "PUT", "GET", "APPEND", "PUTHASH", "DEL" -> true;
                    default -> false;
                };
        int first = hasKey ? 1 : 0;
        int last = name.equals("DEL") ? -1 : first;
        return new ArrayRedisMessage(List.of(
                Reply.bulk(name.toLowerCase(Locale.ROOT)),
                new IntegerRedisMessage(fixed ? syntax.least() + 1 : -(syntax.least() + 1)),
                new ArrayRedisMessage(List.of(Reply.bulk(syntax.writes() ? "write" : "readonly"))),
                new IntegerRedisMessage(first),
                new IntegerRedisMessage(last),
                new IntegerRedisMessage(hasKey ? 1 : 0)));
    }

    /** Clients of Redis name themselves when they connect. */
    private static Reply client(List<byte[]> arguments) {
        return switch (ascii(arguments.getFirst()).toUpperCase(Locale.ROOT)) {
            case "SETINFO", "SETNAME" -> Reply.OK;
            case "GETNAME" -> Reply.value(null);
            case "ID" -> Reply.number(0);
            default ->
                Reply.error("ERR", "unknown subcommand of CLIENT: accepted are SETINFO, SETNAME, GETNAME and ID");
        };
    }

    /** {@code redis-benchmark} asks for these two. */
    private static Reply config(List<byte[]> arguments) {
        boolean isGet = arguments.size() == 2 && ascii(arguments.getFirst()).equalsIgnoreCase("GET");
        if (!isGet) {
            return Reply.error("ERR", "accepted is CONFIG GET name");
        }
        String name = ascii(arguments.get(1)).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "save" -> Reply.array(List.of(Reply.bulk(name), Reply.bulk("")));
            case "appendonly" -> Reply.array(List.of(Reply.bulk(name), Reply.bulk("yes")));
            default -> Reply.array(List.of());
        };
    }

    private static String key(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > KvCommand.MAX_KEY_BYTES) {
            throw ProblemException.badRequest(
                    "the key has " + bytes.length + " bytes: accepted are 1 to " + KvCommand.MAX_KEY_BYTES);
        }
        String key = KvText.fromBytes(bytes);
        if (!KvText.isWellFormed(key)) {
            throw ProblemException.badRequest("the key is not UTF-8");
        }
        return key;
    }

    private static long number(String name, byte[] bytes, long least) {
        String text = ascii(bytes);
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < least) {
            throw ProblemException.badRequest(
                    "'" + name + "' is '" + shown(bytes) + "': accepted is a whole number from " + least);
        }
        return Long.parseLong(text);
    }

    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** What a client sent, short and printable. */
    private static String shown(byte[] bytes) {
        String text = ascii(bytes).replaceAll("[^\\x20-\\x7e]", "?");
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }
}
