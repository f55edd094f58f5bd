// libFuzzer: scripts/fuzz.sh document [seconds]
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(data[i]);
  shopsim::fuzz::document(bytes);
  return 0;
}
