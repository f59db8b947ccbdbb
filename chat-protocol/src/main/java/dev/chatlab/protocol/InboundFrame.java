package dev.chatlab.protocol;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A frame from a client: the fields of one JSON object. Unknown fields are ignored. {@code null} and the empty string count as
 * absent, because the original lab's client sends them for fields that it leaves out.
 */
public record InboundFrame(Map<String, Object> fields) {

    /** These actions name their room in {@code value} and ignore {@code room}. */
    private static final Set<String> ACTIONS_WITH_ROOM_IN_VALUE = Set.of("new-room", "join-room");

    /** Reads a frame. An absent or empty text is a frame without fields. */
    public static Either<ErrorResponse, InboundFrame> parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Either.right(new InboundFrame(Map.of()));
        }
        try {
            return JSON.std.anyFrom(text) instanceof Map<?, ?> map
                    ? Either.right(new InboundFrame(object(map)))
                    : Either.left(ErrorResponse.malformed("A frame is a JSON object."));
        } catch (IOException e) {
            return Either.left(ErrorResponse.malformed("The frame is not JSON."));
        }
    }

    @SuppressWarnings("unchecked") // the keys of a JSON object are strings
    private static Map<String, Object> object(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }

    /** The value of the field {@code action}, if it is a string. */
    Option<String> action() {
        return fields.get("action") instanceof String action ? Option.some(action) : Option.none();
    }

    /** A required field. */
    <T> Either<ErrorResponse, T> value(String name, Function<String, Either<Rejection, T>> type) {
        return switch (fields.get(name)) {
            case String text -> type.apply(text).mapLeft(ErrorResponse::of);
            case null -> Either.left(ErrorResponse.malformed("The field " + name + " is missing."));
            default -> Either.left(ErrorResponse.malformed("The field " + name + " is not a string."));
        };
    }

    /** An optional field. */
    <T> Either<ErrorResponse, Option<T>> option(String name, Function<String, Either<Rejection, T>> type) {
        Object value = fields.get(name);
        return value == null || value.equals("")
                ? Either.right(Option.none())
                : value(name, type).map(Option::some);
    }

    /** An optional number of an event in a room. */
    Either<ErrorResponse, Option<Long>> seq(String name) {
        return switch (fields.get(name)) {
            case null -> Either.right(Option.none());
            case Integer number when number >= 0 -> Either.right(Option.some(number.longValue()));
            case Long number when number >= 0 -> Either.right(Option.some(number));
            default -> Either.left(ErrorResponse.malformed("The field " + name + " is not a whole number from 0."));
        };
    }

    /** The response with an error frame, which repeats the request's action, room and id as far as they are valid. */
    public Response error(ErrorResponse error) {
        boolean inValue = action().exists(ACTIONS_WITH_ROOM_IN_VALUE::contains);
        Frame frame = echo(error.frame(), "action", "action", RoomName::of);
        frame = echo(frame, "room", inValue ? "value" : "room", RoomName::of);
        return Response.error(echo(frame, "id", "id", ClientMessageId::of), error);
    }

    /** Repeats a field only if it is a valid value, in normal form. So an error frame does not repeat long or invisible text. */
    private Frame echo(Frame frame, String as, String name, Function<String, ? extends Either<Rejection, ?>> type) {
        return fields.get(name) instanceof String text
                ? type.apply(text).fold(rejected -> frame, value -> frame.with(as, value.toString()))
                : frame;
    }
}
