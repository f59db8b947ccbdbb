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
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * Many in one room at once, each with a service of its own as in a process of its own: nobody takes turns but at the table.
 *
 * @param engine what answers
 * @param latency what is added to every call, since the engine is on this machine and a table is not
 */
record Contention(DynamoDbClient engine, int senders, Duration latency) {

    private static final RoomName HALL = new RoomName("hall");

    /**
     * How it went.
     *
     * @param stored how many messages are in the room, each once and numbered without a gap
     * @param sent how many were acknowledged
     * @param wasted write units spent on messages that found somebody else's in their place, a message
     * @param perSecond messages acknowledged
     * @param p99 how long the slowest of a hundred took, in milliseconds
     * @param busy how many were turned away
     * @param call how long a call took, in milliseconds, with what was added to it; the median
     */
    record Result(int stored, int sent, double wasted, double perSecond, double p99, int busy, double call) {

        String row() {
            return String.format(
                    Locale.ROOT, "%d | %.2f | %.0f | %.0f | %d | %.1f", sent, wasted, perSecond, p99, busy, call);
        }
    }

    /** Everybody sends again as soon as the last message is acknowledged. */
    Result closedLoop(Duration time) {
        return run((members, say) -> {
            long end = System.nanoTime() + time.toNanos();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                members.forEach(member -> threads.execute(() -> {
                    while (System.nanoTime() < end) {
                        say.accept(member);
                    }
                }));
            }
        });
    }

    /** So many messages a second on average, at times of their own (Poisson), whatever became of those before. */
    Result openLoop(int perSecond, Duration time) {
        return run((members, say) -> {
            var random = new Random(perSecond);
            long due = System.nanoTime();
            long count = time.toMillis() * perSecond / 1000;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < count; i++) {
                    due += (long) (random.nextExponential() * 1_000_000_000L / perSecond);
                    LockSupport.parkNanos(due - System.nanoTime());
                    Member member = members.get(i % members.size());
                    threads.execute(() -> say.accept(member));
                }
            }
        });
    }

    private interface Load {
        void run(Seq<Member> members, java.util.function.Consumer<Member> say);
    }

    private record Member(ConnectionId connection, ChatService chat) {}

    private Result run(Load load) {
        Tables tables = Engine.tables(engine);
        var client = new Far(engine, latency);
        Seq<Member> members = Vector.range(0, senders).map(i -> member(i, client, tables));
        members.zipWithIndex().forEach(member -> enter(member._1, HALL, member._2 == 0));
        client.reset();
        Queue<Long> times = new ConcurrentLinkedQueue<>();
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger number = new AtomicInteger();
        long began = System.nanoTime();
        load.run(members, member -> {
            long start = System.nanoTime();
            Reply reply = member.chat.handle(say(member.connection, HALL, "m" + number.incrementAndGet()));
            if (reply instanceof Reply.Accepted) {
                times.add(System.nanoTime() - start);
            } else {
                busy.incrementAndGet();
            }
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        var store = Engine.store(engine, tables, InstantSource.system());
        int stored = store.read(StreamId.of(HALL), 0)
                .map(event -> event instanceof MessageSent message
                        ? message.id().get().value()
                        : "")
                .filter(id -> !id.isEmpty())
                .distinct()
                .size();
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        Engine.drop(engine, tables);
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
     * Somebody in so many rooms, in each of which ten messages a second are being said, goes.
     *
     * @return how long it takes
     */
    Duration disconnect(int rooms) throws InterruptedException {
        Tables tables = Engine.tables(engine);
        var client = new Far(engine, latency);
        Seq<RoomName> all = Vector.range(0, rooms).map(i -> new RoomName("room " + i));
        Member leaving = member(0, client, tables);
        Seq<Member> staying = Vector.range(1, rooms + 1).map(i -> member(i, client, tables));
        enter(staying.zip(all));
        connect(leaving);
        all.forEach(room -> insist(leaving, new JoinRoom(leaving.connection, room, Instant.now())));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger number = new AtomicInteger();
        Duration took;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            staying.zip(all)
                    .forEach(talker -> threads.execute(() -> {
                        while (!over.get()) {
                            String id = "m" + number.incrementAndGet();
                            threads.execute(() -> insist(talker._1, say(talker._1.connection, talker._2, id)));
                            LockSupport.parkNanos(100_000_000);
                        }
                    }));
            Thread.sleep(1_000);
            long start = System.nanoTime();
            insist(leaving, new Disconnect(leaving.connection, Instant.now()));
            took = Duration.ofNanos(System.nanoTime() - start);
            over.set(true);
        }
        Engine.drop(engine, tables);
        return took;
    }

    private static void enter(Seq<io.vavr.Tuple2<Member, RoomName>> members) {
        members.forEach(member -> enter(member._1, member._2, true));
    }

    private static void enter(Member member, RoomName room, boolean first) {
        connect(member);
        insist(
                member,
                first
                        ? new CreateRoom(member.connection, room, Instant.now())
                        : new JoinRoom(member.connection, room, Instant.now()));
    }

    private static void connect(Member member) {
        insist(member, new Connect(member.connection, Instant.now()));
        String name = member.connection.value();
        insist(
                member,
                new RegisterUser(
                        member.connection,
                        new UserName(name),
                        new ResumeKey("the-key-of-person-" + name),
                        Instant.now()));
    }

    private static Member member(int i, DynamoDbClient client, Tables tables) {
        var store = Engine.store(client, tables, InstantSource.system());
        return new Member(
                new ConnectionId("c" + i),
                new ChatService(store, (event, recipients) -> io.vavr.collection.HashMap.empty()));
    }

    private static SendMessage say(ConnectionId who, RoomName room, String id) {
        return new SendMessage(
                who,
                Option.some(room),
                new MessageText("x".repeat(100)),
                Option.some(new ClientMessageId(id)),
                Instant.now());
    }

    private static void insist(Member member, ChatCommand command) {
        if (!(member.chat.handle(command) instanceof Reply.Accepted)) {
            throw new AssertionError(command + " was not accepted");
        }
    }

    /** Counts messages that are put, also in vain, and makes every call take longer. */
    private static final class Far implements DynamoDbClient {
        private final DynamoDbClient engine;
        private final Duration latency;
        private final AtomicInteger puts = new AtomicInteger();
        private final Queue<Long> times = new ConcurrentLinkedQueue<>();

        Far(DynamoDbClient engine, Duration latency) {
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
            // Who opened the engine closes it.
        }
    }

    /** Prints the tables of {@code docs/CONTENTION.md}. The argument: how many seconds each row takes. */
    public static void main(String[] arguments) throws InterruptedException {
        Duration time = Duration.ofSeconds(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5);
        DynamoDbClient engine = Engine.embedded();
        new Contention(engine, 5, Duration.ZERO).closedLoop(time.multipliedBy(3)); // to warm up
        for (Duration latency : Vector.of(Duration.ZERO, Duration.ofMillis(5))) {
            System.out.println("\n" + latency.toMillis() + " ms added to every call\n\n"
                    + "| load | messages | wasted write units a message | messages a second | p99 ms | busy | a call ms |\n"
                    + "| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
            for (int perSecond : Vector.of(20, 50, 100)) {
                System.out.println("| " + perSecond + " a second | "
                        + new Contention(engine, 20, latency)
                                .openLoop(perSecond, time)
                                .row() + " |");
            }
            for (int senders : Vector.of(1, 2, 5, 10, 50)) {
                System.out.println("| " + senders + " senders | "
                        + new Contention(engine, senders, latency)
                                .closedLoop(time)
                                .row() + " |");
            }
            long[] took = new long[5];
            for (int i = 0; i < took.length; i++) {
                took[i] = new Contention(engine, 1, latency).disconnect(15).toMillis();
            }
            Arrays.sort(took);
            System.out.println("\nDisconnect from 15 busy rooms, of five: " + Arrays.toString(took) + " ms");
        }
        System.exit(0);
    }
}
