package io.replog.node.web.message;

import io.replog.core.log.MessageCursor;
import io.replog.node.web.json.JsonBuffer;

/** How a message stands in an answer. */
enum MessageFormat {
    /** Objects with commas between. */
    JSON_ARRAY {
        @Override
        void write(JsonBuffer out, MessageCursor message, boolean separate) {
            if (separate) {
                out.raw(',');
            }
            object(out, message);
        }
    },

    /** An object a line. */
    NDJSON {
        @Override
        void write(JsonBuffer out, MessageCursor message, boolean separate) {
            object(out, message);
            out.raw('\n');
        }
    },

    /** A message a line: a line break in it stands as {@code \n}, a carriage return as {@code \r}, a backslash twice. */
    TEXT {
        @Override
        void write(JsonBuffer out, MessageCursor message, boolean separate) {
            byte[] bytes = message.array();
            int end = message.offset() + message.length();
            int from = message.offset();
            for (int i = from; i < end; i++) {
                byte b = bytes[i];
                if (b == '\n' || b == '\r' || b == '\\') {
                    out.raw(bytes, from, i - from).raw('\\').raw(b == '\n' ? 'n' : b == '\r' ? 'r' : '\\');
                    from = i + 1;
                }
            }
            out.raw(bytes, from, end - from).raw('\n');
        }
    },

    /** An event of a stream of server-sent events. */
    EVENT {
        @Override
        void write(JsonBuffer out, MessageCursor message, boolean separate) {
            out.ascii("id: ").number(message.id()).ascii("\ndata: ");
            object(out, message);
            out.ascii("\n\n");
        }
    };

    /** @param separate whether another one stands before */
    abstract void write(JsonBuffer out, MessageCursor message, boolean separate);

    private static void object(JsonBuffer out, MessageCursor message) {
        out.ascii("{\"id\":").number(message.id()).ascii(",\"message\":");
        out.string(message.array(), message.offset(), message.length()).raw('}');
    }
}
