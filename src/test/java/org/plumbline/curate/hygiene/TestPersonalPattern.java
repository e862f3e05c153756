package org.plumbline.curate.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers are test numbers of their issuers, or of RFC 5737 and 3849's neighbours. */
class TestPersonalPattern {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "write to Jo.Doe+x@mail.example.co.uk!|write to [email]!",
        "pay GB82 WEST 1234 5698 7654 32 today|pay [iban] today",
        "card 4111 1111 1111 1111.|card [card].",
        "ssn 123-45-6789 ok|ssn [social security] ok",
        "from 8.8.4.14 and 2001:4860:4860::8888 came|from [ip address] and [ip address] came",
        "call (650) 253-0000 or +44 20 7031 3000|call [phone] or [phone]"
      })
  void isFoundAndNothingAroundIt(String text, String redacted) {
    assertThat(PersonalData.redacted(text, "US")).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pay GB83 WEST 1234 5698 7654 32 today",
        "card 4111 1111 1111 1112.",
        "ssn 000-45-6789 or 666-12-1234",
        "version 1.2.3.4 at 192.168.0.1:8080, 127.0.0.1",
        "at 10:30:15, see std::vector and a::b",
        "pi is 3.14159265358979, in 1999-2004 and 12,345,678 people",
        "me @ home"
      })
  void isNotSeenWhereItIsNot(String text) {
    assertThat(PersonalData.redacted(text, "US")).isEqualTo(text);
  }
}
