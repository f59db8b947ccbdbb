package dev.chatlab.packaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** One of each sort of lambda expression and method reference, and what it gives. */
@SuppressWarnings({"UnnecessaryLambda", "UnnecessaryMethodReference", "UnusedVariable"}) // they are what is tested
public final class Expressions implements Supplier<Map<String, Object>> {

    private final Map<String, Object> results = new LinkedHashMap<>();
    private final List<Object> made = new ArrayList<>();
    private String name = "ann";

    interface Greeting {
        String greet(String whom);

        default Greeting twice() {
            return whom -> greet(greet(whom));
        }

        static Greeting plain() {
            return whom -> "hello " + whom;
        }

        private String politely(String whom) {
            return "dear " + greet(whom);
        }

        default Supplier<String> polite(String whom) {
            return () -> politely(whom);
        }
    }

    /** Another method, of the same name and with the same type as one of {@link Function}. */
    interface Shout extends Function<String, String> {
        @Override
        default <V> Function<String, V> andThen(Function<? super String, ? extends V> after) {
            return text -> after.apply(apply(text).toUpperCase(java.util.Locale.ROOT));
        }
    }

    interface Marked {}

    /** Types that the JVM holds as others. */
    interface Narrow {
        String of(boolean z, byte b, short s, char c, float f, long j, double d, int[] numbers);
    }

    /** Of the name of another. */
    static final class Rude {
        interface Greeting {
            String greet(int times);
        }
    }

    /** Of the name that a class for expressions would have. */
    static final class $Predicate {}

    /** Comes to an expression before the first of what implements it can be made. */
    interface Eager {
        String LOG = Makers.second().tell();

        String tell();

        default String twice() {
            return tell() + tell();
        }
    }

    interface Inheriting extends Eager {}

    static final class Makers {
        static Inheriting first() {
            return () -> "first";
        }

        static Inheriting second() {
            return () -> "second";
        }
    }

    record Point(int x, long y) {
        Point {
            // A body, so that there is something to go through.
            if (x < 0) {
                throw new IllegalArgumentException("x is " + x);
            }
        }

        Supplier<Long> sum() {
            return () -> x + y;
        }
    }

    private final class Inner {
        private String hidden() {
            return "inner " + name;
        }

        Supplier<String> outer() {
            return () -> own() + ", " + hidden();
        }
    }

    private static class Base {
        String say() {
            return "base";
        }
    }

    private static final class Derived extends Base {
        @Override
        String say() {
            return "derived";
        }

        Supplier<String> above() {
            return super::say;
        }
    }

    private String own() {
        return "own " + name;
    }

    private static int twice(int number) {
        return 2 * number;
    }

    private static long twiceLong(long number) {
        return 2 * number;
    }

    private static int code(char letter) {
        return letter;
    }

    private static int wide(int number) {
        return number + 1;
    }

    private static String any(Object object) {
        return "any " + object;
    }

    private static String joined(Object... parts) {
        return List.of(parts).toString();
    }

    /** What all of them give, by what they are. */
    @Override
    public Map<String, Object> get() {
        captures((byte) 1, (short) 2, 'c', 4, 5L, 6f, 7d, true, "text", new int[] {8, 9});
        references();
        conversions();
        objects();
        return results;
    }

    /** What was made for them, but for those that are left to the JVM. */
    public List<Object> made() {
        return made;
    }

    private void captures(
            byte b, short s, char c, int i, long j, float f, double d, boolean z, String text, int[] numbers) {
        this.<Supplier<String>>is("captures nothing", () -> "nothing", Supplier::get);
        this.<Supplier<String>>is("captures this", () -> own(), Supplier::get);
        this.<Supplier<String>>is(
                "captures one of each",
                () -> "" + b + s + c + i + j + f + d + z + text + numbers[1] + own(),
                Supplier::get);
        this.<Supplier<String>>is("captures them in another order", () -> text + d + z + j + i, Supplier::get);
        this.<LongSupplier>is("captures a long", () -> j + 1, LongSupplier::getAsLong);
        this.<DoubleSupplier>is("captures a double", () -> d / 2, DoubleSupplier::getAsDouble);
        this.<IntPredicate>is("captures and is given", number -> z && number == i, p -> p.test(4));
        this.<Function<String, Function<String, String>>>is(
                "one in another",
                first -> second -> first + second + text,
                in -> in.apply("1").apply("2"));
        this.<Runnable>is("gives nothing", () -> name = "ben", run -> {
            run.run();
            return name;
        });
    }

    private void references() {
        List<String> list = new ArrayList<>();
        this.<IntUnaryOperator>is("a static method", Expressions::twice, f -> f.applyAsInt(21));
        this.<Supplier<String>>is("a private method of this", this::own, Supplier::get);
        this.<Function<Expressions, String>>is("a private method of any", Expressions::own, f -> f.apply(this));
        this.<Predicate<String>>is("a bound method whose value is dropped", list::add, p -> p.test("x"));
        this.<Consumer<String>>is("a value dropped", list::add, consumer -> {
            consumer.accept("y");
            return list.toString();
        });
        this.<Function<String, Integer>>is("a method of what is given", String::length, f -> f.apply("four"));
        this.<Function<CharSequence, Integer>>is("of an interface", CharSequence::length, f -> f.apply("three"));
        this.<Supplier<List<String>>>is("a constructor", ArrayList::new, Supplier::get);
        this.<BiFunction<Integer, Long, Point>>is("a constructor that takes", Point::new, f -> f.apply(1, 2L));
        this.<IntFunction<int[]>>is("of an array", int[]::new, f -> f.apply(3).length);
        this.<UnaryOperator<int[]>>is("an array's method", int[]::clone, f -> f.apply(new int[] {1, 2}).length);
        this.<BiFunction<String, String, String>>is("of many arguments", Expressions::joined, f -> f.apply("a", "b"));
        this.<Function<String, Object>>is("thrown through", text -> new Point(-1, 0), f -> {
            try {
                return f.apply("");
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        });
    }

    private void conversions() {
        this.<Function<Integer, Integer>>is("unboxed and boxed", Expressions::twice, f -> f.apply(4));
        this.<ToLongFunction<Integer>>is("widened result", Integer::intValue, f -> f.applyAsLong(5));
        this.<ToLongFunction<Integer>>is("unboxed and widened", Expressions::twiceLong, f -> f.applyAsLong(6));
        this.<ToLongFunction<Byte>>is("a byte unboxed and widened", Expressions::wide, f -> f.applyAsLong((byte) 7));
        this.<ToLongFunction<Character>>is("a character, too", Expressions::wide, f -> f.applyAsLong('c'));
        this.<Consumer<Long>>is("a long dropped", Expressions::twiceLong, consumer -> {
            consumer.accept(1L);
            return "dropped";
        });
        this.<Function<Integer, Integer>>is("given another number", Expressions::twice, f -> refused(f, 2.5));
        this.<Function<String, String>>is("given another type", Expressions::any, f -> refused(f, 1));
        this.<Narrow>is(
                "narrow types",
                (z, b, s, c, f, j, d, numbers) -> "" + z + b + s + c + f + j + d + numbers[0],
                narrow -> narrow.of(true, (byte) 1, (short) 2, 'x', 3f, 4L, 5d, new int[] {6}));
        this.<Narrow>is(
                "and others",
                (z, b, s, c, f, j, d, numbers) -> "" + numbers[0] + d + j + f + c + s + b + z,
                narrow -> narrow.of(false, (byte) -1, (short) -2, 'y', -3f, -4L, -5d, new int[] {-6}));
        this.<Function<Character, Integer>>is("a character", Expressions::code, f -> f.apply('a'));
        this.<ToIntFunction<Character>>is("a character widened", Character::charValue, f -> f.applyAsInt('b'));
        this.<ToDoubleFunction<Long>>is("a long as a double", Long::longValue, f -> f.applyAsDouble(7L));
        this.<IntFunction<Object>>is("boxed as an object", Integer::valueOf, f -> f.apply(8));
        this.<IntFunction<Number>>is("boxed as a number", number -> number, f -> f.apply(9));
        this.<IntBinaryOperator>is("two", Math::max, f -> f.applyAsInt(1, 2));
        this.<BinaryOperator<Integer>>is("two boxed", Math::max, f -> f.apply(3, 4));
        this.<Predicate<Object>>is("a Boolean", Boolean.TRUE::equals, p -> p.test(true));
        this.<Function<String, Comparable<String>>>is("narrower than asked", text -> text, f -> f.apply("n"));
    }

    private void objects() {
        this.<Greeting>is(
                "an interface of one's own", Greeting.plain(), g -> g.twice().greet("ann"));
        this.<Supplier<String>>is(
                "an interface's private method", Greeting.plain().polite("ben"), Supplier::get);
        this.<Shout>is(
                "a default method replaced",
                text -> text + "!",
                f -> f.andThen(String::length).apply("abc"));
        this.<Function<String, String>>is(
                "and not that of others",
                text -> text + "?",
                f -> f.andThen(t -> t + t).apply("abc"));
        this.<Rude.Greeting>is("another of the same name", "hey "::repeat, g -> g.greet(2));
        results.put("a class of that name", new $Predicate().getClass().getSimpleName());
        results.put("before its interface is there", Makers.first().twice() + Eager.LOG);
        this.<Supplier<Long>>is("of a record", new Point(1, 2).sum(), Supplier::get);
        this.<Supplier<String>>is("of an inner class", new Inner().outer(), Supplier::get);
        this.<Supplier<String>>is("of a superclass", new Derived().above(), Supplier::get);
        Set<Object> different = Collections.newSetFromMap(new IdentityHashMap<>());
        different.add(again());
        different.add(again());
        results.put("made once", different.size());
        Object supplier = made.getFirst();
        results.put("no more than it is", supplier instanceof Function);
        // Only the JVM can make these: they are written down by their makers.
        results.put("serializable", ((Supplier<String> & Serializable) () -> "s").get());
        results.put("marked", ((Supplier<String> & Marked) () -> "m").get());
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // as code does that was compiled without type parameters
    private static String refused(Function function, Object argument) {
        try {
            return "taken: " + function.apply(argument);
        } catch (ClassCastException e) {
            return "refused";
        }
    }

    private static Supplier<String> again() {
        return () -> "again";
    }

    private <F> void is(String what, F function, Function<F, Object> result) {
        made.add(function);
        results.put(what, result.apply(function));
    }
}
