package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryProvider;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Events share a chat if they come from the same stage with the same stage variables. */
class ChatApplicationTest {

    private static final ConnectionId ANN = new ConnectionId("ann");

    private final ChatApplication application = ChatApplication.of(Map.of(
            "CHAT_STORE", "memory",
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "secret"));

    @Test
    void eventsWithTheSameStageVariablesShareAChat() {
        assertThat(application.chat(event("dev", Map.of("CHAT_RETENTION_DAYS", "30"))))
                .isSameAs(application.chat(event("dev", Map.of("CHAT_RETENTION_DAYS", "30"))));
    }

    @Test
    void eventWithOtherStageVariablesGetsAStoreOpenedWithThem() {
        Map<String, String> one = Map.of("CHAT_MEMORY", UUID.randomUUID().toString());
        Map<String, String> other = Map.of("CHAT_MEMORY", UUID.randomUUID().toString());

        assertThat(application.chat(event("dev", one)).service().handle(new Connect(ANN, Option.none(), Instant.EPOCH)))
                .isInstanceOf(Reply.Accepted.class);

        assertThat(new InMemoryProvider().open(one).read(StreamId.of(ANN), 0)).hasSize(1);
        assertThat(new InMemoryProvider().open(other).read(StreamId.of(ANN), 0)).isEmpty();
        assertThat(application.chat(event("dev", other))).isNotSameAs(application.chat(event("dev", one)));
    }

    @Test
    void eventOfAnotherStageGetsAnotherChat() {
        assertThat(application.chat(event("dev", Map.of()))).isNotSameAs(application.chat(event("prod", Map.of())));
    }

    private static APIGatewayV2WebSocketEvent event(String stage, Map<String, String> stageVariables) {
        var context = new RequestContext();
        context.setApiId("api");
        context.setStage(stage);
        var event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setStageVariables(stageVariables);
        return event;
    }
}
