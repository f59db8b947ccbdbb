package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestIdentity;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a client has sent, field by field. Unknown fields are ignored; {@code null} and the empty string count as left out,
 * as the original lab's client sends them.
 *
 * @param connection whose request it is
 * @param identity who API Gateway has verified to be connecting, where it was told to
 * @param at when API Gateway received it
 * @param fields the frame; none when the connection opens or closes
 */
record Request(ConnectionId connection, Option<Identity> identity, Instant at, Map<String, Object> fields) {

    /** These say in {@code value} which room they mean; a {@code room} beside it is not looked at. */
    private static final Set<String> NAMES_ROOM_BY_VALUE = Set.of("new-room", "join-room");

    /** Reads an event's frame, which must be a JSON object. */
    static Either<Refusal, Request> of(APIGatewayV2WebSocketEvent event) {
        var context = event.getRequestContext();
        var connection = new ConnectionId(context.getConnectionId());
        var at = Instant.ofEpochMilli(context.getRequestTimeEpoch());
        return fields(event.getBody())
                .flatMap(fields ->
                        identity(context.getIdentity()).map(identity -> new Request(connection, identity, at, fields)));
    }

    /**
     * All guests of an identity pool share a role, so one is known by the id that the pool gave; whoever is no guest, by an ARN.
     * On a route without authorization there is neither.
     */
    private static Either<Refusal, Option<Identity>> identity(@Nullable RequestIdentity caller) {
        return Option.of(caller)
                .flatMap(who -> Option.of(who.getCognitoIdentityId()).orElse(() -> Option.of(who.getUserArn())))
                .fold(() -> Either.right(Option.none()), id -> Identity.of(id).bimap(Refusal::of, Option::some));
    }

    private static Either<Refusal, Map<String, Object>> fields(@Nullable String body) {
        if (body == null || body.isEmpty()) {
            return Either.right(Map.of());
        }
        try {
            return JSON.std.anyFrom(body) instanceof Map<?, ?> map
                    ? Either.right(text(map))
                    : Either.left(Refusal.malformed("A frame is a JSON object."));
        } catch (IOException e) {
            return Either.left(Refusal.malformed("The frame is not JSON."));
        }
    }

    @SuppressWarnings("unchecked") // the keys of a JSON object are strings
    private static Map<String, Object> text(Map<?, ?> object) {
        return (Map<String, Object>) object;
    }

    /** A field that must be there. */
    <T> Either<Refusal, T> value(String name, Function<String, Either<Rejection, T>> type) {
        return switch (fields.get(name)) {
            case String text -> type.apply(text).mapLeft(Refusal::of);
            case null -> Either.left(Refusal.malformed("The field " + name + " is missing."));
            default -> Either.left(Refusal.malformed("The field " + name + " is not a string."));
        };
    }

    /** A field that may be left out. */
    <T> Either<Refusal, Option<T>> option(String name, Function<String, Either<Rejection, T>> type) {
        Object value = fields.get(name);
        return value == null || value.equals("")
                ? Either.right(Option.none())
                : value(name, type).map(Option::some);
    }

    /** A number that may be left out: an event's place in a room. */
    Either<Refusal, Option<Long>> seq(String name) {
        return switch (fields.get(name)) {
            case null -> Either.right(Option.none());
            case Integer number when number >= 0 -> Either.right(Option.some(number.longValue()));
            case Long number when number >= 0 -> Either.right(Option.some(number));
            default -> Either.left(Refusal.malformed("The field " + name + " is not a whole number from 0."));
        };
    }

    /** The error frame: it names what was asked, as far as that could be understood. */
    Frame refused(Refusal refusal) {
        boolean byValue = NAMES_ROOM_BY_VALUE.contains(String.valueOf(fields.get("action")));
        Frame frame = echo(refusal.frame(), "action", "action", RoomName::of);
        frame = echo(frame, "room", byValue ? "value" : "room", RoomName::of);
        return echo(frame, "id", "id", ClientMessageId::of);
    }

    /**
     * Only what is a value is sent back, in its normal form: nobody's text becomes part of an error, nor does a name with a frame
     * full of white space around it.
     */
    private Frame echo(Frame frame, String as, String name, Function<String, ? extends Either<Rejection, ?>> type) {
        return fields.get(name) instanceof String text
                ? type.apply(text).fold(refused -> frame, value -> frame.with(as, value.toString()))
                : frame;
    }
}
