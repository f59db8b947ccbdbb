package dev.chatlab.lambda;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;

/**
 * What whoever asked is told.
 *
 * @param frame the answer itself
 * @param rest frames that belong to it and did not fit
 */
record Answer(Frame frame, Seq<Frame> rest) {

    static Answer of(Frame frame) {
        return new Answer(frame, Vector.empty());
    }
}
