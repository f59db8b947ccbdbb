package dev.chatlab.sam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.regions.servicemetadata.DynamodbServiceMetadata;

/** What the package's SDK assumes of DynamoDB is what the SDK knows of it, wherever one can deploy. Of @connections it knows nothing. */
class ServicesTest {

    static Stream<Region> regions() {
        return Region.regions().stream().filter(region -> !region.isGlobalRegion());
    }

    @ParameterizedTest
    @MethodSource("regions")
    void requestsAreSignedForTheRegionThatTheyGoTo(Region region) {
        assertThat(ServiceMetadata.of("dynamodb").getClass().getName()).doesNotContain("servicemetadata");
        assertThat(ServiceMetadata.of("dynamodb").signingRegion(region))
                .isEqualTo(new DynamodbServiceMetadata().signingRegion(region));
    }
}
