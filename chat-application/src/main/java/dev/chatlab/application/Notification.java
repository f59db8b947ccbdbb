package dev.chatlab.application;

import dev.chatlab.domain.Audience;
import dev.chatlab.domain.ChatEvent;
import io.vavr.Tuple2;
import io.vavr.collection.Seq;

/**
 * The events of one append with the audience of each, ready to be delivered; or the place of a reply without events.
 *
 * @param events the committed events and their audiences, in the order of the append
 * @param place the place in the room's order of delivery
 */
record Notification(Seq<Tuple2<ChatEvent, Audience>> events, DeliverySequencer.Place place) {}
