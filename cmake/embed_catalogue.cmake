# Writes a source file that holds a text file as a string:
#   cmake -DINPUT=<text> -DOUTPUT=<source> -P embed_catalogue.cmake
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "// Written by cmake/embed_catalogue.cmake; edit the JSON file instead.
#include \"models/catalogue_text.hpp\"

namespace shopsim::models {

std::string_view built_in_catalogue_text() {
  return R\"catalogue(${text})catalogue\";
}

}  // namespace shopsim::models
")
