package dev.samlocal.lambda;

import java.util.Map;
import org.slf4j.Logger;

/** What surrounds a function: its environment variables and its log. */
record Environment(Map<String, String> variables, Logger log) {}
