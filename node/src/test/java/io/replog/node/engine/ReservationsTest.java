package io.replog.node.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReservationsTest {
    private static final EncodedRequest REQUEST =
            EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of(new byte[] {'a'})));
    private static final int BYTES = REQUEST.frameBytes();

    private final Reservations reservations = new Reservations();

    @Test
    void gives_back_what_neither_an_entry_nor_a_held_request_uses() {
        reservations.add(BYTES);
        reservations.add(BYTES);

        assertThat(reservations.take(List.of(entry(7)), 7)).isEqualTo(BYTES);
        assertThat(reservations.unused(0)).isEqualTo(BYTES);
        assertThat(reservations.unused(0)).isZero();
    }

    @Test
    void keeps_what_a_held_request_brought_for_the_step_that_appends_it() {
        // given a write that is held back
        reservations.add(BYTES);
        assertThat(reservations.unused(BYTES)).isZero();

        // when another one is refused in a later step
        reservations.add(BYTES);
        assertThat(reservations.unused(BYTES)).isEqualTo(BYTES);

        // then the held one still has its room
        assertThat(reservations.take(List.of(entry(7)), 7)).isEqualTo(BYTES);
        assertThat(reservations.unused(0)).isZero();
    }

    @Test
    void gives_back_what_a_held_request_brought_that_is_refused_later() {
        reservations.add(BYTES);
        reservations.unused(BYTES);

        assertThat(reservations.unused(0)).isEqualTo(BYTES);
    }

    @Test
    void takes_nothing_for_entries_that_no_request_made() {
        LogEntry noOp = EntryCodec.frameControl(new EntryHeader(1, 1, 7, 0, 0, 0), new Payload.NoOp(1));

        assertThat(reservations.take(List.of(noOp, entry(6)), 7)).isZero();
    }

    @Test
    void never_lets_an_entry_use_room_that_nobody_reserved() {
        reservations.take(List.of(entry(7)), 7);

        assertThatThrownBy(() -> reservations.unused(0)).isInstanceOf(IllegalStateException.class);
    }

    private static LogEntry entry(long term) {
        return EntryCodec.frame(new EntryHeader(2, 1, term, 0, 1, 0), REQUEST);
    }
}
