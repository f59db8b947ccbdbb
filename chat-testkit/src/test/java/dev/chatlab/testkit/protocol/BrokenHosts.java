package dev.chatlab.testkit.protocol;

import static dev.chatlab.testkit.protocol.BrokenHosts.Broken.host;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.protocol.ChatSockets;
import io.vavr.control.Option;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.java_websocket.framing.CloseFrame;

/** Hosts that each violate one test of the contract. */
final class BrokenHosts {

    private BrokenHosts() {}

    /** Broken hosts by the name of the test that each of them must fail. */
    static final Map<String, List<Broken>> BY_TEST = Map.ofEntries(
            // --- delivery ---
            Map.entry(
                    "everyMemberReceivesEveryMessageExactlyOnce",
                    List.of(
                            host(
                                    "drops every seventh message",
                                    "messages by seq: missing [",
                                    () -> new Dropping(every(7, type("client-message")))),
                            host(
                                    "sends every seventh message twice",
                                    "more than once [",
                                    () -> new Duplicating(every(7, type("client-message")))),
                            host(
                                    "mixes up the texts of two messages",
                                    "messages by text: missing [0/7]",
                                    () -> new RewritingOutbound(
                                            frame -> frame.replace("\"message\":\"0/7\"", "\"message\":\"0/8\""))))),
            Map.entry(
                    "everyMessageIsAcknowledgedExactlyOnceWithItsSeq",
                    List.of(
                            host(
                                    "drops every seventh ack",
                                    "acks: missing [",
                                    () -> new Dropping(every(7, type("ack")))),
                            host(
                                    "sends every seventh ack twice",
                                    "more than once [",
                                    () -> new Duplicating(every(7, type("ack")))),
                            host(
                                    "acknowledges with the wrong seq",
                                    "the message at the seq of",
                                    () -> new RewritingOutbound(
                                            frame -> frame.replaceAll("(\"ack\".*\"seq\":\\d*)\\d", "$19"))))),
            Map.entry(
                    "membersReceiveJoinsAndLeavesExactlyOnce",
                    List.of(
                            host("drops leaves", "missing [3]", () -> new Dropping(type("member-left"))),
                            host(
                                    "sends joins twice",
                                    "more than once [2]",
                                    () -> new Duplicating(type("member-joined"))))),
            Map.entry(
                    "clientThatIsNoMemberReceivesNoMessages",
                    List.of(host("sends messages to all connections", "without being a member", Broadcasting::new))),
            Map.entry(
                    "registeredClientsAreNotifiedOfNewAndClosedRooms",
                    List.of(
                            host(
                                    "drops new rooms",
                                    "did not receive the new room",
                                    () -> new Dropping(type("single-room"))),
                            host(
                                    "drops closed rooms",
                                    "did not receive the closing of",
                                    () -> new Dropping(type("delete-room"))),
                            host(
                                    "lists no rooms",
                                    "the open rooms",
                                    () -> new RewritingOutbound(
                                            frame -> frame.replaceAll("\"rooms\":\\[.*\\]", "\"rooms\":[]"))))),
            Map.entry(
                    "longestTextOfWidestCharactersIsDeliveredUnchanged",
                    List.of(
                            host(
                                    "accepts 8 KB",
                                    "did not receive a frame of type client-message",
                                    () -> new TestHost(8 * 1024)),
                            host(
                                    "cuts long texts",
                                    "the text is unchanged",
                                    () -> new RewritingOutbound(
                                            frame -> frame.replaceAll("(\ud83e\udd80){3000}", "\ud83e\udd80"))))),
            // --- order ---
            Map.entry(
                    "eventsArriveInSeqOrderWhereOrderIsPromised",
                    List.of(host(
                            "promises order and delays every seventh message",
                            "seq after",
                            () -> new Delaying(every(7, type("client-message")), true)))),
            Map.entry(
                    "acknowledgementArrivesBetweenItsOwnEventAndTheNextWhereOrderIsPromised",
                    List.of(
                            host(
                                    "promises order and delays acks",
                                    "the last event before the response",
                                    () -> new Delaying(type("ack"), true)),
                            host(
                                    "promises order and delays messages",
                                    "the last event before the response",
                                    () -> new Delaying(type("client-message"), true)))),
            Map.entry(
                    "joinResponseArrivesBetweenItsStateAndTheNextEventWhereOrderIsPromised",
                    List.of(host(
                            "promises order and delays responses to joins",
                            "the first frame of the room is the response",
                            () -> new Delaying(type("multi-message"), true)))),
            // --- joining and catching up ---
            Map.entry(
                    "joinWithSinceReturnsTheMissedMessagesPageByPage",
                    List.of(
                            host(
                                    "ignores since",
                                    "m69",
                                    () -> new RewritingInbound(frame -> frame.replace("\"since\"", "\"after\""))),
                            host(
                                    "reports no further pages",
                                    "expected:",
                                    () -> new RewritingOutbound(
                                            frame -> frame.replace("\"more\":true", "\"more\":false"))))),
            Map.entry(
                    "pagesOfLongMessagesAreWithinTheFrameLimitAndComplete",
                    List.of(
                            host(
                                    "reports no further pages",
                                    "the messages of all pages",
                                    () -> new RewritingOutbound(
                                            frame -> frame.replace("\"more\":true", "\"more\":false"))),
                            host(
                                    "sends frames of more than 32 KB",
                                    "bytes of a frame",
                                    () -> new RewritingOutbound(frame -> frame.replaceFirst(
                                            "\"type\":\"multi-message\"",
                                            "\"type\":\"multi-message\",\"padding\":\"" + "x".repeat(20_000)
                                                    + "\""))))),
            Map.entry(
                    "joinOfMemberHasNoEvent",
                    List.of(host("answers a join with a new event", "seq after the message", RejoiningMembers::new))),
            Map.entry(
                    "sinceBeyondTheNewestEventReturnsTheLatestMessages",
                    List.of(host(
                            "sends no history",
                            "the latest messages",
                            () -> new RewritingOutbound(frame -> frame.replaceFirst(
                                    "\"messages\":\\[.*\\],\"members\"", "\"messages\":[],\"members\""))))),
            // --- idempotency and resuming ---
            Map.entry(
                    "messageRepeatedUnderItsIdIsStoredAndDeliveredOnce",
                    List.of(host(
                            "makes ids unique",
                            "unexpected [",
                            () -> new RewritingInbound(
                                    frame -> frame.replace("\"m-1\"", "\"m-" + System.nanoTime() + "\""))))),
            Map.entry(
                    "resumeKeyTakesTheNameOverAndTheOldConnectionIsNotified",
                    List.of(
                            host(
                                    "ignores keys",
                                    "did not receive a frame of type signup",
                                    () -> new RewritingInbound(frame -> frame.replace("\"key\"", "\"secret\""))),
                            host(
                                    "does not notify the old connection",
                                    "did not receive a frame of type error",
                                    () -> new Dropping(frame -> frame.contains("signed-in-elsewhere"))))),
            Map.entry(
                    "nameThatIsHeldIsTakenForClientsWithoutItsKey",
                    List.of(host(
                            "has one key for all names",
                            "name-taken",
                            () -> new RewritingInbound(frame -> frame.replaceAll(
                                    "\\{\"action\":\"register\",\"value\":\"([^\"]*)\".*",
                                    "{\"action\":\"register\",\"value\":\"$1\",\"key\":\"the-key-of-all-names\"}"))))),
            // --- the end of a connection ---
            Map.entry(
                    "closedConnectionLeavesItsRoomsAndFreesItsName",
                    List.of(host(
                            "ends no sessions",
                            "did not receive a frame of type member-left",
                            () -> new KeepingSessions(true)))),
            Map.entry(
                    "lostConnectionLeavesItsRoomsAndFreesItsName",
                    List.of(host(
                            "ends no sessions of lost connections",
                            "did not receive a frame of type member-left",
                            () -> new KeepingSessions(false)))),
            Map.entry(
                    "closeFrameOfClientIsAnswered",
                    List.of(host("closes without a close frame", "the host's close frame", SilentlyClosing::new))),
            // --- messages that the host does not accept ---
            Map.entry(
                    "largestMessageIsAccepted",
                    List.of(host(
                            "accepts half the size",
                            "the host closed the connection with code 1009",
                            () -> new TestHost(ChatSockets.MAX_INBOUND_BYTES / 2)))),
            Map.entry(
                    "frameLargerThanTheLimitClosesTheConnection",
                    List.of(host("has a larger limit", "the host did not close the connection", BrokenHosts::large))),
            Map.entry(
                    "messageOfFragmentsLargerThanTheLimitClosesTheConnection",
                    List.of(host("has a larger limit", "the host did not close the connection", BrokenHosts::large))),
            Map.entry(
                    "binaryMessageClosesTheConnection",
                    List.of(
                            host(
                                    "ignores binary messages",
                                    "the host did not close the connection",
                                    () -> new ClosingOnBinary(0)),
                            host(
                                    "closes with another code",
                                    "close code",
                                    () -> new ClosingOnBinary(CloseFrame.NORMAL)))),
            Map.entry(
                    "malformedFrameIsAnsweredWithAnErrorAndTheConnectionStaysOpen",
                    List.of(
                            host(
                                    "closes the connection",
                                    "the connection ended with code 1002",
                                    ClosingOnMalformed::new),
                            host(
                                    "does not answer",
                                    "did not receive a frame of type error",
                                    () -> new Dropping(frame -> frame.contains("\"blank\""))),
                            host(
                                    "has another code",
                                    "too-long",
                                    () -> new RewritingOutbound(
                                            frame -> frame.replace("\"too-long\"", "\"malformed\""))))),
            Map.entry(
                    "unknownFieldsAreIgnoredAndNullOrEmptyFieldsCountAsAbsent",
                    List.of(
                            host(
                                    "takes null for a text",
                                    "not to contain key",
                                    () -> new RewritingInbound(frame -> frame.replace("null", "\"null\""))),
                            host(
                                    "rejects unknown fields",
                                    "unknown-action",
                                    () -> new RewritingInbound(frame -> frame.contains("\"extra\"") ? "{}" : frame)))),
            // --- load ---
            Map.entry(
                    "memberThatStopsReadingDoesNotDelayTheOthers",
                    List.of(host("waits until a client has read", "did not receive message m", Blocking::new))),
            Map.entry(
                    "allOfTwoHundredMembersReceiveEveryMessageExactlyOnce",
                    List.of(
                            host("accepts 150 connections", "a client failed", () -> new Accepting(150)),
                            host(
                                    "drops one message in a thousand",
                                    "messages by seq: missing [",
                                    () -> new Dropping(every(1_000, type("client-message")))))));

    /** Reorders the messages, and says so: it does not promise order. */
    static TestHost reordering() {
        return new Delaying(every(7, type("client-message")), false);
    }

    private static TestHost large() {
        return new TestHost(4 * ChatSockets.MAX_INBOUND_BYTES);
    }

    private static Predicate<String> type(String type) {
        return frame -> frame.startsWith("{\"type\":\"" + type + "\"");
    }

    /** The n-th, 2n-th and so on of the frames that match. */
    private static Predicate<String> every(int n, Predicate<String> matching) {
        AtomicInteger count = new AtomicInteger();
        return frame -> matching.test(frame) && count.incrementAndGet() % n == 0;
    }

    /**
     * A broken host.
     *
     * @param description what it does wrong
     * @param failure a part of the message that the test fails with
     */
    record Broken(String description, String failure, Supplier<TestHost> start) {
        static Broken host(String description, String failure, Supplier<TestHost> start) {
            return new Broken(description, failure, start);
        }
    }

    private static final class Dropping extends TestHost {
        private final Predicate<String> dropped;

        Dropping(Predicate<String> dropped) {
            this.dropped = dropped;
        }

        @Override
        void send(ConnectionId connection, String frame) {
            if (!dropped.test(frame)) {
                write(connection, frame);
            }
        }
    }

    private static final class Duplicating extends TestHost {
        private final Predicate<String> duplicated;

        Duplicating(Predicate<String> duplicated) {
            this.duplicated = duplicated;
        }

        @Override
        void send(ConnectionId connection, String frame) {
            write(connection, frame);
            if (duplicated.test(frame)) {
                write(connection, frame);
            }
        }
    }

    private static final class Delaying extends TestHost {
        private final Predicate<String> delayed;
        private final boolean promisesOrder;
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory());

        Delaying(Predicate<String> delayed, boolean promisesOrder) {
            this.delayed = delayed;
            this.promisesOrder = promisesOrder;
        }

        @Override
        boolean promisesOrder() {
            return promisesOrder;
        }

        @Override
        void send(ConnectionId connection, String frame) {
            if (delayed.test(frame)) {
                var unused = timer.schedule(() -> write(connection, frame), 20, TimeUnit.MILLISECONDS);
            } else {
                write(connection, frame);
            }
        }

        @Override
        public void close() {
            super.close();
            timer.shutdownNow();
        }
    }

    private static final class RewritingInbound extends TestHost {
        private final UnaryOperator<String> rewritten;

        RewritingInbound(UnaryOperator<String> rewritten) {
            this.rewritten = rewritten;
        }

        @Override
        void received(ConnectionId connection, String frame) {
            super.received(connection, rewritten.apply(frame));
        }
    }

    private static final class RewritingOutbound extends TestHost {
        private final UnaryOperator<String> rewritten;

        RewritingOutbound(UnaryOperator<String> rewritten) {
            this.rewritten = rewritten;
        }

        @Override
        void send(ConnectionId connection, String frame) {
            write(connection, rewritten.apply(frame));
        }
    }

    private static final class Broadcasting extends TestHost {
        @Override
        void send(ConnectionId connection, String frame) {
            if (type("client-message").test(frame)) {
                connections().forEach(any -> write(any, frame));
            } else {
                write(connection, frame);
            }
        }
    }

    /** A second member keeps the room open while a member leaves and joins again. */
    private static final class RejoiningMembers extends TestHost {
        private final ConnectionId second = new ConnectionId("second");

        @Override
        void received(ConnectionId connection, String frame) {
            if (frame.contains("\"join-room\"")) {
                sockets.opened(second, Option.none());
                super.received(second, "{\"action\":\"register\",\"value\":\"second\"}");
                super.received(second, frame);
                super.received(connection, "{\"action\":\"leave-room\"}");
            }
            super.received(connection, frame);
        }
    }

    private static final class KeepingSessions extends TestHost {
        private final boolean all;

        KeepingSessions(boolean all) {
            this.all = all;
        }

        @Override
        void closed(ConnectionId connection, boolean lost) {
            if (!all && !lost) {
                super.closed(connection, false);
            }
        }
    }

    private static final class SilentlyClosing extends TestHost {
        @Override
        boolean answersClose() {
            return false;
        }
    }

    private static final class ClosingOnBinary extends TestHost {
        private final int code;

        /** @param code the close code, or 0 to ignore the message */
        ClosingOnBinary(int code) {
            this.code = code;
        }

        @Override
        void receivedBinary(ConnectionId connection) {
            if (code != 0) {
                close(connection, code);
            }
        }
    }

    private static final class ClosingOnMalformed extends TestHost {
        @Override
        void send(ConnectionId connection, String frame) {
            write(connection, frame);
            if (frame.contains("\"malformed\"")) {
                close(connection, CloseFrame.PROTOCOL_ERROR);
            }
        }
    }

    private static final class Accepting extends TestHost {
        private final int limit;

        Accepting(int limit) {
            this.limit = limit;
        }

        @Override
        boolean accepts(int connectionsNow) {
            return connectionsNow < limit;
        }
    }

    private static final class Blocking extends TestHost {
        @Override
        void send(ConnectionId connection, String frame) {
            write(connection, frame);
            while (isWriting(connection)) {
                LockSupport.parkNanos(1);
            }
        }
    }
}
