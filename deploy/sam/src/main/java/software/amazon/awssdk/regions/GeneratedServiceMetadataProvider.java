package software.amazon.awssdk.regions;

/**
 * Takes the place of the SDK's class of this name in the package. That one makes an object of each of AWS's three hundred services,
 * of a class of its own, in every process that makes a client, to tell in which region requests to one are signed: a tenth of a
 * function's cold start. For DynamoDB it is the region that it is called in, which is what the SDK assumes of a service that it
 * does not know, such as {@code @connections}.
 */
public class GeneratedServiceMetadataProvider implements ServiceMetadataProvider {

    @Override
    public ServiceMetadata serviceMetadata(String endpointPrefix) {
        return null;
    }
}
