// Refuses what is no text before a parser sees it.
#include <cstddef>
#include <cstdint>

#include "sim/yaml_parser.hpp"

namespace shopsim::sim {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// The length of the UTF-8 sequence at `at` and its code point; length 0 if it is not valid.
struct Sequence {
  std::size_t length = 0;
  std::uint32_t code_point = 0;
};

Sequence sequence_at(std::string_view text, std::size_t at) {
  const unsigned char first = byte_at(text, at);
  if (first < 0x80) return {1, first};
  std::size_t length = 0;
  std::uint32_t least = 0;
  std::uint32_t code_point = 0;
  if ((first & 0xe0U) == 0xc0U) {
    length = 2, least = 0x80, code_point = first & 0x1fU;
  } else if ((first & 0xf0U) == 0xe0U) {
    length = 3, least = 0x800, code_point = first & 0x0fU;
  } else if ((first & 0xf8U) == 0xf0U) {
    length = 4, least = 0x10000, code_point = first & 0x07U;
  } else {
    return {};
  }
  if (at + length > text.size()) return {};
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = byte_at(text, at + i);
    if ((next & 0xc0U) != 0x80U) return {};
    code_point = code_point << 6U | (next & 0x3fU);
  }
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < least || code_point > 0x10ffff || surrogate) return {};
  return {length, code_point};
}

/// What YAML allows in a stream.
bool printable(std::uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  if (c < 0x7f) return true;
  if (c < 0xa0) return c == 0x85;
  return c != 0xfeff && c != 0xfffe && c != 0xffff;
}

std::string hexadecimal(std::uint32_t value) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (; value > 0 || text.size() < 2; value >>= 4U) text.insert(0, 1, kDigits[value & 0xfU]);
  return text;
}

}  // namespace

bool is_clean_text(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  Place place{file, 1, 1};
  std::size_t at = 0;
  while (at < text.size()) {
    const Sequence sequence = sequence_at(text, at);
    if (sequence.length == 0) {
      const bool utf16 = at == 0 && text.size() > 1 && byte_at(text, 0) >= 0xfe;
      diagnostics.error("not-utf-8", place,
                        "byte 0x" + hexadecimal(byte_at(text, at)) + " is not valid UTF-8",
                        utf16 ? "this looks like UTF-16: save the file as UTF-8"
                              : "save the file as UTF-8 text");
      return false;
    }
    if (!printable(sequence.code_point)) {
      const bool nul = sequence.code_point == 0;
      diagnostics.error("binary-file", place,
                        nul ? "a NUL byte: this is a binary file, not YAML or JSON"
                            : "the control character U+00" + hexadecimal(sequence.code_point) +
                                  " is not allowed in YAML or JSON",
                        nul ? "is this the right file?" : "remove it or escape it in quotes");
      return false;
    }
    if (sequence.code_point == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
    at += sequence.length;
  }
  return true;
}

}  // namespace shopsim::sim
