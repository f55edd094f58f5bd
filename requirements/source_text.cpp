#include "requirements/source_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <system_error>

#include "requirements/tokens.hpp"

namespace shopsim::requirements {

namespace {

// Small words that nearly every sentence of a language has. A word that two languages share
// (German `die`, `in`; French `on`) stands in neither list.
constexpr std::string_view kEnglish[] = {
    "the", "and", "of", "to", "is", "are", "be", "for", "with", "must", "should", "we", "our",
    "not", "it", "that", "this", "at", "from", "by", "or", "as", "need", "needs", "will", "have",
    "has", "if", "when", "all", "every", "one", "no", "shall", "can", "than", "on", "a"};
constexpr std::string_view kOther[] = {
    // German
    "der", "das", "und", "ist", "sind", "nicht", "wir", "ein", "eine", "einen", "mit", "muss",
    "soll", "sollen", "für", "auf", "von", "zu", "wenn", "auch", "kein", "keine", "brauchen",
    "werden", "dem", "den",
    // French
    "le", "la", "les", "des", "du", "et", "est", "sont", "nous", "une", "pour", "avec", "dans",
    "doit", "pas", "sur", "qui", "que", "être",
    // Spanish, Portuguese, Italian
    "el", "los", "las", "y", "una", "debe", "para", "con", "por", "del", "en", "necesitamos",
    "os", "uma", "deve", "com", "não", "il", "di", "che", "per", "sono", "deve", "della", "gli",
    // Dutch, Polish, Scandinavian
    "het", "een", "en", "niet", "van", "moet", "zijn", "voor", "nie", "jest", "musi", "oraz",
    "og", "och", "ikke", "inte", "skal", "ska", "som", "av", "til"};

template <std::size_t N>
bool is_one_of(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

struct LanguageCount {
  std::size_t words = 0;
  std::size_t english = 0;
  std::size_t other = 0;
  std::size_t letters = 0;
  std::size_t other_script = 0;  ///< letters that are not Latin
};

/// Lead byte of the two-byte Greek, Cyrillic, Hebrew and Arabic characters and of all longer ones
/// but general punctuation and symbols (E2).
bool begins_other_script(unsigned char c) {
  return (c >= 0xCD && c <= 0xDF) || (c >= 0xE0 && c <= 0xEF && c != 0xE2);
}

LanguageCount count_language(std::string_view text) {
  LanguageCount count;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) ++count.letters;
    if (begins_other_script(byte)) {
      ++count.letters;
      ++count.other_script;
    }
  }
  for (const Token& token : tokenize(text)) {
    if (token.kind != TokenKind::word) continue;
    ++count.words;
    if (is_one_of(kEnglish, token.text)) ++count.english;
    if (is_one_of(kOther, token.text)) ++count.other;
  }
  return count;
}

/// Bytes of the UTF-8 character at `i`; 0 if there is none.
std::size_t character_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) {
    return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U;
  };
  const unsigned lead = byte(i);
  std::size_t length = 0;
  if (lead < 0x80) length = 1;
  else if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  else if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  else if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

/// Reports the first byte that no text has. Returns whether there is one.
bool has_binary(std::string_view text, const std::string& file, sim::Diagnostics& diagnostics) {
  std::uint32_t line = 1;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = character_length(text, i);
    const bool control = byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' &&
                         byte != '\f';
    if (length == 0 || control || byte == 0x7F) {
      diagnostics.error("binary-file", {file, line, 0},
                        control || byte == 0x7F ? "a control character: this is no text"
                                                : "bytes that are not UTF-8: this is no text",
                        "give a Markdown or plain text file in UTF-8");
      return true;
    }
    if (byte == '\n') ++line;
    i += length;
  }
  return false;
}

void normalise_line_ends(std::string& text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      if (i + 1 == text.size() || text[i + 1] != '\n') clean += '\n';
    } else {
      clean += text[i] == '\t' || text[i] == '\f' ? ' ' : text[i];
    }
  }
  text = std::move(clean);
}

}  // namespace

bool is_foreign(std::string_view sentence) {
  const LanguageCount count = count_language(sentence);
  if (count.other_script * 5 > count.letters) return true;
  return count.other >= 2 && count.other > count.english;
}

std::optional<SourceText> check_source(std::string text, std::string file,
                                       sim::Diagnostics& diagnostics) {
  const sim::Place whole{file, 0, 0};
  if (text.size() > kMostBytes) {
    diagnostics.error("too-large", whole,
                      "the document has more than " + std::to_string(kMostBytes) + " bytes",
                      "give the requirements alone, without annexes");
    return std::nullopt;
  }
  if (has_binary(text, file, diagnostics)) return std::nullopt;
  normalise_line_ends(text);
  const LanguageCount count = count_language(text);
  if (count.words == 0 && count.other_script == 0) {
    diagnostics.error("empty-document", whole, "the document holds no word",
                      "give a Markdown or plain text file that says what the shop needs");
    return std::nullopt;
  }
  const bool other_script = count.other_script * 3 > count.letters;
  if (other_script || (count.other >= 5 && count.other > count.english)) {
    diagnostics.error("not-english", whole,
                      other_script ? "the document is not written in Latin letters"
                                   : "the document does not seem to be English: " +
                                         std::to_string(count.other) +
                                         " small words of other languages, " +
                                         std::to_string(count.english) + " of English",
                      "only English is read; nothing was derived");
    return std::nullopt;
  }
  return SourceText{std::move(file), std::move(text)};
}

std::optional<SourceText> read_source(const std::filesystem::path& file,
                                      sim::Diagnostics& diagnostics) {
  const sim::Place whole{file.string(), 0, 0};
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    diagnostics.error("no-file", whole,
                      std::filesystem::exists(file, error) ? "this is no regular file"
                                                           : "there is no such file");
    return std::nullopt;
  }
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error || size > kMostBytes) {
    diagnostics.error("too-large", whole,
                      "the document has " + std::to_string(size) + " bytes, at most " +
                          std::to_string(kMostBytes) + " are read",
                      "give the requirements alone, without annexes");
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) {
    diagnostics.error("cannot-read", whole, "the file cannot be read");
    return std::nullopt;
  }
  return check_source(std::move(text), file.string(), diagnostics);
}

}  // namespace shopsim::requirements
