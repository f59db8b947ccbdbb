/** The test kit of the chat: arbitraries, scenarios and contracts. Open, because test engines call the contracts by reflection. */
open module dev.chatlab.testkit {
    requires transitive dev.chatlab.protocol;
    requires transitive net.jqwik.api;
    requires transitive org.assertj.core;
    requires static transitive org.jspecify;

    exports dev.chatlab.testkit;
}
