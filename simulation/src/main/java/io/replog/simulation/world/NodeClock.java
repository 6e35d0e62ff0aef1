package io.replog.simulation.world;

/** A node's monotonic clock: it has an origin of its own and runs a little too fast or too slow. */
final class NodeClock {
    private final Agenda agenda;
    private long since;
    private long reading;
    private double rate;

    NodeClock(Agenda agenda, long origin, double rate) {
        this.agenda = agenda;
        this.since = agenda.now();
        this.reading = origin;
        this.rate = rate;
    }

    long now() {
        return reading + (long) ((agenda.now() - since) * rate);
    }

    /** Simulated nanoseconds until this clock shows {@code moment}; 0 where it has passed. */
    long until(long moment) {
        long left = moment - now();
        return left <= 0 ? 0 : (long) Math.ceil(left / rate) + 1;
    }

    /** Goes on at another rate from here. */
    void drift(double newRate) {
        reading = now();
        since = agenda.now();
        rate = newRate;
    }
}
