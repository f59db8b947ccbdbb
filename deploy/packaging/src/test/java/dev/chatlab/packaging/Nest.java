package dev.chatlab.packaging;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Has no expressions, and nests what does: private methods of a class and of an interface. */
final class Nest {

    private Nest() {}

    interface Polite {
        String name();

        private String dear() {
            return "dear " + name();
        }

        default Supplier<String> politely() {
            return this::dear;
        }
    }

    public static final class Nested implements Supplier<List<Object>>, Polite {

        @Override
        public String name() {
            return "ann";
        }

        private String hidden() {
            return "hidden";
        }

        @Override
        public List<Object> get() {
            Supplier<String> reference = this::hidden;
            Supplier<String> expression = () -> hidden() + name();
            List<Object> all = new ArrayList<>();
            for (Supplier<String> supplier : List.of(reference, expression, politely())) {
                all.add(supplier.get());
                all.add(supplier.getClass().isHidden());
            }
            return all;
        }
    }
}
