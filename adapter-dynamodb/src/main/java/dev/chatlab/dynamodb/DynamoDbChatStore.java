package dev.chatlab.dynamodb;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.dynamodb.PartitionQueries.Range;
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
 * <p>Each event is one item in each of its streams. The newest item of a stream also contains the stream's snapshot. The rosters,
 * the list of open rooms and the list of registered users are items of their own, written in one transaction with the event that
 * changes them. So a message costs one write unit and one read unit, whatever the history of its room.
 *
 * <p>Safe for use by any number of threads and processes.
 */
public final class DynamoDbChatStore implements ChatStore {

    private final Tables tables;
    private final PartitionQueries queries;
    private final StateLoader states;
    private final EventReader events;
    private final EventAppender appender;
    private final InstantSource clock;

    /** A store that keeps messages for 30 days. */
    public DynamoDbChatStore(DynamoDbClient client, Tables tables) {
        this(client, tables, Retention.DEFAULT.rooms(), InstantSource.system());
    }

    /**
     * A store on existing tables.
     *
     * @param client the caller closes it. It may repeat requests: every write is idempotent
     * @param retention the time for which messages are kept, and the time after its last event at which a room expires; must be
     *     longer than the policy's {@code connectionLifetime}. After a change, stored events keep their expiry, and a new event does
     *     not expire before the events that it follows
     * @param clock decides which states and list entries have expired
     */
    public DynamoDbChatStore(DynamoDbClient client, Tables tables, Duration retention, InstantSource clock) {
        this(client, tables, retention, clock, RosterConsistency.FINGERPRINT);
    }

    DynamoDbChatStore(
            DynamoDbClient client,
            Tables tables,
            Duration retention,
            InstantSource clock,
            RosterConsistency rosterConsistency) {
        var kept = new Retention(retention);
        var heads = new HeadExpiries(kept, clock);
        this.tables = tables;
        this.clock = clock;
        this.queries = new PartitionQueries(client);
        this.states = new StateLoader(tables, queries, heads, clock, rosterConsistency);
        this.events = new EventReader(tables, queries, kept, heads);
        this.appender = new EventAppender(client, tables, queries, kept, heads);
    }

    @Override
    public Loaded load(Set<StreamId> streams, Consistency consistency) {
        return states.load(streams, consistency);
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.chatlab.ports.StoreException also if one of the events was deleted because it is older than the retention
     */
    @Override
    public Seq<ChatEvent> read(StreamId stream, long after) {
        return events.events(stream, after);
    }

    @Override
    public Either<Conflict, Committed> append(Append append) {
        return appender.append(append);
    }

    @Override
    public Page after(long seq, Room.Open room, int limit) {
        return events.after(seq, room, limit);
    }

    @Override
    public Page latest(Room.Open room, int limit) {
        return events.latest(room, limit);
    }

    @Override
    public Seq<RoomName> openRooms() {
        return entries(tables.openRooms()).map(item -> new RoomName(item.text("sk")));
    }

    @Override
    public Seq<RegisteredUser> registered() {
        return entries(tables.online())
                .map(item ->
                        new RegisteredUser(new UserName(item.text("sk")), new ConnectionId(item.text("connection"))));
    }

    /** The entries of a list that have not expired. DynamoDB may not have deleted the others yet. */
    private Seq<Item> entries(Partition list) {
        Instant now = clock.instant();
        return queries.items(Range.of(list), Consistency.STALE).filter(item -> now.isBefore(item.expires()));
    }
}
