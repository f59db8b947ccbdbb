package dev.chatlab.local.iam;

import java.util.Locale;

/** IAM's patterns: {@code *} stands for any text, {@code ?} for one character, all else for itself. */
final class Wildcard {
    private Wildcard() {}

    /** As IAM compares actions. */
    static boolean ignoringCase(String pattern, String text) {
        return exactly(pattern.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
    }

    /** As IAM compares resources. Linear but for the last star's retries: no pattern can make it blow up. */
    static boolean exactly(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
