package org.plumbline.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The {@code adapter_config.json} of a folder of adapters, as PEFT lays it out. What it may ask for
 * and is not done here is refused, since it would change what the model says.
 */
record AdapterConfig(ConfigReader config) {
  static final String NAME = "adapter_config.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TARGETS = "target_modules";
  private static final String CLASSIFIER = "SEQ_CLS";
  private static final Set<String> HEADS = Set.of("score", "classifier");

  /** Ways to start that leave the base as it is. */
  private static final Set<String> STARTS =
      Set.of("true", "false", "gaussian", "orthogonal", "eva");

  /** Read here, or of no consequence to what adapters add. */
  private static final Set<String> KNOWN =
      Set.of(
          "peft_type",
          "task_type",
          "base_model_name_or_path",
          "r",
          "lora_alpha",
          "use_rslora",
          TARGETS,
          "modules_to_save",
          "bias",
          "init_lora_weights",
          "auto_mapping",
          "corda_config",
          "eva_config",
          "fan_in_fan_out",
          "inference_mode",
          "layers_pattern",
          "loftq_config",
          "lora_dropout",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision");

  /** Where the base is: a path from the folder, or a URI. */
  String base() {
    return config.text("base_model_name_or_path");
  }

  /** Whether a score head goes with the adapters. */
  boolean scores() {
    return config.has("task_type") && config.text("task_type").equals(CLASSIFIER);
  }

  /**
   * The adapters of linear layers of {@code architecture}.
   *
   * @throws IllegalArgumentException if they are not of the plain kind
   */
  Lora lora(Architecture architecture) {
    requirePlain();
    return new Lora(
        config.positive("r"),
        config.number("lora_alpha", 8),
        config.flag("use_rslora", false),
        targets(architecture));
  }

  private void requirePlain() {
    require("peft_type", config.text("peft_type"), Set.of("LORA"), "must be LORA");
    requireIfGiven("task_type", Set.of("CAUSAL_LM", CLASSIFIER), "must be CAUSAL_LM or SEQ_CLS");
    requireIfGiven("bias", Set.of("none"), "must be none");
    requireIfGiven("init_lora_weights", STARTS, "must leave the base as it is");
    for (JsonNode module : config.config().path("modules_to_save")) {
      require("modules_to_save", module.asText(), HEADS, "must be a head called score");
    }
    for (Map.Entry<String, JsonNode> field : config.config().properties()) {
      if (!KNOWN.contains(field.getKey()) && !isNothing(field.getValue())) {
        throw config.invalid(
            field.getKey(), field.getValue().toString(), "must be absent: it is not supported");
      }
    }
  }

  private void requireIfGiven(String key, Set<String> allowed, String must) {
    if (config.has(key)) {
      require(key, config.text(key), allowed, must);
    }
  }

  private void require(String key, String value, Set<String> allowed, String must) {
    if (!allowed.contains(value)) {
      throw config.invalid(key, value, must);
    }
  }

  private static boolean isNothing(JsonNode value) {
    return value.isContainerNode()
        ? value.isEmpty()
        : value.isNull() || List.of("", "false", "0", "0.0").contains(value.asText());
  }

  private List<String> targets(Architecture architecture) {
    JsonNode targets = config.config().path(TARGETS);
    List<String> names = new ArrayList<>();
    if (targets.isArray()) {
      targets.forEach(name -> names.add(name.asText()));
    } else if (targets.asText().equalsIgnoreCase(Lora.ALL_LINEAR)) {
      names.add(Lora.ALL_LINEAR);
    } else {
      names.addAll(Adapters.modules(architecture));
      names.removeIf(pattern(targets.asText()).asMatchPredicate().negate());
    }
    if (names.isEmpty()) {
      throw config.invalid(TARGETS, targets.toString(), "must name linear layers");
    }
    return names;
  }

  private Pattern pattern(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw config.invalid(TARGETS, expression, "must be names or an expression for them");
    }
  }

  /**
   * Writes what PEFT must know of the adapters of {@code decoder}.
   *
   * @param base where the weights are that they are for
   */
  static void write(Decoder decoder, String base, OutputStream out) throws IOException {
    Lora lora = decoder.lora().orElseThrow();
    boolean scores = decoder.head() == Head.SCORE;
    ObjectNode json = JSON.createObjectNode();
    json.put("peft_type", "LORA");
    json.put("task_type", scores ? CLASSIFIER : "CAUSAL_LM");
    json.put("base_model_name_or_path", base);
    json.put("inference_mode", true);
    json.put("r", lora.rank());
    boolean whole = lora.alpha() == Math.rint(lora.alpha());
    json.set(
        "lora_alpha", whole ? json.numberNode((long) lora.alpha()) : json.numberNode(lora.alpha()));
    json.put("use_rslora", lora.rankStabilized());
    json.put("lora_dropout", 0.0);
    json.put("bias", "none");
    json.put("init_lora_weights", true);
    json.put("fan_in_fan_out", decoder.architecture().storesInputsFirst());
    ArrayNode targets = json.putArray(TARGETS);
    (lora.targets().contains(Lora.ALL_LINEAR)
            ? Adapters.lastParts(Adapters.modules(decoder.architecture()))
            : lora.targets())
        .forEach(targets::add);
    if (scores) {
      json.putArray("modules_to_save").add("score");
    }
    JSON.writerWithDefaultPrettyPrinter().writeValue(out, json);
  }
}
