package dev.samlocal.iam;

import java.util.List;

/** A role: its name, and the statements of all its policies. */
public record Role(String name, List<Statement> statements) {}
