package dev.chatlab.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Room.Member;
import dev.chatlab.ports.codec.SnapshotCodec;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The members of a room, read from its roster items.
 *
 * <p>A query may be stale and may read half of a transaction, so the roster items and the room's newest event item may be of
 * different moments. Every event item of a room contains the fingerprint of the roster after that event. A roster belongs to the
 * event if it has that fingerprint.
 *
 * <p>A stale member is a roster item from an earlier life of the room: its connection was lost, and the room's state expired before
 * the connection was disconnected. Roster items do not expire, so stale members stay until they are ignored here.
 */
record Roster(Map<ConnectionId, Member> members) {

    /** The roster without stale members: those who joined before this life of the room was created. */
    static Roster of(Seq<Item> items, long created) {
        return new Roster(items.foldLeft(
                        HashMap.<ConnectionId, Member>empty(),
                        (members, item) -> members.put(new ConnectionId(item.text("sk")), member(item)))
                .filterValues(member -> member.joined() >= created));
    }

    /**
     * The highest version at which a stale member joined a room that is not open, or 0. The room's next life starts after this
     * version, also when the events are deleted, so that the members stay stale.
     */
    static long lastStaleJoin(Seq<Item> items, Instant now) {
        // A newer item may be of a room that a stale read does not show as open yet.
        return items.filter(item -> Retention.isInEveryRead(item.instant("since"), now))
                .map(item -> member(item).joined())
                .max()
                .getOrElse(0L);
    }

    /** 16 hexadecimal digits: the XOR over all members of 64 bits of a hash of the connection and the version at which it joined. */
    String fingerprint() {
        long all = members.toVector().map(Roster::hash).fold(0L, (a, b) -> a ^ b);
        return HexFormat.of().toHexDigits(all);
    }

    private static Member member(Item item) {
        return item.decode(() -> SnapshotCodec.member(item.values()));
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
