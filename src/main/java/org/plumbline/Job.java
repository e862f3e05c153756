package org.plumbline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.plumbline.stage.StageContext;

/**
 * One stage as the command line knows it.
 *
 * @param name the subcommand, and the name under which its seconds are kept
 * @param purpose one line: what goes in and what comes out
 * @param folder where in the run folder its {@code result.json} goes
 * @param sections settings it reads, for its help
 * @param work makes the stage and executes it
 * @param headline what its result says of the whole run, for the {@code result.json} of the run
 */
record Job(
    String name,
    String purpose,
    String folder,
    List<String> sections,
    Function<StageContext, Record> work,
    UnaryOperator<ObjectNode> headline) {}
