package dev.chatlab.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;

class PlatformTest {

    @Test
    void eachModuleHasAFolderOfItsClasses(@TempDir Path folder) throws IOException {
        Platform.main(new String[] {folder.toString(), "java.logging", "java.management"});

        assertThat(folder.resolve("java.management/javax/management/MXBean.class"))
                .exists();
        assertThat(folder.resolve("java.logging/java/util/logging/Logger.class"))
                .binaryContent()
                .satisfies(bytes ->
                        assertThat(new ClassReader(bytes).getClassName()).isEqualTo("java/util/logging/Logger"));
    }
}
