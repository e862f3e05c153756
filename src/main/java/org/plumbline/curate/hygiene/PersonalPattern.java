package org.plumbline.curate.hygiene;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import org.apache.commons.validator.routines.InetAddressValidator;
import org.apache.commons.validator.routines.checkdigit.IBANCheckDigit;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;

/** What personal data looks like in a text. Earlier ones win where two cover the same place. */
enum PersonalPattern {
  EMAIL("[\\p{L}\\p{N}._%+-]{1,64}@(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}\\p{L}{2,24}", found -> true),
  IBAN("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b", PersonalPattern::isIban),
  CARD("(?<![\\d.-])\\d(?:[ -]?\\d){12,18}(?![\\d-])", PersonalPattern::isCard),
  SOCIAL_SECURITY(
      "(?<![\\d-])(?!000|666|9\\d\\d|078-05-1120|219-09-9999)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\d-])",
      found -> true),
  IP_ADDRESS(
      "(?<![\\w.:])(?:\\d{1,3}(?:\\.\\d{1,3}){3}|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4})(?![\\w.:]*[\\w:])",
      PersonalPattern::isPublic);

  /**
   * A place in a text.
   *
   * @param kind what is there, such as {@code email}
   * @param start index of its first UTF-16 unit
   * @param end one after its last
   */
  record Place(String kind, int start, int end) {}

  private final java.util.regex.Pattern shape;
  private final Predicate<String> check;

  PersonalPattern(String shape, Predicate<String> check) {
    this.shape = java.util.regex.Pattern.compile(shape);
    this.check = check;
  }

  String title() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  /** All places with personal data in {@code text}, in order, none covering another. */
  static List<Place> find(String text, String region) {
    List<Place> places = new ArrayList<>();
    long digits = text.chars().filter(Character::isDigit).limit(7).count();
    if (digits < 4 && text.indexOf('@') < 0 && text.indexOf(':') < 0) {
      return places;
    }
    for (PersonalPattern pattern : values()) {
      Matcher matcher = pattern.shape.matcher(text);
      while (matcher.find()) {
        if (pattern.check.test(matcher.group())) {
          add(new Place(pattern.title(), matcher.start(), matcher.end()), places);
        }
      }
    }
    if (digits == 7) {
      for (PhoneNumberMatch match : PhoneNumberUtil.getInstance().findNumbers(text, region)) {
        add(new Place("phone", match.start(), match.end()), places);
      }
    }
    places.sort(Comparator.comparingInt(Place::start));
    return places;
  }

  private static void add(Place place, List<Place> places) {
    if (places.stream().noneMatch(p -> p.start() < place.end() && place.start() < p.end())) {
      places.add(place);
    }
  }

  private static boolean isIban(String found) {
    return IBANCheckDigit.IBAN_CHECK_DIGIT.isValid(found.replace(" ", ""));
  }

  /** Networks whose cards have 13 to 19 digits start with 2 to 6 (ISO/IEC 7812). */
  private static boolean isCard(String found) {
    String digits = found.replaceAll("[ -]", "");
    return digits.charAt(0) >= '2'
        && digits.charAt(0) <= '6'
        && digits.chars().distinct().count() > 1
        && LuhnCheckDigit.LUHN_CHECK_DIGIT.isValid(digits);
  }

  /** Addresses of private networks, of one's own machine and of examples are nobody's. */
  private static boolean isPublic(String found) {
    if (found.indexOf(':') >= 0) {
      return InetAddressValidator.getInstance().isValidInet6Address(found)
          && found.matches("[23].{6,}");
    }
    return InetAddressValidator.getInstance().isValidInet4Address(found)
        && !found.matches(
            "(0|10|127|22[4-9]|2[34]\\d|25[0-5])\\..*|192\\.168\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*"
                + "|169\\.254\\..*|192\\.0\\.2\\..*|198\\.51\\.100\\..*|203\\.0\\.113\\..*|\\d\\.\\d\\.\\d\\.\\d");
  }
}
