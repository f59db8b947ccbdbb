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

/** What was stored before a field was added is read as if the field were left out. */
class AddedFieldsTest {

    private static final ConnectionId CONNECTION = new ConnectionId("a-connection=");
    private static final Connected ANONYMOUS =
            new Connected(CONNECTION, Option.none(), Instant.parse("2030-01-01T12:00:00Z"));
    private static final Connected VERIFIED = ANONYMOUS.withIdentity(Option.some(new Identity("eu-west-1:ann")));

    @Test
    void anEventWithoutAnIdentity() {
        assertThat(EventItems.event(EventItems.item(VERIFIED))).isEqualTo(VERIFIED);
        assertThat(EventItems.event(without("identity", EventItems.item(VERIFIED))))
                .isEqualTo(ANONYMOUS);
    }

    @Test
    void aSessionWithoutAnIdentity() {
        var session = Chat.EMPTY.evolve(VERIFIED).sessions().get(CONNECTION).get();
        var state = StreamSnapshots.item(StreamId.of(CONNECTION), Chat.EMPTY.evolve(VERIFIED))
                .get();

        assertThat(StreamSnapshots.session(CONNECTION, state)).isEqualTo(session);
        assertThat(StreamSnapshots.session(CONNECTION, without("identity", state)))
                .isEqualTo(session.withIdentity(Option.none()));
    }

    private static Item without(String attribute, Item item) {
        var fewer = new LinkedHashMap<>(item.attributes());
        assertThat(fewer.remove(attribute)).isNotNull();
        return new Item(fewer);
    }
}
