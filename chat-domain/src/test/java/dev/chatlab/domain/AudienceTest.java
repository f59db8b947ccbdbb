package dev.chatlab.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Who hears of what. */
@Domain(ChatDomain.class)
class AudienceTest {

    @Property
    void whoeverIsConcernedHearsOfAnEvent(@ForAll Situation s) {
        Chat before = s.world().chat();
        for (ChatEvent event : s.events()) {
            Chat after = before.evolve(event);
            Audience expected = switch (event) {
                case ChatEvent.Connected e -> new Audience.Nobody();
                case ChatEvent.UserRegistered e -> new Audience.Nobody();
                case ChatEvent.RoomCreated e -> new Audience.Everyone();
                case ChatEvent.RoomClosed e -> new Audience.Everyone();
                case ChatEvent.RoomJoined e -> new Audience.Members(e.room(), members(before, e.room()));
                case ChatEvent.MessageSent e -> new Audience.Members(e.room(), members(before, e.room()));
                case ChatEvent.RoomLeft e ->
                    new Audience.Members(e.room(), members(before, e.room()).remove(e.connection()));
                case ChatEvent.Disconnected e ->
                    s.command() instanceof ChatCommand.RegisterUser
                            ? new Audience.One(e.connection())
                            : new Audience.Nobody();
            };

            assertThat(after.audience(event)).isEqualTo(expected);
            before = after;
        }
    }

    @Property
    void theSenderHearsTheMessage(@ForAll Situation s) {
        assertThat(s.events()).allSatisfy(event -> {
            if (event instanceof ChatEvent.MessageSent e) {
                assertThat(members(s.after().chat(), e.room())).contains(e.connection());
                assertThat(s.after().chat().audience(e))
                        .isEqualTo(
                                new Audience.Members(e.room(), members(s.after().chat(), e.room())));
            }
        });
    }

    private static Set<ConnectionId> members(Chat chat, RoomName room) {
        return chat.open(room).map(open -> open.members().keySet()).getOrElse(HashSet.empty());
    }
}
