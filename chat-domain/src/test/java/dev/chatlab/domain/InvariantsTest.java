package dev.chatlab.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.Seq;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Whatever is asked in whatever order, no rule is ever broken. */
@Domain(ChatDomain.class)
class InvariantsTest {

    @Property
    void whatIsAcceptedIsALegalHistory(@ForAll World world) {
        Chronicle.check(world);
    }

    @Property
    void aUserNameBelongsToOneLiveConnection(@ForAll World world) {
        Chat chat = world.chat();

        assertThat(chat.sessions().values().flatMap(Session::user)).doesNotHaveDuplicates();
        assertThat(chat.claims()).allSatisfy(claim -> {
            assertThat(claim._2.user()).isEqualTo(claim._1);
            assertThat(chat.sessions().get(claim._2.connection()).flatMap(Session::user))
                    .containsExactly(claim._1);
        });
    }

    @Property
    void aRoomsMembersAndASessionsRoomsAreTheSameThing(@ForAll World world) {
        Chat chat = world.chat();
        record In(ConnectionId connection, RoomName room) {}

        assertThat(chat.sessions()
                        .values()
                        .flatMap(session -> session.rooms().toVector().map(room -> new In(session.connection(), room))))
                .containsExactlyInAnyOrderElementsOf(chat.rooms()
                        .keySet()
                        .toVector()
                        .flatMap(chat::open)
                        .flatMap(room ->
                                room.members().keySet().toVector().map(connection -> new In(connection, room.name()))));
    }

    @Property
    void nobodyIsInMoreRoomsThanThePolicyAllows(@ForAll World world) {
        assertThat(world.chat().sessions().values())
                .allSatisfy(session -> assertThat(session.rooms().size())
                        .isLessThanOrEqualTo(world.policy().maxRoomsPerConnection()));
    }

    @Property
    void aRoomsNumbersCountItsEventsOverAllOfItsLives(@ForAll World world) {
        assertThat(world.chat().rooms()).allSatisfy(room -> {
            Seq<ChatEvent.OfRoom> told = world.events()
                    .flatMap(event ->
                            event instanceof ChatEvent.OfRoom e && e.room().equals(room._1)
                                    ? io.vavr.control.Option.some(e)
                                    : io.vavr.control.Option.none());

            assertThat(told.map(ChatEvent.OfRoom::seq))
                    .isEqualTo(io.vavr.collection.Vector.rangeClosed(1L, room._2.seq()));
        });
    }

    @Property
    void aRoomThatNobodyIsInIsClosedIfThePolicySaysSo(@ForAll World world) {
        assertThat(world.chat().rooms().keySet().flatMap(world.chat()::open))
                .allSatisfy(room -> assertThat(
                                room.members().isEmpty() && world.policy().closeEmptyRooms())
                        .isFalse());
    }

    @Property
    void eventsCarryTheTimeOfTheirCommand(@ForAll Situation s) {
        assertThat(s.events().map(ChatEvent::at).toSet())
                .allSatisfy(at -> assertThat(at).isEqualTo(s.command().at()));
    }
}
