package dev.chatlab.protocol.violation;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import java.time.Instant;

/** Breaks the rules of the protocol: uses AWS, decides a command and makes an event. */
public final class UsesAws {

    private UsesAws() {}

    /** The body of an API Gateway event. */
    public static String body(APIGatewayV2WebSocketEvent event) {
        return event.getBody();
    }

    /** Whether a command would be accepted. */
    public static boolean accepts(Chat chat, ChatCommand command) {
        return chat.decide(command, ChatPolicy.DEFAULT).isRight();
    }

    /** An event that no rule allowed. */
    public static ChatEvent event(ConnectionId connection, UserName user) {
        return new ChatEvent.RoomJoined(new RoomName("hall"), 1, 2, connection, user, Instant.EPOCH);
    }
}
