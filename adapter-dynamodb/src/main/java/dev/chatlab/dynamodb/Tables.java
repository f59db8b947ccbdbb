package dev.chatlab.dynamodb;

import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;

/**
 * The two tables, and where in them everything is. Both have a partition key {@code pk} and a sort key {@code sk}, strings.
 *
 * @param clientRecords the streams of connections and user names, and who is online
 * @param roomMessagesUsers the streams of rooms, who is in them, and which rooms are open
 */
public record Tables(String clientRecords, String roomMessagesUsers) {

    /** The items of a stream: one for each event, by its version. */
    Partition stream(StreamId stream) {
        return switch (stream) {
            case StreamId.OfConnection s -> new Partition(clientRecords, s.toString());
            case StreamId.OfUser s -> new Partition(clientRecords, s.toString());
            case StreamId.OfRoom s -> new Partition(roomMessagesUsers, s.toString());
        };
    }

    /** Who is in a room: one item for each member, by connection. */
    Partition roster(RoomName room) {
        return new Partition(roomMessagesUsers, "roster/" + room);
    }

    /** The open rooms: one item for each, by name. */
    Partition openRooms() {
        return new Partition(roomMessagesUsers, "open-rooms");
    }

    /** Everyone registered: one item for each, by user name. */
    Partition online() {
        return new Partition(clientRecords, "online");
    }

    /** The items with one partition key. */
    record Partition(String table, String pk) {

        ItemKey at(String sk) {
            return new ItemKey(table, pk, sk);
        }

        ItemKey at(long version) {
            return at(sortKey(version));
        }

        @Override
        public String toString() {
            return pk + " in table " + table;
        }
    }

    /** Where an item is. */
    record ItemKey(String table, String pk, String sk) {}

    /** Beyond every version. */
    static final long LAST = 9_999_999_999_999_999L;

    /** As many digits as keep the order of the versions that a {@code long} can count in a million years. */
    static String sortKey(long version) {
        String digits = Long.toString(version);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
