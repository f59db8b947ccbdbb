package dev.samlocal.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The application that a SAM or CloudFormation template deploys, with every reference resolved. Each method throws a
 * {@link TemplateException} that names file, line, place and problem when a part of the template is wrong or not supported.
 */
public final class DeployedApplication {
    private final String file;
    private final Template template;

    /**
     * One resource.
     *
     * @param dependsOn the logical ids under {@code DependsOn}
     * @param properties maps, lists and text
     */
    public record DeployedResource(
            String logicalId, String type, List<String> dependsOn, Map<String, Object> properties) {}

    private DeployedApplication(Path file, Map<String, String> parameters, String region) {
        this.file = file.toString();
        this.template = located(() -> Template.parse(text(file), parameters, region));
    }

    /**
     * Reads a template.
     *
     * @param parameters values for the template's parameters; the others keep their defaults
     */
    public static DeployedApplication read(Path file, Map<String, String> parameters, String region) {
        return new DeployedApplication(file, parameters, region);
    }

    public WebSocketApi api() {
        return located(() -> new WebSocketApiReader(template).read());
    }

    public BackingResources backing() {
        return located(() -> BackingResources.of(template));
    }

    public List<DeployedResource> resources() {
        return located(() -> template.resources().values().stream()
                .map(resource -> new DeployedResource(
                        resource.logicalId(), resource.type(), resource.dependsOn(), resource.values()))
                .toList());
    }

    /** The stack's outputs by name. */
    public Map<String, String> outputs() {
        return located(template::outputValues);
    }

    private <T> T located(Supplier<T> part) {
        try {
            return part.get();
        } catch (TemplateException e) {
            throw e.in(file);
        } catch (StackOverflowError e) {
            throw new TemplateException(0, "", "a condition refers to itself").in(file);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new TemplateException(0, "", "there is no such file");
        } catch (IOException e) {
            throw new TemplateException(0, "", "it cannot be read as UTF-8 text: " + e.getMessage());
        }
    }
}
