package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeTest {
  private static double[] frequencies(String changes) {
    return TinyFamily.LLAMA.architecture(changes).ropeFrequencies();
  }

  @Test
  void ofThePaper() {
    // 100^(-2 i / 6)
    assertThat(frequencies("{}"))
        .containsExactly(new double[] {1, 0.2154434690, 0.0464158883}, within(1e-9));
    assertThat(frequencies("{rope_theta: null}"))
        .containsExactly(new double[] {1, 0.0464158883, 0.0021544347}, within(1e-9));
  }

  @Test
  void linear() {
    double[] divided = {0.25, 0.0538608673, 0.0116039721};
    assertThat(frequencies("{rope_scaling: {type: 'linear', factor: 4}}"))
        .containsExactly(divided, within(1e-9));
    assertThat(frequencies("{rope_scaling: {rope_type: 'linear', factor: 4.0}}"))
        .isEqualTo(frequencies("{rope_parameters: {rope_type: 'linear', factor: 4}}"));
  }

  /**
   * Of Llama 3.2: base 500,000, heads of 64. Worked out apart from this project, by wavelengths 2
   * pi / frequency: pair 14 (1956 tokens) is below 8192 / 4 and stays, pairs 15 to 17 (2948 to
   * 6695) are blended, and from pair 18 on (10089) all lie beyond 8192 and are divided by 32.
   */
  @Test
  void llama3() {
    double[] frequencies =
        frequencies(
            """
            {rope_theta: 500000.0, head_dim: 64, rope_scaling: {factor: 32.0,
             high_freq_factor: 4.0, low_freq_factor: 1.0, rope_type: 'llama3',
             original_max_position_embeddings: 8192}}
            """);
    assertThat(frequencies).hasSize(32);
    assertThat(frequencies[0]).isEqualTo(1);
    assertThat(frequencies[14]).isCloseTo(3.211445994752591e-3, within(1e-15));
    assertThat(frequencies[15]).isCloseTo(1.290547928209264e-3, within(1e-15));
    assertThat(frequencies[16]).isCloseTo(4.2955679655936815e-4, within(1e-15));
    assertThat(frequencies[17]).isCloseTo(9.70828780262767e-5, within(1e-15));
    assertThat(frequencies[18]).isCloseTo(1.9461638184831125e-5, within(1e-15));
    assertThat(frequencies[31]).isCloseTo(9.41830672543491e-8, within(1e-15));
  }

  @Test
  void theBaseMayLieInAnyPlace() {
    double[] expected = frequencies("{rope_theta: 500}");
    for (String place :
        new String[] {
          "{rope_theta: 500, rope_scaling: null}",
          "{rope_theta: 500, rope_scaling: {}}",
          "{rope_theta: 500, rope_scaling: {type: 'default'}}",
          "{rope_theta: 500, rope_parameters: {rope_type: 'default'}}",
          "{rope_theta: null, rope_parameters: {rope_type: 'default', rope_theta: 500.0}}",
          "{rope_theta: 7, rope_parameters: {rope_theta: 500.0, partial_rotary_factor: 1.0}}"
        }) {
      assertThat(frequencies(place)).as(place).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rope_scaling: {type: 'yarn', factor: 4} | type: yarn | default, linear or llama3",
        "rope_scaling: {rope_type: 'dynamic', factor: 4} | rope_type: dynamic | default, linear or llama3",
        "rope_parameters: {rope_type: 'longrope'} | rope_type: longrope | default, linear or llama3",
        "rope_scaling: {factor: 4}        | rope_type: missing | given",
        "rope_scaling: {type: 'linear'}   | factor: missing | given",
        "rope_scaling: {type: 'linear', factor: 0} | factor: 0 | a number > 0",
        "rope_scaling: {type: 'llama3', factor: 8} | low_freq_factor: missing | given",
        "rope_scaling: {type: 'llama3', factor: 8, low_freq_factor: 4, high_freq_factor: 4}"
            + " | high_freq_factor: 4.0 | more than low_freq_factor 4.0",
        "rope_scaling: {type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4}"
            + " | original_max_position_embeddings: missing | given",
        "rope_parameters: {rope_theta: 'big'} | rope_theta: \"big\" | a number > 0",
        "rope_parameters: {partial_rotary_factor: 0.5} | partial_rotary_factor: 0.5 | 1",
        "rope_parameters: {full_attention: {rope_theta: 5}} | full_attention: {\"rope_theta\":5}"
            + " | absent"
      })
  void whatIsNotSupportedIsNamed(String changes, String invalid, String must) {
    String key = changes.substring(0, changes.indexOf(':'));
    assertThatThrownBy(() -> frequencies("{" + changes + "}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid %s (must be %s) in %s of here", invalid, must, key);
  }

  @Test
  void onTheOutsideToo() {
    assertThatThrownBy(() -> frequencies("{partial_rotary_factor: 0.25}"))
        .hasMessage("Invalid partial_rotary_factor: 0.25 (must be 1) in here");
    assertThatThrownBy(() -> frequencies("{rope_scaling: 4}"))
        .hasMessage("Invalid rope_scaling: 4 (must be an object) in here");
    assertThatThrownBy(() -> frequencies("{rope_theta: 0}"))
        .hasMessage("Invalid rope_theta: 0 (must be a number > 0) in here");
  }
}
