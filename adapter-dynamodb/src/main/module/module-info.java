/** The chat store on two DynamoDB tables. */
module dev.chatlab.dynamodb {
    requires transitive dev.chatlab.ports;
    requires transitive software.amazon.awssdk.services.dynamodb;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.apache5;
    requires software.amazon.awssdk.regions;
    requires static transitive org.jspecify;

    exports dev.chatlab.dynamodb;

    provides dev.chatlab.ports.ChatStore.Provider with
            dev.chatlab.dynamodb.DynamoDbProvider;
}
