package dev.chatlab.dynamodb;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.Disconnect;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import io.vavr.Tuple2;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * A benchmark of contention: many senders in one room, each with a {@link ChatService} of its own, as if each ran in a process of its
 * own. So no stream lock orders their appends.
 *
 * @param engine the client of DynamoDB Local
 * @param latency added to every call, in place of the network between a process and DynamoDB
 */
record ContentionBenchmark(DynamoDbClient engine, int senders, Duration latency) {

    private static final RoomName HALL = new RoomName("hall");

    /**
     * The result of one load.
     *
     * @param stored the number of different messages in the room's stream
     * @param acknowledged the number of acknowledged messages
     * @param wasted write units spent on puts whose concurrency check failed, for each stored message
     * @param perSecond acknowledged messages a second
     * @param p99 the 99th percentile of the time to the acknowledgement, in milliseconds
     * @param busy the number of messages that were answered with {@link Reply.Busy}
     * @param call the median duration of a call with the added latency, in milliseconds
     */
    record Result(int stored, int acknowledged, double wasted, double perSecond, double p99, int busy, double call) {

        String row() {
            return String.format(
                    Locale.ROOT,
                    "%d | %.2f | %.0f | %.0f | %d | %.1f",
                    acknowledged,
                    wasted,
                    perSecond,
                    p99,
                    busy,
                    call);
        }
    }

    /** Every sender sends its next message as soon as its last one is acknowledged. */
    Result closedLoop(Duration time) {
        return run((members, send) -> {
            long end = System.nanoTime() + time.toNanos();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                members.forEach(member -> threads.execute(() -> {
                    while (System.nanoTime() < end) {
                        send.accept(member);
                    }
                }));
            }
        });
    }

    /** The senders send at random times (Poisson), and do not wait for acknowledgements. */
    Result openLoop(int perSecond, Duration time) {
        return run((members, send) -> {
            var random = new Random(perSecond);
            long due = System.nanoTime();
            long count = time.toMillis() * perSecond / 1000;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < count; i++) {
                    due += (long) (random.nextExponential() * 1_000_000_000L / perSecond);
                    LockSupport.parkNanos(due - System.nanoTime());
                    Sender member = members.get(i % members.size());
                    threads.execute(() -> send.accept(member));
                }
            }
        });
    }

    private interface Load {
        void run(Seq<Sender> members, Consumer<Sender> send);
    }

    private record Sender(ConnectionId connection, ChatService chat) {}

    private Result run(Load load) {
        Tables tables = TestDynamoDb.tables(engine);
        var client = new DelayedDynamoDb(engine, latency);
        Seq<Sender> members = Vector.range(0, senders).map(i -> sender(i, client, tables));
        members.zipWithIndex().forEach(member -> enter(member._1, HALL, member._2 == 0));
        client.reset();
        Queue<Long> times = new ConcurrentLinkedQueue<>();
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger number = new AtomicInteger();
        long began = System.nanoTime();
        load.run(members, member -> {
            long start = System.nanoTime();
            Reply reply = member.chat.handle(message(member.connection, HALL, "m" + number.incrementAndGet()));
            if (reply instanceof Reply.Accepted) {
                times.add(System.nanoTime() - start);
            } else {
                busy.incrementAndGet();
            }
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        var store = TestDynamoDb.store(engine, tables, InstantSource.system());
        int stored = store.read(StreamId.of(HALL), 0)
                .map(event -> event instanceof MessageSent message
                        ? message.id().get().value()
                        : "")
                .filter(id -> !id.isEmpty())
                .distinct()
                .size();
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        TestDynamoDb.drop(engine, tables);
        return new Result(
                stored,
                sorted.length,
                (client.puts.get() - stored) / (double) stored,
                sorted.length / seconds,
                sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1e6,
                busy.get(),
                client.median());
    }

    /**
     * Disconnects a member of many rooms, while another member of each room sends ten messages a second.
     *
     * @return the duration of the disconnect
     */
    Duration disconnect(int rooms) throws InterruptedException {
        Tables tables = TestDynamoDb.tables(engine);
        var client = new DelayedDynamoDb(engine, latency);
        Seq<RoomName> all = Vector.range(0, rooms).map(i -> new RoomName("room " + i));
        Sender leaving = sender(0, client, tables);
        Seq<Tuple2<Sender, RoomName>> staying =
                Vector.range(1, rooms + 1).map(i -> sender(i, client, tables)).zip(all);
        staying.forEach(member -> enter(member._1, member._2, true));
        register(leaving);
        all.forEach(room -> execute(leaving, new JoinRoom(leaving.connection, room, Instant.now())));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger number = new AtomicInteger();
        Duration took;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            staying.forEach(member -> threads.execute(() -> {
                while (!over.get()) {
                    String id = "m" + number.incrementAndGet();
                    threads.execute(() -> execute(member._1, message(member._1.connection, member._2, id)));
                    LockSupport.parkNanos(100_000_000);
                }
            }));
            Thread.sleep(1_000);
            long start = System.nanoTime();
            execute(leaving, new Disconnect(leaving.connection, Instant.now()));
            took = Duration.ofNanos(System.nanoTime() - start);
            over.set(true);
        }
        TestDynamoDb.drop(engine, tables);
        return took;
    }

    private static void enter(Sender sender, RoomName room, boolean creates) {
        register(sender);
        execute(
                sender,
                creates
                        ? new CreateRoom(sender.connection, room, Instant.now())
                        : new JoinRoom(sender.connection, room, Instant.now()));
    }

    private static void register(Sender sender) {
        execute(sender, new Connect(sender.connection, Instant.now()));
        String name = sender.connection.value();
        execute(
                sender,
                new RegisterUser(
                        sender.connection, new UserName(name), new ResumeKey("the-key-of-" + name), Instant.now()));
    }

    private static Sender sender(int i, DynamoDbClient client, Tables tables) {
        var store = TestDynamoDb.store(client, tables, InstantSource.system());
        return new Sender(
                new ConnectionId("c" + i),
                new ChatService(store, (event, recipients) -> io.vavr.collection.HashMap.empty()));
    }

    private static SendMessage message(ConnectionId sender, RoomName room, String id) {
        return new SendMessage(
                sender,
                Option.some(room),
                new MessageText("x".repeat(100)),
                Option.some(new ClientMessageId(id)),
                Instant.now());
    }

    private static void execute(Sender sender, ChatCommand command) {
        if (!(sender.chat.handle(command) instanceof Reply.Accepted)) {
            throw new AssertionError(command + " was not accepted");
        }
    }

    /** A client that delays every call, measures its duration, and counts puts. */
    private static final class DelayedDynamoDb implements DynamoDbClient {
        private final DynamoDbClient engine;
        private final Duration latency;
        private final AtomicInteger puts = new AtomicInteger();
        private final Queue<Long> times = new ConcurrentLinkedQueue<>();

        DelayedDynamoDb(DynamoDbClient engine, Duration latency) {
            this.engine = engine;
            this.latency = latency;
        }

        @Override
        public PutItemResponse putItem(PutItemRequest request) {
            puts.incrementAndGet();
            return call(() -> engine.putItem(request));
        }

        @Override
        public QueryResponse query(QueryRequest request) {
            return call(() -> engine.query(request));
        }

        @Override
        public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
            return call(() -> engine.transactWriteItems(request));
        }

        private <T> T call(Supplier<T> call) {
            long began = System.nanoTime();
            if (latency.isPositive()) {
                LockSupport.parkNanos(latency.toNanos());
            }
            try {
                return call.get();
            } finally {
                times.add(System.nanoTime() - began);
            }
        }

        void reset() {
            puts.set(0);
            times.clear();
        }

        double median() {
            long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[sorted.length / 2] / 1e6;
        }

        @Override
        public String serviceName() {
            return engine.serviceName();
        }

        @Override
        public void close() {
            // The caller closes the engine.
        }
    }

    /** Prints the tables of {@code docs/CONTENTION.md}. The argument is the duration of each load in seconds, by default 5. */
    public static void main(String[] arguments) throws InterruptedException {
        Duration time = Duration.ofSeconds(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5);
        DynamoDbClient engine = TestDynamoDb.embedded();
        // Warm-up.
        new ContentionBenchmark(engine, 5, Duration.ZERO).closedLoop(time.multipliedBy(3));
        for (Duration latency : Vector.of(Duration.ZERO, Duration.ofMillis(5))) {
            System.out.println("\n" + latency.toMillis() + " ms added to every call\n\n"
                    + "| load | messages | wasted write units a message | messages a second | p99 ms | busy | a call ms |\n"
                    + "| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
            for (int perSecond : Vector.of(20, 50, 100)) {
                System.out.println("| " + perSecond + " a second | "
                        + new ContentionBenchmark(engine, 20, latency)
                                .openLoop(perSecond, time)
                                .row() + " |");
            }
            for (int senders : Vector.of(1, 2, 5, 10, 50)) {
                System.out.println("| " + senders + " senders | "
                        + new ContentionBenchmark(engine, senders, latency)
                                .closedLoop(time)
                                .row() + " |");
            }
            long[] took = new long[5];
            for (int i = 0; i < took.length; i++) {
                took[i] = new ContentionBenchmark(engine, 1, latency)
                        .disconnect(15)
                        .toMillis();
            }
            Arrays.sort(took);
            System.out.println(
                    "\nDisconnect from 15 busy rooms, " + took.length + " times: " + Arrays.toString(took) + " ms");
        }
        System.exit(0);
    }
}
