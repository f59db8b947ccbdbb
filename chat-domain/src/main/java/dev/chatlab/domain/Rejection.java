package dev.chatlab.domain;

/** The reason why a command or a value was rejected: a stable code for programs and a sentence for people. */
public sealed interface Rejection {

    /** The code: lower-case words with hyphens. It never changes. */
    String code();

    /** One English sentence. It may change from version to version. */
    String message();

    // --- values ---

    /** The text has no visible character. */
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

    /** The text has more than {@code max} code points. */
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

    /** The text contains a control character (Unicode category Cc), or it is one line and contains a line separator (Zl, Zp). */
    record ControlCharacter(String what) implements Rejection {
        @Override
        public String code() {
            return "control-character";
        }

        @Override
        public String message() {
            return "The " + what + " contains a control character.";
        }
    }

    /** The text contains half a surrogate pair, which UTF-8 cannot encode. */
    record UnpairedSurrogate(String what) implements Rejection {
        @Override
        public String code() {
            return "unpaired-surrogate";
        }

        @Override
        public String message() {
            return "The " + what + " contains an unpaired surrogate.";
        }
    }

    /** The resume key is too short, too long, or contains other characters than visible ASCII characters. */
    record InvalidKey(int min, int max) implements Rejection {
        @Override
        public String code() {
            return "invalid-key";
        }

        @Override
        public String message() {
            return "A resume key has " + min + " to " + max + " visible ASCII characters.";
        }
    }

    // --- sessions and names ---

    /** The connection has no open session. */
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

    /** The connection has not registered a user name. */
    record NotRegistered() implements Rejection {
        @Override
        public String code() {
            return "not-registered";
        }

        @Override
        public String message() {
            return "Register a user name first.";
        }
    }

    /** The connection has registered a user name before. */
    record AlreadyRegistered(UserName user) implements Rejection {
        @Override
        public String code() {
            return "already-registered";
        }

        @Override
        public String message() {
            return "This connection is already registered as " + user.value() + ".";
        }
    }

    /** Another connection reserved the user name with another resume key, and the reservation has not expired. */
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

    /** An open room has this name. */
    record RoomExists(RoomName room) implements Rejection {
        @Override
        public String code() {
            return "room-exists";
        }

        @Override
        public String message() {
            return "The room " + room.value() + " already exists.";
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

    /** The connection is not a member of the room. */
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

    /** The command names no room, and the connection is in no room. */
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

    /** The command names no room, and the connection is in several rooms. */
    record RoomAmbiguous() implements Rejection {
        @Override
        public String code() {
            return "room-ambiguous";
        }

        @Override
        public String message() {
            return "You are in several rooms. Name one of them.";
        }
    }
}
