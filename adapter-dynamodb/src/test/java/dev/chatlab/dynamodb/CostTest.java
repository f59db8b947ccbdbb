package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.Disconnect;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.dynamodb.CapacityMeter.Cost;
import dev.chatlab.dynamodb.TransactionItems.Write;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.EventStore.Consistency;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The cost of every command, in units of capacity and in round trips, for histories, rooms and users of several sizes. Writes
 * {@code docs/COST.md}.
 */
class CostTest {

    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final RoomName HALL = new RoomName("hall");
    private static final int MEMBERS = 10;

    private static final Seq<Integer> HISTORIES = Vector.of(10, 1_000, 10_000);
    private static final Seq<Integer> ROOMS = Vector.of(1, 100);
    private static final Seq<Integer> USERS = Vector.of(10, 1_000);

    /** The expected cost in every cell, without the reads of the lists of registered users and open rooms. */
    private static final Map<String, Cost> COSTS = costs();

    private static Map<String, Cost> costs() {
        Map<String, Cost> costs = new LinkedHashMap<>();
        costs.put("Connect", new Cost(1, 0.5, 2));
        costs.put("RegisterUser", new Cost(6, 1, 2));
        costs.put("CreateRoom", new Cost(8, 1.5, 2));
        costs.put("JoinRoom", new Cost(8, 1.5, 2));
        costs.put("SendMessage", new Cost(1, 1, 2));
        costs.put("LeaveRoom", new Cost(6, 1.5, 2));
        costs.put("Disconnect", new Cost(6, 1, 3));
        return costs;
    }

    /**
     * The size of the store in which commands are measured.
     *
     * @param history the number of events in the room
     * @param rooms the number of other rooms
     * @param users the number of users who are not in the room
     */
    private record Cell(int history, int rooms, int users) {}

    /**
     * The measurement of one cell.
     *
     * @param commands the cost of each command without reads of lists
     * @param openRooms the read units of the list of open rooms
     * @param registered the read units of the list of registered users
     * @param history the read units of the history
     */
    private record Measured(Map<String, Cost> commands, double openRooms, double registered, double history) {}

    @Test
    void costOfACommandDoesNotDependOnHistoryRoomsOrUsers() throws IOException {
        Map<Cell, Measured> measured = new LinkedHashMap<>();
        CapacityMeter meter = new CapacityMeter();
        for (int rooms : ROOMS) {
            for (int users : USERS) {
                var sample = new Sample(meter);
                sample.addRoomsAndUsers(rooms, users);
                for (int history : HISTORIES) {
                    sample.addMessages(history);
                    measured.put(new Cell(history, rooms, users), sample.measure());
                }
                sample.drop();
            }
        }

        measured.forEach(
                (cell, costs) -> assertThat(costs.commands).as("%s", cell).isEqualTo(COSTS));
        assertThat(meter.operations().keySet()).containsExactly("PutItem", "Query", "TransactWriteItems");
        write(page(measured));
    }

    // --- the page ---

    private static final Path PAGE = Path.of("..", "docs", "COST.md");

    /** The price of a million units on demand in us-east-1, since November 2024. */
    private static final double WRITE_DOLLARS = 0.625;

    private static final double READ_DOLLARS = 0.125;

    private static void write(String page) throws IOException {
        String before = Files.exists(PAGE) ? Files.readString(PAGE) : "";
        Files.writeString(PAGE, page);
        assertThat(before).as("%s has changed: commit it", PAGE).isEqualTo(page);
    }

    private static String page(Map<Cell, Measured> measured) {
        StringBuilder page = new StringBuilder("""
                # Costs

                `CostTest` writes this page. It runs every command on DynamoDB Local, reads the units that each call consumed, and
                fails if a figure changes.

                - Units are DynamoDB's write and read request units. A transaction costs two write units for each KB of each item.
                - Round trips are calls that wait for each other.
                - A message has 100 bytes, and the room has 10 members.
                - Reads of lists and of the history are not included. They are in the tables below.

                | command | write units | read units | round trips | $ per million |
                | --- | ---: | ---: | ---: | ---: |
                """);
        COSTS.forEach((name, cost) -> page.append(row(
                name,
                units(cost.writeUnits()),
                units(cost.readUnits()),
                Integer.toString(cost.roundTrips()),
                dollars(cost.writeUnits(), cost.readUnits()))));
        page.append("""

                The figures are the same for every combination of these sizes, and each combination was measured: 10, 1,000 and 10,000
                events in the room, 1 and 100 other rooms, 10 and 1,000 other users. No command scans a table. After a conflict the
                write is paid again.

                ## Lists

                These reads depend on the number of users and rooms. In read units:

                | | 10 other users, 1 other room | 1,000 other users, 1 other room | 10 other users, 100 other rooms | 1,000 other users, 100 other rooms |
                | --- | ---: | ---: | ---: | ---: |
                """);
        page.append(row("the list of rooms, in the response to `register`", lists(measured, Measured::openRooms)));
        page.append(
                row("all registered users, when a room is created or closed", lists(measured, Measured::registered)));
        page.append("""

                A client that joins a room receives the last messages, at most 50. In read units:

                | 10 events in the room | 1,000 events | 10,000 events |
                | ---: | ---: | ---: |
                """);
        page.append(row(HISTORIES.map(
                history -> units(Objects.requireNonNull(measured.get(new Cell(history, 1, 10))).history))));
        page.append("""

                ## A million messages

                Prices: %s for a million write units, %s for a million read units (on demand, us-east-1). The original lab keeps a
                room as one item, and writes all of it with every message. Both with 10 members and messages of 100 bytes:

                | | write units a message | read units a message | $ per million messages |
                | --- | ---: | ---: | ---: |
                """.formatted(price(WRITE_DOLLARS), price(READ_DOLLARS)));
        Cost message = Objects.requireNonNull(COSTS.get("SendMessage"));
        page.append(million("Chat Lab, for every length of history", message.writeUnits(), message.readUnits()));
        page.append(million("Websocket-Lab, a room's first 200 messages", 16.3, 2.2));
        page.append(million("Websocket-Lab, a room's first 1,000 messages", 80, 18));
        page.append("""

                After about 2,500 messages the lab's item reaches DynamoDB's limit of 400 KB. From then on the lab loses history without
                an error.
                """);
        return page.toString();
    }

    private static Seq<String> lists(Map<Cell, Measured> measured, ToDoubleFunction<Measured> list) {
        return ROOMS.flatMap(rooms -> USERS.map(
                users -> units(list.applyAsDouble(Objects.requireNonNull(measured.get(new Cell(10, rooms, users)))))));
    }

    private static String million(String what, double writes, double reads) {
        return row(what, units(writes), units(reads), dollars(writes, reads));
    }

    private static String row(String first, Seq<String> cells) {
        return row(cells.prepend(first));
    }

    private static String row(String... cells) {
        return row(Vector.of(cells));
    }

    private static String row(Seq<String> cells) {
        return cells.mkString("| ", " | ", " |\n");
    }

    private static String units(double units) {
        return String.format(Locale.ROOT, "%.1f", units);
    }

    private static String dollars(double writes, double reads) {
        return String.format(Locale.ROOT, "%.2f", writes * WRITE_DOLLARS + reads * READ_DOLLARS);
    }

    private static String price(double dollars) {
        return String.format(Locale.ROOT, "$%.3f", dollars);
    }

    // --- the store ---

    /** Two tables with one room whose commands are measured, and with other rooms and users. */
    private static final class Sample {
        private final CapacityMeter meter;
        private final Tables tables = TestDynamoDb.tables();
        private final DynamoDbChatStore store;
        private final ChatService chat;
        private final Map<StreamId, Long> versions = new HashMap<>();
        private final HeadExpiries heads = new HeadExpiries(Retention.DEFAULT, InstantSource.fixed(NOW));
        private Chat state = Chat.EMPTY;
        private int visits;

        Sample(CapacityMeter meter) {
            this.meter = meter;
            this.store = TestDynamoDb.store(TestDynamoDb.clientWith(meter), tables, InstantSource.fixed(NOW));
            this.chat = new ChatService(store, (event, recipients) -> io.vavr.collection.HashMap.empty());
        }

        void addRoomsAndUsers(int rooms, int users) {
            List<ChatCommand> commands = new ArrayList<>();
            for (int i = 0; i < users + MEMBERS; i++) {
                commands.add(new Connect(connection(i), NOW));
                commands.add(new RegisterUser(
                        connection(i), new UserName("user " + i), new ResumeKey("the-key-of-client-" + i), NOW));
            }
            for (int i = 0; i < MEMBERS; i++) {
                commands.add(
                        i == 0 ? new CreateRoom(connection(i), HALL, NOW) : new JoinRoom(connection(i), HALL, NOW));
            }
            for (int i = 0; i < rooms; i++) {
                commands.add(new CreateRoom(connection(MEMBERS + i % 10), new RoomName("room " + i), NOW));
            }
            put(commands);
        }

        /** Adds messages until the room has this number of events, besides the joins of its members. */
        void addMessages(int history) {
            List<ChatCommand> commands = new ArrayList<>();
            long present = versions.getOrDefault(StreamId.of(HALL), 0L) - MEMBERS;
            for (long i = present; i < history; i++) {
                commands.add(message((int) (i % MEMBERS), "m" + i));
            }
            put(commands);
        }

        /** Puts the items that a service would append for these commands. Batches take less time than appends. */
        private void put(List<ChatCommand> commands) {
            Map<Tables.ItemKey, Item> items = new LinkedHashMap<>();
            for (ChatCommand command : commands) {
                for (Seq<ChatEvent> step :
                        Chat.steps(state.decide(command, ChatPolicy.DEFAULT).get())) {
                    var append = new Append(
                            Append.Id.random(),
                            Append.streams(step).toMap(stream -> stream, stream -> versions.getOrDefault(stream, 0L)),
                            state,
                            step);
                    for (Write write : TransactionItems.of(append, tables, Retention.DEFAULT, heads)
                            .all()) {
                        switch (write) {
                            case TransactionItems.PutEvent event -> items.put(event.key(), event.item());
                            case TransactionItems.Put put -> items.put(put.key(), put.item());
                            case TransactionItems.Delete delete -> items.remove(delete.key());
                        }
                    }
                    append.versions().forEach((stream, version) -> versions.put(stream, version));
                    state = state.evolve(step);
                }
            }
            Vector.ofAll(items.entrySet())
                    .grouped(25)
                    .forEach(some -> TestDynamoDb.client()
                            .batchWriteItem(batch -> batch.requestItems(some.groupBy(
                                            entry -> entry.getKey().table())
                                    .mapValues(
                                            entries -> entries.map(entry -> request(entry.getKey(), entry.getValue()))
                                                    .asJava())
                                    .toJavaMap())));
        }

        private static WriteRequest request(Tables.ItemKey key, Item item) {
            Map<String, AttributeValue> attributes = new HashMap<>(item.attributes());
            attributes.put("pk", AttributeValue.fromS(key.pk()));
            attributes.put("sk", AttributeValue.fromS(key.sk()));
            return WriteRequest.builder()
                    .putRequest(put -> put.item(attributes))
                    .build();
        }

        /**
         * Measures every command. Repeats the measurement if a figure is not as expected, because on a busy machine parallel
         * calls may run one after another.
         */
        Measured measure() {
            Measured measured = visit();
            for (int i = 0; i < 5 && !measured.commands.equals(COSTS); i++) {
                Map<String, Cost> best = new LinkedHashMap<>(measured.commands);
                visit().commands.forEach((name, cost) -> best.merge(name, cost, Cost::withFewerTrips));
                measured = new Measured(best, measured.openRooms, measured.registered, measured.history);
            }
            return measured;
        }

        private Measured visit() {
            visits++;
            ConnectionId guest = new ConnectionId("guest-" + visits + "=");
            RoomName own = new RoomName("guest room " + visits);
            Map<String, Cost> costs = new LinkedHashMap<>();
            double[] lists = new double[3];
            costs.put("Connect", cost(new Connect(guest, NOW), lists));
            costs.put(
                    "RegisterUser",
                    cost(
                            new RegisterUser(
                                    guest,
                                    new UserName("guest " + visits),
                                    new ResumeKey("the-key-of-guest-" + visits),
                                    NOW),
                            lists));
            store.openRooms();
            lists[0] = meter.take().readUnits();
            costs.put("CreateRoom", cost(new CreateRoom(guest, own, NOW), lists));
            costs.put("JoinRoom", cost(new JoinRoom(guest, HALL, NOW), lists));
            var room = store.load(HashSet.of(StreamId.of(HALL)), Consistency.STRICT)
                    .chat()
                    .open(HALL)
                    .get();
            meter.take();
            chat.history(room, Option.none(), 0);
            lists[2] = meter.take().readUnits();
            costs.put("SendMessage", cost(message(3, "visit-" + visits), lists));
            costs.put("LeaveRoom", cost(new LeaveRoom(guest, Option.some(HALL), NOW), lists));
            chat.handle(new LeaveRoom(guest, Option.some(own), NOW));
            meter.take();
            costs.put("Disconnect", cost(new Disconnect(guest, NOW), lists));
            return new Measured(costs, lists[0], lists[1], lists[2]);
        }

        /** The cost of a command without the read of the list of registered users. */
        private Cost cost(ChatCommand command, double[] lists) {
            assertThat(chat.handle(command)).isInstanceOf(Reply.Accepted.class);
            double registered = meter.listUnits();
            Cost cost = meter.take();
            if (registered > 0) {
                lists[1] = registered;
                return new Cost(cost.writeUnits(), cost.readUnits() - registered, cost.roundTrips() - 1);
            }
            return cost;
        }

        private static SendMessage message(int member, String id) {
            return new SendMessage(
                    connection(member),
                    Option.some(HALL),
                    new MessageText("x".repeat(100)),
                    Option.some(new ClientMessageId(id)),
                    NOW);
        }

        private static ConnectionId connection(int i) {
            return new ConnectionId("connection-" + i + "=");
        }

        void drop() {
            TestDynamoDb.drop(tables);
        }
    }
}
