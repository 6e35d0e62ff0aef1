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
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.json.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
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

    private Work plan(TextInput.Command words) {
        List<byte[]> all = words.arguments();
        TextCommand command = TextCommand.of(all.getFirst());
        if (command == null) {
            return immediate(Reply.error("ERR", "unknown command '" + Words.shown(all.getFirst()) + "'"));
        }
        if (!command.accepts(all)) {
            return immediate(Reply.error(
                    "ERR",
                    command == TextCommand.SET && all.size() > 3
                            ? "syntax error: accepted is SET key value, without options"
                            : "wrong number of arguments for '" + command.lowerCaseName() + "' command: accepted is "
                                    + command.usage()));
        }
        try {
            return plan(command, all, words.isLine());
        } catch (ProblemException e) {
            return immediate(Reply.problem(e.problem()));
        }
    }

    /** @param words the command's name and its arguments, as many as it takes */
    private Work plan(TextCommand command, List<byte[]> words, boolean isLine) {
        return switch (command) {
            case PING -> immediate(words.size() == 1 ? Reply.text("PONG") : Reply.bytes(words.get(1)));
            case ECHO -> immediate(Reply.bytes(words.get(1)));
            case GET -> get(words.get(1));
            case SET, PUT -> write(KvCommand.Operation.PUT, words);
            case APPEND -> write(KvCommand.Operation.APPEND, words);
            case PUTHASH -> write(KvCommand.Operation.HASH, words);
            case DEL -> delete(arguments(words));
            case DUMP -> new Work.LocalRead(written -> dump(isLine, written));
            case DBSIZE ->
                new Work.LocalRead(written ->
                        Reply.number(reads.applied(written).state().kv().size()));
            case INFO ->
                new Work.LocalRead(_ ->
                        Reply.bytes(Introductions.info(log.status(), log.self()).getBytes(StandardCharsets.UTF_8)));
            case POST -> post(words.get(1));
            case RANGE -> {
                long from = number("from", words.get(1), 1);
                long count = number("count", words.get(2), 0);
                yield new Work.LocalRead(written -> range(from, count, written));
            }
            case HELLO -> immediate(Introductions.hello(arguments(words), log.status()));
            case COMMAND -> immediate(Introductions.commands(arguments(words)));
            case CLIENT -> immediate(Introductions.client(arguments(words)));
            case CONFIG -> immediate(Introductions.config(arguments(words)));
            case SELECT -> immediate(Introductions.select(words.get(1)));
            case QUIT -> new Work.Quit(Reply.OK);
        };
    }

    private static List<byte[]> arguments(List<byte[]> words) {
        return words.subList(1, words.size());
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

    private Work write(KvCommand.Operation operation, List<byte[]> words) {
        WriteRequest request = command(operation, words.get(1), bounded(words.get(2)));
        return new Work.Write(List.of(request), answers -> switch (operation) {
            case PUT, DELETE -> Reply.OK;
            case APPEND -> Reply.number(lengthOf(answers.getFirst().value()));
            case HASH -> Reply.value(answers.getFirst().previous());
        });
    }

    private WriteRequest command(KvCommand.Operation operation, byte[] key, byte[] value) {
        return WriteRequest.command(operation, key(key), key, value, settings.kvWriteConcern());
    }

    private static long lengthOf(@Nullable String value) {
        return value == null ? 0 : KvText.toBytes(value).length;
    }

    private Work delete(List<byte[]> keys) {
        List<WriteRequest> requests = keys.stream()
                .map(key -> command(KvCommand.Operation.DELETE, key, new byte[0]))
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
        String text = Words.ascii(bytes);
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < least) {
            throw ProblemException.badRequest(
                    "'" + name + "' is '" + Words.shown(bytes) + "': accepted is a whole number from " + least);
        }
        return Long.parseLong(text);
    }
}
