package dev.chatlab.testkit.domain;

import static dev.chatlab.testkit.Story.closed;
import static dev.chatlab.testkit.Story.given;
import static dev.chatlab.testkit.TestClient.ANN;
import static dev.chatlab.testkit.TestClient.BOB;
import static dev.chatlab.testkit.TestClient.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Audience;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.NameReservation;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.testkit.TestClient;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Connect and RegisterUser: a connection registers one user name, and a user name belongs to one connection. */
class RegistrationTest {

    private static final TestClient ANN_AGAIN = ANN.on("another connection");
    private static final TestClient OTHER_KEY = ANN.on("another connection").showing("not-the-key-of-ann");
    private static final Instant EXPIRY = NOW.plus(ChatPolicy.DEFAULT.connectionLifetime());

    @Test
    void connectionRegistersAfterItWasAccepted() {
        given().when(ANN.connect()).then(ANN.connected()).when(ANN.register()).then(ANN.registered());
    }

    @Test
    void verifiedIdentityIsKeptInTheSession() {
        var ann = Option.some(new Identity("eu-west-1:ann"));

        var story = given().when(ANN.connect().withIdentity(ann))
                .then(ANN.connected().withIdentity(ann))
                .when(ANN.register())
                .then(ANN.registered());

        assertThat(story.chat().sessions().get(ANN.connection()).flatMap(Session::identity))
                .isEqualTo(ann);
    }

    @Test
    void secondConnectWithAnotherIdentityHasNoEvents() {
        given(ANN)
                .when(ANN.connect().withIdentity(Option.some(new Identity("eu-west-1:bob"))))
                .thenNothing();
    }

    @Test
    void secondConnectHasNoEvents() {
        given(ANN).when(ANN.connect().withAt(EXPIRY)).thenNothing();
    }

    @Test
    void commandsOfAnUnknownConnectionAreRejected() {
        var notConnected = new Rejection.NotConnected();
        given(BOB)
                .and(BOB.created("hall", 1))
                .when(ANN.register())
                .then(notConnected)
                .when(ANN.create("attic"))
                .then(notConnected)
                .when(ANN.join("hall"))
                .then(notConnected)
                .when(ANN.say("hello"))
                .then(notConnected)
                .when(ANN.leave())
                .then(notConnected)
                .when(ANN.disconnect())
                .thenNothing();
    }

    @Test
    void commandsOfAnUnregisteredConnectionAreRejected() {
        var notRegistered = new Rejection.NotRegistered();
        given(BOB)
                .and(BOB.created("hall", 1), ANN.connected())
                .when(ANN.create("attic"))
                .then(notRegistered)
                .when(ANN.create("hall"))
                .then(notRegistered)
                .when(ANN.join("hall"))
                .then(notRegistered)
                .when(ANN.say("hello"))
                .then(notRegistered)
                .when(ANN.leave())
                .then(notRegistered)
                .when(ANN.say("hall", "hello"))
                .then(new Rejection.NotAMember(new RoomName("hall")));
    }

    @Test
    void repeatedRegistrationWithTheSameKeyHasNoEvents() {
        given(ANN).when(ANN.register()).thenNothing();
        given(ANN).when(ANN.register().withAt(EXPIRY)).thenNothing();
    }

    @Test
    void registeredConnectionCannotRegisterAnotherNameOrKey() {
        var already = new Rejection.AlreadyRegistered(ANN.user());
        given(ANN, BOB)
                .when(ANN.register().withUser(new UserName("anna")))
                .then(already)
                .when(ANN.register().withUser(BOB.user()))
                .then(already)
                .when(ANN.register().withUser(BOB.user()).withKey(BOB.key()))
                .then(already)
                .when(ANN.showing("another-key-of-ann").register())
                .then(already);
    }

    @Test
    void reservedNameIsTakenForAnotherKey() {
        given(ANN).and(OTHER_KEY.connected()).when(OTHER_KEY.register()).then(new Rejection.NameTaken(ANN.user()));
    }

    @Test
    void namesThatDifferInCaseAreDifferentNames() {
        var capital = new UserName("Ann");
        given(ANN)
                .and(BOB.connected())
                .when(BOB.register().withUser(capital))
                .then(BOB.registered().withUser(capital));
    }

    @Test
    void connectionWithTheKeyTakesTheNameOver() {
        given(ANN)
                .and(ANN_AGAIN.connected())
                .when(ANN_AGAIN.register())
                .then(ANN.supersededBy(ANN_AGAIN), ANN_AGAIN.registered());
    }

    @Test
    void takeoverEndsTheOldSessionAndLeavesItsRoomsInNameOrder() {
        given(ANN, BOB)
                .and(
                        ANN.created("hall", 1),
                        ANN.created("attic", 1),
                        BOB.joined("hall", 1, 2),
                        ANN.created("cellar", 1),
                        ANN_AGAIN.connected())
                .when(ANN_AGAIN.register())
                .then(
                        ANN.left("attic", 1, 2),
                        closed("attic", 1, 3),
                        ANN.left("cellar", 1, 2),
                        closed("cellar", 1, 3),
                        ANN.left("hall", 1, 3),
                        ANN.supersededBy(ANN_AGAIN),
                        ANN_AGAIN.registered())
                .when(ANN_AGAIN.say("hall", "hello"))
                .then(new Rejection.NotAMember(new RoomName("hall")))
                .when(ANN.join("hall"))
                .then(new Rejection.NotConnected())
                .when(ANN.disconnect())
                .thenNothing()
                .when(ANN_AGAIN.join("hall"))
                .then(ANN_AGAIN.joined("hall", 1, 4));
    }

    @Test
    void nameCanBeTakenOverFromTheExpiryOnAndNotBefore() {
        given(ANN)
                .and(OTHER_KEY.connected())
                .when(OTHER_KEY.register().withAt(EXPIRY.minusMillis(1)))
                .then(new Rejection.NameTaken(ANN.user()))
                .when(OTHER_KEY.register().withAt(EXPIRY))
                .then(
                        ANN.supersededBy(OTHER_KEY).withAt(EXPIRY),
                        OTHER_KEY.registered().withAt(EXPIRY));
    }

    @Test
    void reservationExpiresOneLifetimeAfterTheConnectNotAfterTheRegistration() {
        Instant late = NOW.plus(Duration.ofHours(2));
        given(BOB)
                .and(ANN.connected())
                .when(ANN.register().withAt(late))
                .then(ANN.registered().withAt(late));
    }

    @Test
    void reservationExpiresAfterTheLifetimeOfThePolicy() {
        var policy = ChatPolicy.DEFAULT.withConnectionLifetime(Duration.ofMinutes(1));
        given().under(policy)
                .and(ANN.connected())
                .when(ANN.register())
                .then(ANN.registered().withExpiresAt(NOW.plusSeconds(60)));
    }

    @Test
    void afterATakeoverOnlyTheNewKeyTakesTheNameOver() {
        var third = OTHER_KEY.on("a third connection");
        given(ANN)
                .and(OTHER_KEY.connected().withAt(EXPIRY), third.connected().withAt(EXPIRY))
                .when(OTHER_KEY.register().withAt(EXPIRY))
                .then(
                        ANN.supersededBy(OTHER_KEY).withAt(EXPIRY),
                        OTHER_KEY.registered().withAt(EXPIRY).withExpiresAt(EXPIRY.plus(Duration.ofMinutes(135))))
                .when(ANN.on("a third connection").register().withAt(EXPIRY))
                .then(new Rejection.NameTaken(ANN.user()))
                .when(third.register().withAt(EXPIRY))
                .then(
                        OTHER_KEY.supersededBy(third).withAt(EXPIRY),
                        third.registered().withAt(EXPIRY).withExpiresAt(EXPIRY.plus(Duration.ofMinutes(135))));
    }

    @Test
    void nameIsFreeAfterDisconnect() {
        given(ANN)
                .and(OTHER_KEY.connected())
                .when(ANN.disconnect())
                .then(ANN.disconnected())
                .when(OTHER_KEY.register())
                .then(OTHER_KEY.registered());
    }

    @Test
    void onlyTheSupersededConnectionReceivesItsDisconnect() {
        Chat chat = given(ANN, BOB).chat();

        assertThat(chat.audience(ANN.supersededBy(BOB))).isEqualTo(new Audience.SingleConnection(ANN.connection()));
        assertThat(chat.audience(ANN.disconnected())).isEqualTo(new Audience.None());
    }

    @Test
    void boundaryOfATakeoverContainsTheOldSessionAndItsRooms() {
        Chat chat =
                given(ANN).and(ANN.created("hall", 1), ANN_AGAIN.connected()).chat();
        var own = StreamId.of(ANN_AGAIN.connection());
        var name = StreamId.of(ANN.user());

        assertThat(chat.boundary(ANN_AGAIN.register()))
                .containsExactlyInAnyOrder(own, name, StreamId.of(ANN.connection()), StreamId.of(new RoomName("hall")));
        assertThat(chat.boundary(OTHER_KEY.register())).containsExactlyInAnyOrder(own, name);
        assertThat(chat.boundary(OTHER_KEY.register().withAt(EXPIRY))).hasSize(4);
        assertThat(chat.boundary(OTHER_KEY.register().withUser(BOB.user())))
                .containsExactlyInAnyOrder(own, StreamId.of(BOB.user()));
        assertThat(chat.boundary(ANN_AGAIN.connect())).containsExactly(own);
    }

    @Test
    void reservationContainsOnlyTheDigestOfTheKey() {
        assertThat(given(ANN).chat().reservations().get(ANN.user()))
                .isEqualTo(Option.some(new NameReservation(
                        ANN.user(), ANN.connection(), ANN.key().digest(), EXPIRY)));
        assertThat(given(ANN).chat().toString()).doesNotContain(ANN.key().value());
        assertThat(ANN.register().toString()).doesNotContain(ANN.key().value());
    }
}
