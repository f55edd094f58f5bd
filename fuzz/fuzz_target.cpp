// One libFuzzer program per target (CMakeLists.txt): scripts/fuzz.sh TARGET [seconds]
#include <cstddef>
#include <cstdint>
#include <string>

#include SHOPSIM_FUZZ_HEADER

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(data[i]);
  shopsim::fuzz::SHOPSIM_FUZZ_TARGET(bytes);
  return 0;
}
