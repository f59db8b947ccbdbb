package dev.chatlab.protocol;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The answer to one frame of a client.
 *
 * @param frame the response frame, or the error frame
 * @param continuation further frames with the rest of a list that did not fit into the response frame
 * @param error the error in the error frame, none if the request succeeded
 */
public record Response(Frame frame, Seq<Frame> continuation, Option<ErrorResponse> error) {

    static Response of(Frame frame) {
        return new Response(frame, Vector.empty(), Option.none());
    }

    static Response of(Frame frame, Seq<Frame> continuation) {
        return new Response(frame, continuation, Option.none());
    }

    static Response error(Frame frame, ErrorResponse error) {
        return new Response(frame, Vector.empty(), Option.some(error));
    }
}
