package dev.chatlab.dynamodb;

import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;

/**
 * The names of the two tables, and the keys of their items. Both tables have the partition key {@code pk} and the sort key
 * {@code sk}, strings.
 *
 * @param clientRecords the table of the streams of connections and user names, and of the list of registered users
 * @param roomMessagesUsers the table of the streams of rooms, of the rosters and of the list of open rooms
 */
public record Tables(String clientRecords, String roomMessagesUsers) {

    /** A stream: one item for each event, by version. */
    Partition stream(StreamId stream) {
        return switch (stream) {
            case StreamId.OfConnection s -> new Partition(clientRecords, s.toString());
            case StreamId.OfUser s -> new Partition(clientRecords, s.toString());
            case StreamId.OfRoom s -> new Partition(roomMessagesUsers, s.toString());
        };
    }

    /** A room's roster: one item for each member, by connection. */
    Partition roster(RoomName room) {
        return new Partition(roomMessagesUsers, "roster/" + room);
    }

    /** The list of open rooms: one item for each room, by name. */
    Partition openRooms() {
        return new Partition(roomMessagesUsers, "open-rooms");
    }

    /** The list of registered users: one item for each user, by name. */
    Partition online() {
        return new Partition(clientRecords, "online");
    }

    /** All items of one partition key. */
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

    /** A table and the primary key of an item in it. */
    record ItemKey(String table, String pk, String sk) {}

    /** The highest version that {@link #sortKey} can write. */
    static final long MAX_VERSION = 9_999_999_999_999_999L;

    /** A version as a sort key, padded to 16 digits: strings sort as the numbers do. */
    static String sortKey(long version) {
        String digits = Long.toString(version);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
