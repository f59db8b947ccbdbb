package dev.chatlab.domain;

/** Why a command or a value was rejected: a stable code for programs and a sentence for people. No event is stored. */
public sealed interface Rejection {

    /** Stable, machine-readable, lower case with hyphens. */
    String code();

    /** One English sentence; it may change between versions. */
    String message();

    // --- values ---

    /** Nothing visible in it. */
    record Blank(String what) implements Rejection {
        @Override
        public String code() {
            return "blank";
        }

        @Override
        public String message() {
            return "The " + what + " is blank.";
        }
    }

    /** More than {@code max} code points. */
    record TooLong(String what, int max) implements Rejection {
        @Override
        public String code() {
            return "too-long";
        }

        @Override
        public String message() {
            return "The " + what + " is longer than " + max + " characters.";
        }
    }

    /** A control character (Unicode category Cc) where none may be, or a line separator (Zl, Zp) in what is one line. */
    record ControlCharacter(String what) implements Rejection {
        @Override
        public String code() {
            return "control-character";
        }

        @Override
        public String message() {
            return "The " + what + " holds a control character.";
        }
    }

    /** Half a character: a surrogate without its partner, which no encoding can carry. */
    record UnpairedSurrogate(String what) implements Rejection {
        @Override
        public String code() {
            return "unpaired-surrogate";
        }

        @Override
        public String message() {
            return "The " + what + " holds an unpaired surrogate.";
        }
    }

    /** Not a key that could be hard to guess. */
    record InvalidKey(int min, int max) implements Rejection {
        @Override
        public String code() {
            return "invalid-key";
        }

        @Override
        public String message() {
            return "A resume key is " + min + " to " + max + " visible ASCII characters.";
        }
    }

    // --- sessions and names ---

    /** The connection is unknown, or has ended. */
    record NotConnected() implements Rejection {
        @Override
        public String code() {
            return "not-connected";
        }

        @Override
        public String message() {
            return "This connection is not open.";
        }
    }

    /** A connection registers before anything else. */
    record NotRegistered() implements Rejection {
        @Override
        public String code() {
            return "not-registered";
        }

        @Override
        public String message() {
            return "Register a name first.";
        }
    }

    /** A connection registers once. */
    record AlreadyRegistered(UserName user) implements Rejection {
        @Override
        public String code() {
            return "already-registered";
        }

        @Override
        public String message() {
            return "This connection is registered as " + user.value() + ".";
        }
    }

    /** Another live connection holds the name, and its resume key was not shown. */
    record NameTaken(UserName user) implements Rejection {
        @Override
        public String code() {
            return "name-taken";
        }

        @Override
        public String message() {
            return "The name " + user.value() + " is taken.";
        }
    }

    // --- rooms ---

    /** Room names are unique among open rooms. */
    record RoomExists(RoomName room) implements Rejection {
        @Override
        public String code() {
            return "room-exists";
        }

        @Override
        public String message() {
            return "There is a room " + room.value() + " already.";
        }
    }

    /** No open room has this name. */
    record NoSuchRoom(RoomName room) implements Rejection {
        @Override
        public String code() {
            return "no-such-room";
        }

        @Override
        public String message() {
            return "There is no room " + room.value() + ".";
        }
    }

    /** Only members send to a room, and only members leave it. */
    record NotAMember(RoomName room) implements Rejection {
        @Override
        public String code() {
            return "not-a-member";
        }

        @Override
        public String message() {
            return "You are not in the room " + room.value() + ".";
        }
    }

    /** The connection is in as many rooms as the policy allows. */
    record TooManyRooms(int max) implements Rejection {
        @Override
        public String code() {
            return "too-many-rooms";
        }

        @Override
        public String message() {
            return "You cannot be in more than " + max + " rooms at once.";
        }
    }

    /** No room was named, and the connection is in none. */
    record NoRoom() implements Rejection {
        @Override
        public String code() {
            return "no-room";
        }

        @Override
        public String message() {
            return "You are not in a room.";
        }
    }

    /** No room was named, and the connection is in several. */
    record RoomAmbiguous() implements Rejection {
        @Override
        public String code() {
            return "room-ambiguous";
        }

        @Override
        public String message() {
            return "You are in several rooms: say which one.";
        }
    }
}
