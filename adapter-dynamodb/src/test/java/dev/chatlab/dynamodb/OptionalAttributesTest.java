package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent.Connected;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.StreamId;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

/** Items without an attribute that is optional, because it was added later, are read as if the value were absent. */
class OptionalAttributesTest {

    private static final ConnectionId CONNECTION = new ConnectionId("a-connection=");
    private static final Connected ANONYMOUS =
            new Connected(CONNECTION, Option.none(), Instant.parse("2030-01-01T12:00:00Z"));
    private static final Connected VERIFIED = ANONYMOUS.withIdentity(Option.some(new Identity("eu-west-1:ann")));

    @Test
    void eventWithoutIdentityIsReadAsAnonymous() {
        assertThat(EventItems.event(EventItems.item(VERIFIED))).isEqualTo(VERIFIED);
        assertThat(EventItems.event(without("identity", EventItems.item(VERIFIED))))
                .isEqualTo(ANONYMOUS);
    }

    @Test
    void sessionWithoutIdentityIsReadAsAnonymous() {
        var session = Chat.EMPTY.evolve(VERIFIED).sessions().get(CONNECTION).get();
        var snapshot = StreamSnapshots.item(StreamId.of(CONNECTION), Chat.EMPTY.evolve(VERIFIED))
                .get();

        assertThat(StreamSnapshots.session(CONNECTION, snapshot)).isEqualTo(session);
        assertThat(StreamSnapshots.session(CONNECTION, without("identity", snapshot)))
                .isEqualTo(session.withIdentity(Option.none()));
    }

    private static Item without(String attribute, Item item) {
        var fewer = new LinkedHashMap<>(item.attributes());
        assertThat(fewer.remove(attribute)).isNotNull();
        return new Item(fewer);
    }
}
