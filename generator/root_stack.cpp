// The parent: hands on what one stack gives and another needs, so that the contract between them
// holds by construction.
#include <algorithm>
#include <set>
#include <string>

#include "generator/stack_builder.hpp"
#include "generator/stacks.hpp"

namespace shopsim::generator {

namespace {

std::string nested_id(const std::string& name) {
  std::string id = name + "Stack";
  id[0] = static_cast<char>(id[0] - 'a' + 'A');
  return id;
}

bool gives(const Stack& stack, const std::string& output) {
  return std::any_of(stack.outputs.begin(), stack.outputs.end(),
                     [&](const Output& known) { return known.id == output; });
}

const char* why_of(const std::string& name) {
  if (name == "security") return "keys, topics and logs that all others use";
  if (name == "network") return "the address space and who may talk to whom";
  if (name == "data") return "what must not be lost";
  if (name == "compute") return "what serves the customers";
  return "what brings the data back";
}

}  // namespace

Stack root_stack(const Design& design, const std::vector<Stack>& children) {
  StackBuilder builder(design, "root", "The platform of one region, as nested stacks",
                       "Nests the stacks of the region in the order of their dependencies; edge "
                       "and "
                       "observability follow as stacks of their own.");
  std::set<std::string> asked = {"Environment", "Owner", "CostCenter"};
  const std::string region = design.platform.region;
  builder.assertion({.id = "RegionOfThePlatform",
                     .description = "The platform was planned for " + region +
                                    ": its zones, prices and log accounts are that region's",
                     .subject = "AWS::Region",
                     .allowed = {region}});
  builder.parameter({.id = "TemplateBucket",
                     .group = "Templates",
                     .description = "Bucket to which deploy.sh uploads the templates",
                     .pattern = "^[a-z0-9.-]{3,63}$",
                     .constraint = "name of a bucket"});
  builder.parameter({.id = "TemplatePrefix",
                     .group = "Templates",
                     .description = "Folder in that bucket",
                     .pattern = "^[A-Za-z0-9._/-]{1,200}$",
                     .constraint = "letters, digits and ._/-"});
  for (std::size_t i = 0; i < children.size(); ++i) {
    const Stack& child = children[i];
    Map parameters;
    for (const Parameter& parameter : child.parameters) {
      const auto giver = std::find_if(
          children.begin(), children.begin() + static_cast<std::ptrdiff_t>(i),
          [&](const Stack& stack) { return gives(stack, parameter.id); });
      if (giver != children.begin() + static_cast<std::ptrdiff_t>(i)) {
        parameters.push_back(
            {parameter.id, attribute(nested_id(giver->name), "Outputs." + parameter.id)});
        continue;
      }
      if (asked.insert(parameter.id).second) {
        Parameter handed_on = parameter;
        // The image is looked up once, in the child.
        if (parameter.type.starts_with("AWS::SSM::Parameter::Value")) handed_on.type = "String";
        builder.parameter(std::move(handed_on));
      }
      parameters.push_back({parameter.id, ref(parameter.id)});
    }
    builder.add({.id = nested_id(child.name),
                 .type = "AWS::CloudFormation::Stack",
                 .why = why_of(child.name),
                 .source = "platform",
                 .properties = {{"TemplateURL",
                                 text("https://${TemplateBucket}.s3.${AWS::Region}"
                                      ".${AWS::URLSuffix}"
                                      "/${TemplatePrefix}/" + child.name + ".template.yaml")},
                                {"Parameters", std::move(parameters)}}});
    for (const Output& output : child.outputs) {
      builder.output(output.id, output.description,
                     attribute(nested_id(child.name), "Outputs." + output.id));
    }
  }
  return std::move(builder).finish();
}

std::vector<Stack> all_stacks(const Design& design) {
  std::vector<Stack> children = {security_stack(design), network_stack(design), data_stack(design),
                                 compute_stack(design)};
  if (design.platform.backup.enabled) children.push_back(backup_stack(design));
  std::vector<Stack> stacks = {root_stack(design, children)};
  for (Stack& child : children) stacks.push_back(std::move(child));
  stacks.push_back(edge_stack(design));
  stacks.push_back(observability_stack(design));
  return stacks;
}

}  // namespace shopsim::generator
