package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a function needs for its first request, loaded by a thread of its own: Lambda gives a function that starts more than one
 * processor, and the thread that makes it is busy with the SDK's clients. Nothing is sent, nothing is kept, and nothing random made.
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

    /** Every command, decided, told and written down, on an empty world. */
    private static void converse() {
        Request.of(new EventJson().fromJson(EVENT, APIGatewayV2WebSocketEvent.class));
        var ann = new ConnectionId("ann");
        var hall = new RoomName("hall");
        Instant at = Instant.EPOCH;
        Chat chat = Chat.EMPTY;
        for (ChatCommand command : Vector.of(
                new ChatCommand.Connect(ann, Option.none(), at),
                new ChatCommand.RegisterUser(ann, new UserName("Ann"), new ResumeKey("0123456789abcdef0123"), at),
                new ChatCommand.CreateRoom(ann, hall, at),
                new ChatCommand.JoinRoom(ann, hall, at),
                new ChatCommand.SendMessage(
                        ann, Option.some(hall), new MessageText("hello"), Option.some(new ClientMessageId("1")), at),
                new ChatCommand.LeaveRoom(ann, Option.some(hall), at),
                new ChatCommand.Disconnect(ann, at))) {
            chat.boundary(command);
            Vector<ChatEvent> events =
                    chat.decide(command, ChatPolicy.DEFAULT).fold(refused -> Vector.empty(), Vector::ofAll);
            for (ChatEvent event : events) {
                chat = chat.evolve(event);
                chat.audience(event);
                if (event instanceof ChatEvent.OfRoom) {
                    Frames.told(event).json();
                }
            }
        }
    }
}
