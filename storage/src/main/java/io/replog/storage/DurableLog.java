package io.replog.storage;

import java.util.List;

/**
 * What readers may see of the log at one moment. Immutable, published after each force.
 *
 * @param segments in order; all but the last one are complete
 * @param last     the last durable entry
 * @param end      where the durable part of the last segment ends
 * @param cuts     for each truncation since the start the index it cut from: a reader that sees this list grow reads again,
 *                 because what it read meanwhile may be half overwritten
 */
record DurableLog(List<Segment> segments, LogPoint last, long end, List<Long> cuts) {
    DurableLog forcedTo(List<Segment> nowSegments, LogPoint nowLast, long nowEnd) {
        return new DurableLog(nowSegments, nowLast, nowEnd, cuts);
    }

    /** Where the durable part of segment {@code number} ends. */
    long endOf(int number) {
        return number == segments.size() - 1 ? end : segments.get(number).end();
    }

    /** Number of the segment that holds {@code index}, which is between 1 and the last index. */
    int segmentOfIndex(long index) {
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).base().index() < index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Number of the segment that holds message {@code id}, which is between 1 and the last id. */
    int segmentOfId(long id) {
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).base().id() < id) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
