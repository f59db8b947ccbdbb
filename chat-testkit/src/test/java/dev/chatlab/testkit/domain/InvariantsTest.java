package dev.chatlab.testkit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.testkit.ChatDomain;
import dev.chatlab.testkit.DecisionCase;
import dev.chatlab.testkit.ReferenceModel;
import dev.chatlab.testkit.Scenario;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Invariants that hold after any sequence of commands. */
@Domain(ChatDomain.class)
class InvariantsTest {

    @Property
    void acceptedCommandsGiveALegalHistory(@ForAll Scenario scenario) {
        ReferenceModel.check(scenario);
    }

    @Property
    void userNameIsReservedByAtMostOneOpenConnection(@ForAll Scenario scenario) {
        Chat chat = scenario.chat();

        assertThat(chat.sessions().values().flatMap(Session::user)).doesNotHaveDuplicates();
        assertThat(chat.reservations()).allSatisfy(reservation -> {
            assertThat(reservation._2.user()).isEqualTo(reservation._1);
            assertThat(chat.sessions().get(reservation._2.connection()).flatMap(Session::user))
                    .containsExactly(reservation._1);
        });
    }

    @Property
    void membersOfRoomsAndRoomsOfSessionsAgree(@ForAll Scenario scenario) {
        Chat chat = scenario.chat();
        record Membership(ConnectionId connection, RoomName room) {}

        assertThat(chat.sessions()
                        .values()
                        .flatMap(session ->
                                session.rooms().toVector().map(room -> new Membership(session.connection(), room))))
                .containsExactlyInAnyOrderElementsOf(chat.rooms()
                        .keySet()
                        .toVector()
                        .flatMap(chat::open)
                        .flatMap(room -> room.members()
                                .keySet()
                                .toVector()
                                .map(connection -> new Membership(connection, room.name()))));
    }

    @Property
    void noConnectionIsInMoreRoomsThanThePolicyAllows(@ForAll Scenario scenario) {
        assertThat(scenario.chat().sessions().values())
                .allSatisfy(session -> assertThat(session.rooms().size())
                        .isLessThanOrEqualTo(scenario.policy().maxRoomsPerConnection()));
    }

    @Property
    void eventNumbersOfARoomNameHaveNoGapsWhenTheRoomIsCreatedAgain(@ForAll Scenario scenario) {
        assertThat(scenario.chat().rooms()).allSatisfy(room -> {
            Seq<ChatEvent.OfRoom> events = scenario.events()
                    .flatMap(event ->
                            event instanceof ChatEvent.OfRoom e && e.room().equals(room._1)
                                    ? Option.some(e)
                                    : Option.none());

            assertThat(events.map(ChatEvent.OfRoom::seq)).isEqualTo(Vector.rangeClosed(1L, room._2.seq()));
        });
    }

    @Property
    void roomWithoutMembersIsClosedIfThePolicyClosesEmptyRooms(@ForAll Scenario scenario) {
        assertThat(scenario.chat().rooms().keySet().flatMap(scenario.chat()::open))
                .allSatisfy(room -> assertThat(
                                room.members().isEmpty() && scenario.policy().closeEmptyRooms())
                        .isFalse());
    }

    @Property
    void eventsHaveTheTimeOfTheirCommand(@ForAll DecisionCase decisionCase) {
        assertThat(decisionCase.events().map(ChatEvent::at).toSet())
                .allSatisfy(
                        at -> assertThat(at).isEqualTo(decisionCase.command().at()));
    }
}
