#pragma once
/// The CloudFormation form of a stack: YAML for people (their order, comments), canonical JSON for
/// tools (keys sorted). Both hold the same content; the same stack gives the same bytes.
#include <string>

#include "generator/stack.hpp"

namespace shopsim::generator {

/// What every template says of itself.
struct TemplateOrigin {
  std::string platform_file;   ///< name without folder, cited as the source of every resource
  std::string owner;           ///< e.g. `shop platform team`
};

std::string to_yaml_template(const Stack& stack, const TemplateOrigin& origin);
std::string to_json_template(const Stack& stack, const TemplateOrigin& origin);

}  // namespace shopsim::generator
