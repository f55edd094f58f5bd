# Writes a source file of functions that return text files:
#   cmake -DOUTPUT=<source> "-DTEXTS=<function>=<file>;..." -DHEADER=<header> -P embed_texts.cmake
set(source "// Written by cmake/embed_texts.cmake; edit the files it was made of instead.
#include \"${HEADER}\"

// Longer than the standard asks compilers for; both of ours take it.
#pragma GCC diagnostic ignored \"-Woverlength-strings\"

namespace shopsim::analysis {
")
foreach(entry IN LISTS TEXTS)
  string(REGEX MATCH "^([^=]+)=(.+)$" _ "${entry}")
  set(function ${CMAKE_MATCH_1})
  file(READ "${CMAKE_MATCH_2}" text)
  string(APPEND source
    "\nstd::string_view ${function}() {\n  return R\"embedded(${text})embedded\";\n}\n")
endforeach()
string(APPEND source "\n}  // namespace shopsim::analysis\n")
file(WRITE "${OUTPUT}" "${source}")
