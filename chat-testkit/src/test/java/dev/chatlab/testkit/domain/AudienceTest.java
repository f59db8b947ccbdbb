package dev.chatlab.testkit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Audience;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.testkit.ChatDomain;
import dev.chatlab.testkit.DecisionCase;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** The recipients of each kind of event. */
@Domain(ChatDomain.class)
class AudienceTest {

    @Property
    void everyEventReachesExactlyItsRecipients(@ForAll DecisionCase decisionCase) {
        Chat before = decisionCase.scenario().chat();
        for (ChatEvent event : decisionCase.events()) {
            Chat after = before.evolve(event);
            Audience expected = switch (event) {
                case ChatEvent.Connected e -> new Audience.None();
                case ChatEvent.UserRegistered e -> new Audience.None();
                case ChatEvent.RoomCreated e -> new Audience.Registered();
                case ChatEvent.RoomClosed e -> new Audience.Registered();
                case ChatEvent.RoomJoined e -> new Audience.Members(e.room(), members(before, e.room()));
                case ChatEvent.MessageSent e -> new Audience.Members(e.room(), members(before, e.room()));
                case ChatEvent.RoomLeft e ->
                    new Audience.Members(e.room(), members(before, e.room()).remove(e.connection()));
                case ChatEvent.Disconnected e ->
                    decisionCase.command() instanceof ChatCommand.RegisterUser
                            ? new Audience.SingleConnection(e.connection())
                            : new Audience.None();
            };

            assertThat(after.audience(event)).isEqualTo(expected);
            before = after;
        }
    }

    @Property
    void messageReachesAllMembersIncludingTheSender(@ForAll DecisionCase decisionCase) {
        Chat after = decisionCase.after().chat();

        assertThat(decisionCase.events()).allSatisfy(event -> {
            if (event instanceof ChatEvent.MessageSent message) {
                Set<ConnectionId> members = members(after, message.room());
                assertThat(members).contains(message.connection());
                assertThat(after.audience(message)).isEqualTo(new Audience.Members(message.room(), members));
            }
        });
    }

    private static Set<ConnectionId> members(Chat chat, RoomName room) {
        return chat.open(room).map(open -> open.members().keySet()).getOrElse(HashSet.empty());
    }
}
