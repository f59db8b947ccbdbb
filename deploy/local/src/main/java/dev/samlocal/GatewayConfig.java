package dev.samlocal;

import dev.samlocal.dynamodb.DynamoDb;
import dev.samlocal.iam.Permissions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * The configuration of a {@link LocalGateway}.
 *
 * @param template a SAM or CloudFormation template
 * @param classPath jars and folders for every function, searched before its {@code CodeUri}
 * @param web the folder served at {@code /}, if any
 * @param host the address to listen on
 * @param port the port to listen on; 0 takes any free one
 * @param parameters values for the template's parameters
 * @param environment variables for every function, which win over the template's; in a value, {@code {endpoint}} stands for
 *     {@code http://host:port}, {@code {stage}} for the stage, {@code {region}} for the region, {@code {origins}} for the
 *     comma-separated origins at which a browser finds the static files, and {@code {identityPool}} for the id of the template's
 *     identity pool
 * @param region the value of {@code AWS::Region} and {@code AWS_REGION}
 * @param dynamoDb the DynamoDB of the functions, if the gateway provides or configures one
 * @param permissions narrows and observes the permissions of functions and guests
 * @param replacements files served instead of files of {@code web}, by path, with the same words in braces replaced
 */
@Value.Builder
public record GatewayConfig(
        Path template,
        List<Path> classPath,
        Optional<Path> web,
        String host,
        int port,
        Map<String, String> parameters,
        Map<String, String> environment,
        String region,
        Limits limits,
        Optional<DynamoDb> dynamoDb,
        Permissions permissions,
        Map<String, Path> replacements)
        implements WithGatewayConfig {

    /** The template on any free port of the loopback interface, with API Gateway's limits. */
    public static GatewayConfig of(Path template) {
        return new GatewayConfigBuilder()
                .template(template)
                .host("127.0.0.1")
                .port(0)
                .region("us-east-1")
                .limits(Limits.API_GATEWAY)
                .permissions(Permissions.OF_TEMPLATE)
                .build();
    }

    /** This configuration with one more template parameter. */
    public GatewayConfig withParameter(String name, String value) {
        return withParameters(plus(parameters, name, value));
    }

    /** This configuration with one more variable for every function. */
    public GatewayConfig withEnvironment(String name, String value) {
        return withEnvironment(plus(environment, name, value));
    }

    /** This configuration with one more replacement of a file. */
    public GatewayConfig withReplacement(String name, Path file) {
        return withReplacements(plus(replacements, name, file));
    }

    private static <T> Map<String, T> plus(Map<String, T> map, String name, T value) {
        Map<String, T> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }
}
