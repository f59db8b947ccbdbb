/** The wire protocol of the chat. */
module dev.chatlab.protocol {
    requires transitive dev.chatlab.application;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.jr.ob;

    exports dev.chatlab.protocol;
}
