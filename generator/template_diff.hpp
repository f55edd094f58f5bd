#pragma once
/// What would an update from these templates to those do to each resource: nothing worth telling,
/// a change in place, an interruption, or a replacement?
///
/// Values are compared after Ref, Sub, parameters' defaults and nested stacks have been followed,
/// so
/// that a changed default shows where it acts; and a resource that refers to a replaced one counts
/// as changed there. Behaviours come from data/update_behaviours.txt; a property that is not in it
/// is
/// `not known`, never guessed. Leaves out: drift, and parameters given at deployment.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "generator/check_stacks.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator::checker {

/// The table as text, built into the library.
std::string_view update_behaviours_text();

/// From harmless to harmful.
enum class UpdateEffect : std::uint8_t {
  template_only,  ///< policies, metadata and order: nothing happens to the resource
  created,
  in_place,
  interruption,
  unknown,        ///< the table does not have the property
  replacement,
  removed,
  refused,        ///< CloudFormation will not do it
};
std::string_view to_text(UpdateEffect effect);

/// One property that differs.
struct PropertyUpdate {
  std::string name;
  UpdateEffect effect = UpdateEffect::unknown;
  std::string before;  ///< readable and shortened; empty: not given
  std::string after;
};

/// One resource that differs.
struct ResourceUpdate {
  std::string file;  ///< name of the template, without folders
  std::string id;
  std::string type;
  UpdateEffect effect = UpdateEffect::template_only;
  std::vector<PropertyUpdate> properties;
  std::string note;  ///< what becomes of data, why it fails; may be empty
};

/// Differences in the order of the new templates, removed resources last.
std::vector<ResourceUpdate> compare_templates(const StackSet& before, const StackSet& after);

/// As lines for a person, worst first, with a sum at the end.
std::string to_text(const std::vector<ResourceUpdate>& updates);

/// The effect of changing one property of one type, as the table has it.
UpdateEffect update_effect(std::string_view type, std::string_view property);

}  // namespace shopsim::generator::checker
