package dev.chatlab.dynamodb;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.dynamodb.Queries.Range;
import dev.chatlab.dynamodb.Tables.Partition;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A chat store on two DynamoDB tables.
 *
 * <p>An item for each event in each of its streams, of which the newest carries what the stream has come to; beside them who is
 * in a room, which rooms are open and who is online, each changed in one transaction with the event that changes it. So a
 * message costs one write unit and one read unit, however long its room has been talking.
 *
 * <p>Stateless, and safe for use by any number of threads and processes.
 */
public final class DynamoDbChatStore implements ChatStore {

    private final Tables tables;
    private final Queries queries;
    private final Reader reader;
    private final Appender appender;
    private final InstantSource clock;

    /** A store that keeps messages for 30 days. */
    public DynamoDbChatStore(DynamoDbClient client, Tables tables) {
        this(client, tables, Retention.DEFAULT.rooms(), InstantSource.system());
    }

    /**
     * A store on tables that are there already.
     *
     * @param client stays the caller's to close; what it retries, it may retry: every write can be repeated
     * @param retention how long messages are kept, and after how long without an event a room is over: longer than the policy's
     *     {@code connectionLifetime}
     * @param clock tells what is past its time
     */
    public DynamoDbChatStore(DynamoDbClient client, Tables tables, Duration retention, InstantSource clock) {
        this(client, tables, retention, clock, RosterConsistency.FINGERPRINT);
    }

    DynamoDbChatStore(
            DynamoDbClient client, Tables tables, Duration retention, InstantSource clock, RosterConsistency check) {
        var kept = new Retention(retention);
        this.tables = tables;
        this.clock = clock;
        this.queries = new Queries(client);
        this.reader = new Reader(tables, queries, kept, clock, check);
        this.appender = new Appender(client, tables, queries, kept);
    }

    @Override
    public Loaded load(Set<StreamId> streams, Consistency consistency) {
        return reader.load(streams, consistency);
    }

    /** Events older than the retention may be gone: then this throws. */
    @Override
    public Seq<ChatEvent> read(StreamId stream, long after) {
        return reader.events(stream, after);
    }

    @Override
    public Either<Conflict, Committed> append(Append append) {
        return appender.append(append);
    }

    @Override
    public Page after(long seq, Room.Open room, int limit) {
        return reader.after(seq, room, limit);
    }

    @Override
    public Page latest(Room.Open room, int limit) {
        return reader.latest(room, limit);
    }

    @Override
    public Seq<RoomName> openRooms() {
        return listed(tables.openRooms()).map(item -> item.value("sk", RoomName::new));
    }

    @Override
    public Seq<RegisteredUser> registered() {
        return listed(tables.online())
                .map(item -> new RegisteredUser(
                        item.value("sk", UserName::new), item.value("connection", ConnectionId::new)));
    }

    private Seq<Item> listed(Partition list) {
        Instant now = clock.instant();
        return queries.items(Range.of(list), Consistency.STALE).filter(item -> now.isBefore(item.expires()));
    }
}
