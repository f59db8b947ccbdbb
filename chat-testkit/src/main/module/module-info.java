/** The test kit of the chat: arbitraries, scenarios and contracts. */
module dev.chatlab.testkit {
    requires transitive dev.chatlab.protocol;
    requires transitive net.jqwik.api;
    requires transitive org.assertj.core;
    requires static transitive org.jspecify;

    exports dev.chatlab.testkit;

    // Test engines call the contracts' methods by reflection.
    opens dev.chatlab.testkit;
}
