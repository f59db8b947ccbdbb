package dev.chatlab.coldstart;

import java.util.Arrays;

/** One request to each function, what comes before it, and what comes of it: two people, and a room. */
enum Scene {
    CONNECT("$connect", "", "ack", 0) {
        @Override
        void before(Rehearsal rehearsal, String ann, String ben, String hall) {
            register(rehearsal, ben);
        }
    },
    REGISTER("register", "{'action':'register','value':'%1$s'}", "signup", 0) {
        @Override
        void before(Rehearsal rehearsal, String ann, String ben, String hall) {
            register(rehearsal, ben);
            rehearsal.connect(ann);
        }
    },
    NEW_ROOM("new-room", "{'action':'new-room','value':'%2$s'}", "ack", 2) {
        @Override
        void before(Rehearsal rehearsal, String ann, String ben, String hall) {
            register(rehearsal, ben);
            register(rehearsal, ann);
        }
    },
    JOIN_ROOM("join-room", "{'action':'join-room','value':'%2$s'}", "multi-message", 1) {
        @Override
        void before(Rehearsal rehearsal, String ann, String ben, String hall) {
            NEW_ROOM.before(rehearsal, ann, ben, hall);
            send(rehearsal, ben, "new-room", "{'action':'new-room','value':'%s'}".formatted(hall));
        }
    },
    DISPATCH("dispatch", "{'action':'dispatch','value':'hello','room':'%2$s','id':'1'}", "ack", 2) {
        @Override
        void before(Rehearsal rehearsal, String ann, String ben, String hall) {
            JOIN_ROOM.before(rehearsal, ann, ben, hall);
            send(rehearsal, ann, "join-room", "{'action':'join-room','value':'%s'}".formatted(hall));
        }
    },
    LEAVE_ROOM("leave-room", "{'action':'leave-room','room':'%2$s'}", "ack", 1) {
        @Override
        void before(Rehearsal rehearsal, String ann, String ben, String hall) {
            DISPATCH.before(rehearsal, ann, ben, hall);
        }
    },
    DISCONNECT("$disconnect", "", "ack", 1) {
        @Override
        void before(Rehearsal rehearsal, String ann, String ben, String hall) {
            DISPATCH.before(rehearsal, ann, ben, hall);
        }
    };

    final String route;

    /** The type of the answer's frame. */
    final String answer;

    /** How many connections are told of it. */
    final int told;

    private final String frame;

    Scene(String route, String frame, String answer, int told) {
        this.route = route;
        this.frame = frame.replace('\'', '"');
        this.answer = answer;
        this.told = told;
    }

    static Scene of(String route) {
        return Arrays.stream(values())
                .filter(scene -> scene.route.equals(route))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no route " + route));
    }

    abstract void before(Rehearsal rehearsal, String ann, String ben, String hall);

    /** Ann's event. */
    String event(String ann, String hall) {
        return Rehearsal.event(route, ann, frame.formatted(ann, hall));
    }

    private static void register(Rehearsal rehearsal, String person) {
        rehearsal.connect(person);
        send(rehearsal, person, "register", "{'action':'register','value':'%s'}".formatted(person));
    }

    private static void send(Rehearsal rehearsal, String person, String route, String frame) {
        rehearsal.send(person, route, frame.replace('\'', '"'));
    }
}
