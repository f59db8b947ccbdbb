package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.protocol.InboundFrame;
import dev.chatlab.protocol.OutboundFrames;
import io.vavr.collection.HashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a function needs for its first request, loaded by a thread of its own: Lambda gives a function that starts more than one
 * processor, and the thread that makes it is busy with the SDK's clients. Nothing is sent and nothing is kept.
 */
final class HeadStart {

    private static final Logger LOG = LoggerFactory.getLogger(HeadStart.class);

    private final Thread thread = Thread.ofPlatform()
            .daemon()
            .name("head start")
            .unstarted(() -> {
                trust();
                converse();
            });

    private static final ConnectionId ANN = new ConnectionId("ann");
    private static final UserName NAME = new UserName("Ann");
    private static final RoomName HALL = new RoomName("hall");
    private static final Instant AT = Instant.EPOCH;
    private static final String EVENT = """
            {"requestContext":{"eventType":"MESSAGE","connectionId":"ann","requestTimeEpoch":0,"identity":{"sourceIp":"::1"}},\
            "body":"{\\"action\\":\\"dispatch\\"}","isBase64Encoded":false}""";

    private HeadStart() {}

    static HeadStart begin() {
        var start = new HeadStart();
        start.thread.start();
        return start;
    }

    /** Waits until all is loaded. */
    void await() throws InterruptedException {
        thread.join();
    }

    /** Reads whom TLS trusts, which every client asks for, and takes the longest. */
    private static void trust() {
        try {
            SSLContext.getInstance("TLS").init(null, null, null);
        } catch (GeneralSecurityException e) {
            LOG.warn("there is no TLS", e);
        }
    }

    /** An event is read, and somebody goes through everything that one can do, in a scenario of her own; tells how it went. */
    static Seq<Reply> converse() {
        InboundFrame.parse(new EventJson()
                .<APIGatewayV2WebSocketEvent>fromJson(EVENT, APIGatewayV2WebSocketEvent.class)
                .getBody());
        var chat = new ChatService(new Stage(), (event, recipients) -> {
            OutboundFrames.of(event).json();
            return HashMap.empty();
        });
        var metrics = new Metrics("");
        Seq<Reply> replies = Vector.<ChatCommand>of(
                        new ChatCommand.Connect(ANN, Option.none(), AT),
                        new ChatCommand.RegisterUser(ANN, NAME, new ResumeKey("0123456789abcdef0123"), AT),
                        new ChatCommand.CreateRoom(ANN, HALL, AT),
                        new ChatCommand.JoinRoom(ANN, HALL, AT),
                        new ChatCommand.SendMessage(
                                ANN,
                                Option.some(HALL),
                                new MessageText("hello"),
                                Option.some(new ClientMessageId("1")),
                                AT),
                        new ChatCommand.LeaveRoom(ANN, Option.some(HALL), AT),
                        new ChatCommand.Disconnect(ANN, AT))
                .map(command -> chat.handle(command, metrics));
        metrics.documents(AT, Map.of());
        return replies;
    }

    /** A store in which there is what has been appended to it, and nobody else's. */
    private static final class Stage implements ChatStore {

        private Chat chat = Chat.EMPTY;
        private io.vavr.collection.Map<StreamId, Long> versions = HashMap.empty();

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            return new Loaded(
                    chat.slice(streams), streams.toMap(stream -> stream, stream -> versions.getOrElse(stream, 0L)));
        }

        @Override
        public Either<Conflict, Committed> append(Append append) {
            chat = chat.evolve(append.events());
            versions = append.versions().merge(versions);
            return Either.right(new Committed(append.versions()));
        }

        @Override
        public Seq<ChatEvent> read(StreamId stream, long after) {
            return Vector.empty();
        }

        @Override
        public Page after(long seq, Room.Open room, int limit) {
            return new Page(Vector.empty(), false);
        }

        @Override
        public Page latest(Room.Open room, int limit) {
            return new Page(Vector.empty(), false);
        }

        @Override
        public Seq<RoomName> openRooms() {
            return Vector.empty();
        }

        @Override
        public Seq<RegisteredUser> registered() {
            return Vector.of(new RegisteredUser(NAME, ANN));
        }
    }
}
