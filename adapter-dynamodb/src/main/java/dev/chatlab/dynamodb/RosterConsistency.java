package dev.chatlab.dynamodb;

/** Decides whether a roster and a room's newest event are one state. */
@FunctionalInterface
interface RosterConsistency {

    /** They are one state exactly if the roster has the fingerprint that the event's item contains. */
    RosterConsistency FINGERPRINT =
            (roster, fingerprint) -> roster.fingerprint().equals(fingerprint);

    /**
     * Whether they are one state.
     *
     * @param fingerprint the roster's fingerprint in the event's item
     */
    boolean isConsistent(Roster roster, String fingerprint);
}
