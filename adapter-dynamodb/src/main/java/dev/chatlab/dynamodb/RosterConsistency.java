package dev.chatlab.dynamodb;

/** Whether a roster is of the moment of a room's newest event. */
@FunctionalInterface
interface RosterConsistency {

    RosterConsistency FINGERPRINT =
            (roster, fingerprint) -> roster.fingerprint().equals(fingerprint);

    /** Whether this is the roster of which the newest event's item has this fingerprint. */
    boolean holds(Roster roster, String fingerprint);
}
