# Writes a source file that holds every rule file of a folder as a string:
#   cmake -DFOLDER=<folder> -DOUTPUT=<source> -P embed_rules.cmake
file(GLOB files "${FOLDER}/*.yaml")
list(SORT files)
set(rows "")
foreach(path IN LISTS files)
  get_filename_component(name "${path}" NAME)
  file(READ "${path}" text)
  string(APPEND rows "      {\"${name}\", R\"rules(${text})rules\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Written by cmake/embed_rules.cmake; edit the files in requirements/rules.
#include \"requirements/rules.hpp\"

namespace shopsim::requirements {

std::vector<RuleText> built_in_rule_texts() {
  return {
${rows}  };
}

}  // namespace shopsim::requirements
")
