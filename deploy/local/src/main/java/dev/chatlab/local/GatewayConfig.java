package dev.chatlab.local;

import dev.chatlab.local.dynamodb.DynamoDb;
import dev.chatlab.local.iam.Permissions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link LocalGateway} is started with.
 *
 * @param template a SAM or CloudFormation template
 * @param web the folder served at {@code /}, if any
 * @param host the address to listen on
 * @param port the port to listen on; 0 takes any free one
 * @param parameters values for the template's parameters
 * @param environment variables that every function gets besides the template's; in a value, {@code {endpoint}} stands
 *     for {@code http://host:port}, {@code {stage}} for the stage, and {@code {origins}} for the origins at which a browser
 *     on this machine or its network finds the static files, separated by commas
 * @param region what {@code AWS::Region} and {@code AWS_REGION} are
 * @param dynamoDb where functions find DynamoDB, if the gateway has anything to do with it
 * @param permissions how far functions and guests have what their roles allow
 * @param answers what is served instead of files of {@code web}, by their paths in it: text in which {@code {endpoint}},
 *     {@code {stage}} and {@code {origins}} stand for the same, {@code {region}} for the region, and {@code {identityPool}} for the
 *     id of the template's only one
 */
public record GatewayConfig(
        Path template,
        Optional<Path> web,
        String host,
        int port,
        Map<String, String> parameters,
        Map<String, String> environment,
        String region,
        Limits limits,
        Optional<DynamoDb> dynamoDb,
        Permissions permissions,
        Map<String, Path> answers) {

    public GatewayConfig {
        parameters = Map.copyOf(parameters);
        environment = Map.copyOf(environment);
        answers = Map.copyOf(answers);
    }

    /** The template on any free port of the loopback interface, with API Gateway's limits and nothing else. */
    public static GatewayConfig of(Path template) {
        return new GatewayConfig(
                template,
                Optional.empty(),
                "127.0.0.1",
                0,
                Map.of(),
                Map.of(),
                "us-east-1",
                Limits.API_GATEWAY,
                Optional.empty(),
                Permissions.OF_TEMPLATE,
                Map.of());
    }

    /** This configuration, serving a folder at {@code /}. */
    public GatewayConfig withWeb(Path folder) {
        return new GatewayConfig(
                template,
                Optional.of(folder),
                host,
                port,
                parameters,
                environment,
                region,
                limits,
                dynamoDb,
                permissions,
                answers);
    }

    /** This configuration, listening elsewhere. */
    public GatewayConfig withAddress(String newHost, int newPort) {
        return new GatewayConfig(
                template,
                web,
                newHost,
                newPort,
                parameters,
                environment,
                region,
                limits,
                dynamoDb,
                permissions,
                answers);
    }

    /** This configuration with one more template parameter. */
    public GatewayConfig withParameter(String name, String value) {
        return new GatewayConfig(
                template,
                web,
                host,
                port,
                plus(parameters, name, value),
                environment,
                region,
                limits,
                dynamoDb,
                permissions,
                answers);
    }

    /** This configuration with one more variable for every function. */
    public GatewayConfig withEnvironment(String name, String value) {
        return new GatewayConfig(
                template,
                web,
                host,
                port,
                parameters,
                plus(environment, name, value),
                region,
                limits,
                dynamoDb,
                permissions,
                answers);
    }

    /** This configuration in another region. */
    public GatewayConfig withRegion(String newRegion) {
        return new GatewayConfig(
                template, web, host, port, parameters, environment, newRegion, limits, dynamoDb, permissions, answers);
    }

    /** This configuration with other limits. */
    public GatewayConfig withLimits(Limits newLimits) {
        return new GatewayConfig(
                template, web, host, port, parameters, environment, region, newLimits, dynamoDb, permissions, answers);
    }

    /** This configuration with DynamoDB for the functions. */
    public GatewayConfig withDynamoDb(DynamoDb where) {
        return new GatewayConfig(
                template,
                web,
                host,
                port,
                parameters,
                environment,
                region,
                limits,
                Optional.of(where),
                permissions,
                answers);
    }

    /** This configuration where functions have less than their roles allow, or somebody looks on. */
    public GatewayConfig withPermissions(Permissions newPermissions) {
        return new GatewayConfig(
                template, web, host, port, parameters, environment, region, limits, dynamoDb, newPermissions, answers);
    }

    /** This configuration with one more answer instead of a file. */
    public GatewayConfig withAnswer(String name, Path text) {
        return new GatewayConfig(
                template,
                web,
                host,
                port,
                parameters,
                environment,
                region,
                limits,
                dynamoDb,
                permissions,
                plus(answers, name, text));
    }

    private static <T> Map<String, T> plus(Map<String, T> map, String name, T value) {
        Map<String, T> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }
}
