package dev.chatlab.testkit.domain;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Room;
import dev.chatlab.testkit.ChatDomain;
import dev.chatlab.testkit.DecisionCase;
import io.vavr.collection.Map;
import io.vavr.collection.TreeMap;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/** The laws are worth no more than the scenarios that they are tried in. */
@Domain(ChatDomain.class)
class ChatArbitrariesTest {

    /** Each is seen in one situation of 200 or more, and so, but once in a million runs, in one of 3,000. */
    private static final Map<String, Predicate<DecisionCase>> SIGHTS = TreeMap.<String, Predicate<DecisionCase>>empty()
            .put("a connection is accepted", happens(ChatEvent.Connected.class))
            .put("a user registers", happens(ChatEvent.UserRegistered.class))
            .put("a room opens", happens(ChatEvent.RoomCreated.class))
            .put("a room fills", happens(ChatEvent.RoomJoined.class))
            .put("a message is sent", happens(ChatEvent.MessageSent.class))
            .put("a room empties", happens(ChatEvent.RoomLeft.class))
            .put("a room closes", happens(ChatEvent.RoomClosed.class))
            .put("a session ends", happens(ChatEvent.Disconnected.class))
            .put(
                    "a name is taken over",
                    s -> s.events().size() > 1
                            && happens(ChatEvent.UserRegistered.class).test(s))
            .put(
                    "a reservation has lapsed",
                    s -> s.scenario()
                            .chat()
                            .reservations()
                            .values()
                            .exists(reservation -> !s.command().at().isBefore(reservation.expiresAt())))
            .put(
                    "a reservation expiresAt right now",
                    s -> s.scenario()
                            .chat()
                            .reservations()
                            .values()
                            .exists(reservation -> s.command().at().equals(reservation.expiresAt())))
            .put("a decision has several steps", s -> Chat.steps(s.events()).size() > 1)
            .put("a decision has three steps", s -> Chat.steps(s.events()).size() > 2)
            .put("nothing is left to do", s -> s.decision().exists(events -> events.isEmpty()))
            .put(
                    "a message is sent again",
                    s -> s.command() instanceof ChatCommand.SendMessage
                            && s.decision().exists(events -> events.isEmpty()))
            .put(
                    "a room is in another life",
                    s -> s.scenario()
                            .chat()
                            .rooms()
                            .values()
                            .exists(room -> room instanceof Room.Open open && open.created() > 1))
            .put(
                    "an open room is empty",
                    s -> s.scenario()
                            .chat()
                            .rooms()
                            .values()
                            .exists(room -> room instanceof Room.Open open
                                    && open.members().isEmpty()))
            .put(
                    "a room has told more than it recalls",
                    s -> s.scenario().chat().rooms().values().exists(room -> room.seq() > Room.DEDUPLICATION_WINDOW))
            .put("not-connected", isRefused("not-connected"))
            .put("not-registered", isRefused("not-registered"))
            .put("already-registered", isRefused("already-registered"))
            .put("name-taken", isRefused("name-taken"))
            .put("room-exists", isRefused("room-exists"))
            .put("no-such-room", isRefused("no-such-room"))
            .put("not-a-member", isRefused("not-a-member"))
            .put("too-many-rooms", isRefused("too-many-rooms"))
            .put("no-room", isRefused("no-room"))
            .put("room-ambiguous", isRefused("room-ambiguous"));

    @Property(tries = 3000)
    @StatisticsReport(StatisticsReportMode.OFF)
    void everythingIsToBeSeenInTheseWorlds(@ForAll DecisionCase s) {
        SIGHTS.forEach((what, seen) -> Statistics.label(what)
                .collect(seen.test(s))
                .coverage(sights -> sights.check(true).count(count -> count > 0)));
    }

    private static Predicate<DecisionCase> happens(Class<? extends ChatEvent> event) {
        return s -> s.events().exists(event::isInstance);
    }

    private static Predicate<DecisionCase> isRefused(String code) {
        return s -> s.decision().fold(rejection -> rejection.code().equals(code), events -> false);
    }
}
