/** The test kit of the chat: arbitraries, scenarios and contracts. */
module dev.chatlab.testkit {
    requires transitive dev.chatlab.protocol;
    requires transitive net.jqwik.api;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.jr.ob;
    requires java.net.http;

    exports dev.chatlab.testkit;
    exports dev.chatlab.testkit.protocol;

    // Test engines call the contracts' methods by reflection.
    opens dev.chatlab.testkit;
    opens dev.chatlab.testkit.protocol;
}
