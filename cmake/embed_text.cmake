# Writes a source file that defines a function returning a text file's content:
#   cmake -DINPUT=<text> -DOUTPUT=<source> -DHEADER=<header> -DNAMESPACE=<a::b> -DFUNCTION=<name>
#     -P embed_text.cmake
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "// Written by cmake/embed_text.cmake; edit the text file instead.
#include \"${HEADER}\"

namespace ${NAMESPACE} {

std::string_view ${FUNCTION}() {
  return R\"embedded(${text})embedded\";
}

}  // namespace ${NAMESPACE}
")
