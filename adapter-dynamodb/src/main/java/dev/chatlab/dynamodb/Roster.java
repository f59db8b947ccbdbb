package dev.chatlab.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Room.Member;
import dev.chatlab.domain.UserName;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Predicate;

/**
 * Who is in a room, read from items that are not of one moment with the room's newest event.
 *
 * <p>A query may be old, and may see half of a transaction. So each event of a room carries a fingerprint of the roster as it
 * stands after it, and only a roster with that fingerprint is that event's.
 */
record Roster(Map<ConnectionId, Member> members) {

    /**
     * From a room's roster items. Those who joined before this life of the room began are ghosts of one that ended by age, with
     * people in it.
     */
    static Roster of(Seq<Item> items, long created) {
        return new Roster(items.foldLeft(HashMap.<ConnectionId, Member>empty(), (members, item) -> {
                    var member = new Member(item.value("user", UserName::new), item.number("joined"));
                    return members.put(item.value("sk", ConnectionId::new), member);
                })
                .filterValues(member -> member.joined() >= created));
    }

    /**
     * The version that a room had at least, although its events are gone: the last at which one of those joined who were never
     * seen to leave a life of it that is over by age. What goes on from there leaves them behind, as {@link #of} does.
     */
    static long outlived(Seq<Item> items, Predicate<Instant> over) {
        return items.filter(item -> item.has("since") && over.test(item.instant("since")))
                .map(item -> item.number("joined"))
                .max()
                .getOrElse(0L);
    }

    /** 16 hexadecimal digits: the XOR of 64 bits for each member, of who it is and since when. */
    String fingerprint() {
        long all = members.toVector().map(Roster::hash).fold(0L, (a, b) -> a ^ b);
        return HexFormat.of().toHexDigits(all);
    }

    private static long hash(Tuple2<ConnectionId, Member> member) {
        try {
            String text = member._1.value() + "\n" + member._2.joined();
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
