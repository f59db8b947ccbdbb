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

/** The generated decision cases reach every event, every rejection and the rare states that the properties are about. */
@Domain(ChatDomain.class)
class ChatArbitrariesTest {

    /**
     * Each of these holds for at least one of 200 generated cases. So the probability that it holds for none of 3,000 cases is
     * below one in a million.
     */
    private static final Map<String, Predicate<DecisionCase>> COVERED = TreeMap.<String, Predicate<DecisionCase>>empty()
            .put("a connection is accepted", happens(ChatEvent.Connected.class))
            .put("a user registers", happens(ChatEvent.UserRegistered.class))
            .put("a room is created", happens(ChatEvent.RoomCreated.class))
            .put("a connection joins a room", happens(ChatEvent.RoomJoined.class))
            .put("a message is sent", happens(ChatEvent.MessageSent.class))
            .put("a connection leaves a room", happens(ChatEvent.RoomLeft.class))
            .put("a room closes", happens(ChatEvent.RoomClosed.class))
            .put("a session ends", happens(ChatEvent.Disconnected.class))
            .put(
                    "a name is taken over",
                    sample -> sample.events().size() > 1
                            && happens(ChatEvent.UserRegistered.class).test(sample))
            .put(
                    "a reservation has expired",
                    sample -> sample.scenario()
                            .chat()
                            .reservations()
                            .values()
                            .exists(reservation -> !sample.command().at().isBefore(reservation.expiresAt())))
            .put(
                    "a reservation expires at the time of the command",
                    sample -> sample.scenario()
                            .chat()
                            .reservations()
                            .values()
                            .exists(reservation -> sample.command().at().equals(reservation.expiresAt())))
            .put(
                    "a decision has several steps",
                    sample -> Chat.steps(sample.events()).size() > 1)
            .put(
                    "a decision has three steps",
                    sample -> Chat.steps(sample.events()).size() > 2)
            .put("there is nothing to do", sample -> sample.decision().exists(events -> events.isEmpty()))
            .put(
                    "a message is sent twice",
                    sample -> sample.command() instanceof ChatCommand.SendMessage
                            && sample.decision().exists(events -> events.isEmpty()))
            .put(
                    "a room was created again",
                    sample -> sample.scenario()
                            .chat()
                            .rooms()
                            .values()
                            .exists(room -> room instanceof Room.Open open && open.created() > 1))
            .put(
                    "an open room has no members",
                    sample -> sample.scenario()
                            .chat()
                            .rooms()
                            .values()
                            .exists(room -> room instanceof Room.Open open
                                    && open.members().isEmpty()))
            .put(
                    "a room has more events than the deduplication window",
                    sample -> sample.scenario()
                            .chat()
                            .rooms()
                            .values()
                            .exists(room -> room.seq() > Room.DEDUPLICATION_WINDOW))
            .put("not-connected", isRejected("not-connected"))
            .put("not-registered", isRejected("not-registered"))
            .put("already-registered", isRejected("already-registered"))
            .put("name-taken", isRejected("name-taken"))
            .put("room-exists", isRejected("room-exists"))
            .put("no-such-room", isRejected("no-such-room"))
            .put("not-a-member", isRejected("not-a-member"))
            .put("too-many-rooms", isRejected("too-many-rooms"))
            .put("no-room", isRejected("no-room"))
            .put("room-ambiguous", isRejected("room-ambiguous"));

    @Property(tries = 3000)
    @StatisticsReport(StatisticsReportMode.OFF)
    void generatedCasesCoverEveryEventRejectionAndRareState(@ForAll DecisionCase decisionCase) {
        COVERED.forEach((description, condition) -> Statistics.label(description)
                .collect(condition.test(decisionCase))
                .coverage(checker -> checker.check(true).count(count -> count > 0)));
    }

    private static Predicate<DecisionCase> happens(Class<? extends ChatEvent> event) {
        return sample -> sample.events().exists(event::isInstance);
    }

    private static Predicate<DecisionCase> isRejected(String code) {
        return sample -> sample.decision().fold(rejection -> rejection.code().equals(code), events -> false);
    }
}
