package dev.samlocal;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.template.DeployedApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** A client of a gateway's identity pools. */
record Cognito(HttpClient http, String endpoint) {

    /** A response, with its JSON as a map. */
    record Answer(int status, String error, Map<String, Object> body) {
        String text(String name) {
            return String.valueOf(body.get(name));
        }
    }

    /** The id of an identity pool of {@code signed.yaml}. */
    static String pool(String logicalId) {
        return DeployedApplication.read(TestApi.resource("signed.yaml"), Map.of(), "us-east-1")
                .backing()
                .identityPools()
                .stream()
                .filter(pool -> pool.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow()
                .id();
    }

    Answer ask(String operation, String body) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create(endpoint + "/"))
                        .header("X-Amz-Target", "AWSCognitoIdentityService." + operation)
                        .header("Content-Type", "application/x-amz-json-1.1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(),
                answer.headers().firstValue("x-amzn-ErrorType").orElse(""),
                JSON.std.mapFrom(answer.body()));
    }

    String identity(String pool) throws IOException, InterruptedException {
        return ask("GetId", "{\"IdentityPoolId\":\"" + pool + "\"}").text("IdentityId");
    }

    AwsSessionCredentialsIdentity credentials(String identity) throws IOException, InterruptedException {
        var answer = ask("GetCredentialsForIdentity", "{\"IdentityId\":\"" + identity + "\"}");
        if (!(answer.body().get("Credentials") instanceof Map<?, ?> key)) {
            throw new AssertionError("no credentials: " + answer);
        }
        return AwsSessionCredentialsIdentity.create(
                String.valueOf(key.get("AccessKeyId")),
                String.valueOf(key.get("SecretKey")),
                String.valueOf(key.get("SessionToken")));
    }
}
