package org.plumbline.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

/** 1 if the completion is one JSON object or array, and nothing else; else 0. */
public final class JsonValid implements RewardFunction {
  private static final long serialVersionUID = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Override
  public String name() {
    return "json-valid";
  }

  @Override
  public double reward(Answer answer) {
    try {
      return JSON.readTree(answer.completion()).isContainerNode() ? 1 : 0;
    } catch (JsonProcessingException e) {
      return 0;
    }
  }
}
