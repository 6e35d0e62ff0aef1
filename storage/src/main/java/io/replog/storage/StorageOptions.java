package io.replog.storage;

/**
 * Sizes of the storage, all in bytes and above 0.
 *
 * @param segmentBytes       a segment file is closed and the next one begun at about this size; a larger entry gets a
 *                           larger segment
 * @param preallocationBytes zeros written at a time, ahead of need
 * @param headroomBytes      unreserved preallocated space that {@link SegmentedLog#maintain} keeps ready
 * @param indexInterval      log bytes between two points of the sparse index
 * @param readAheadBytes     read at a time while scanning
 */
public record StorageOptions(
        int segmentBytes, int preallocationBytes, int headroomBytes, int indexInterval, int readAheadBytes) {
    /** What a node uses unless told otherwise. */
    public static final StorageOptions DEFAULT = new StorageOptions(32 << 20, 4 << 20, 32 << 20, 32 << 10, 256 << 10);

    public StorageOptions {
        if (segmentBytes < 1 || preallocationBytes < 1 || headroomBytes < 1 || indexInterval < 1) {
            throw new IllegalArgumentException("storage sizes must be above 0");
        }
        if (readAheadBytes < 1024) {
            throw new IllegalArgumentException("readAheadBytes " + readAheadBytes + ": accepted are 1024 and more");
        }
    }
}
