/** The application service of the chat. */
module dev.chatlab.application {
    requires transitive dev.chatlab.ports;
    requires static transitive org.jspecify;
    requires static org.immutables.value.annotations;
    requires static java.compiler;

    exports dev.chatlab.application;
}
