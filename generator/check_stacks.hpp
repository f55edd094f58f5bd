#pragma once
/// Which stacks do these files make together? Reads CloudFormation templates, YAML with short tags
/// or JSON, and joins them: nested stacks with their parents, imports with exports.
///
/// Leaves out: what macros and language extensions make of a template (their parts are unknown),
/// stack sets, and a child that two parents share (the first one's parameters count).
#include <cstddef>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/check_value.hpp"
#include "sim/diagnostic.hpp"
#include "sim/document.hpp"

namespace shopsim::generator::checker {

/// One resource as emitted, its properties resolved.
struct Resource {
  std::size_t stack = 0;
  std::string_view id;
  std::string_view type;
  const sim::Key* key = nullptr;    ///< where its logical id stands
  const sim::Node* node = nullptr;  ///< the whole resource
  std::string_view condition;       ///< empty: always there
  Value body;                       ///< type, properties, policies: everything
  bool present = true;              ///< under the parameters' default values
  std::optional<std::size_t> child;  ///< of a nested Stack: the stack it makes, if it is in the set

  [[nodiscard]] const Value& properties() const { return body.at("Properties"); }
  [[nodiscard]] const Value& property(std::string_view name) const {
    return properties().at(name);
  }
};

/// A stack and the Stack resource in it that makes a child.
struct ParentLink {
  std::size_t stack = 0;
  std::string_view resource;
};

/// One template; the sections are entries of the document.
struct Stack {
  sim::Document document;
  std::vector<Resource> resources;  ///< in the file's order
  std::optional<ParentLink> parent;
  std::map<std::string_view, std::size_t> resource_of;  ///< logical id -> index in `resources`

  [[nodiscard]] const sim::Node* section(std::string_view name) const {
    return document.root.child(name);
  }
  /// An entry of a section, e.g. a parameter, or nullptr.
  [[nodiscard]] const sim::Node* entry(std::string_view section_name, std::string_view name) const;
};

/// All stacks that belong together. Never moves a stack, so that views into it stay good.
class StackSet {
 public:
  StackSet() = default;
  StackSet(const StackSet&) = delete;
  StackSet& operator=(const StackSet&) = delete;
  StackSet(StackSet&&) = default;
  StackSet& operator=(StackSet&&) = default;

  /// Adds a template; call `join` when all are in.
  void add(sim::Document document);
  /// Finds parents and resolves every resource. `values` are given to parameters of templates that
  /// no parent makes, instead of their defaults.
  void join(std::map<std::string, std::string, std::less<>> values = {});
  [[nodiscard]] const std::string* value_of(std::string_view parameter) const {
    const auto found = values_.find(parameter);
    return found == values_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] const std::deque<Stack>& stacks() const { return stacks_; }
  [[nodiscard]] const Resource* find(std::size_t stack, std::string_view id) const;
  /// The resource a reference names, through aliases of keys as well; nullptr if there is none.
  [[nodiscard]] const Resource* find(const Reference& reference) const {
    return find(reference.stack, reference.id);
  }
  /// The resource a value is exactly a reference to, or nullptr.
  [[nodiscard]] const Resource* target(const Value& value) const;
  /// All resources of a type, in order of stacks and files.
  [[nodiscard]] std::vector<const Resource*> of_type(std::string_view type) const;
  /// From now on, notes the types that are asked for; nullptr: no more. For the trace: which rules
  /// look at which resources.
  void note_types(std::set<std::string, std::less<>>* types) const { asked_ = types; }
  [[nodiscard]] sim::Place place(const Value& value) const;
  [[nodiscard]] sim::Place place(const Resource& resource) const;
  [[nodiscard]] sim::Place place(std::size_t stack, const sim::Node& node) const;

 private:
  void list_resources(std::size_t index);
  void link_children();
  [[nodiscard]] std::optional<std::size_t> child_of(const Resource& stack_resource) const;

  std::deque<Stack> stacks_;
  std::map<std::string, std::string, std::less<>> values_;
  mutable std::set<std::string, std::less<>>* asked_ = nullptr;
};

/// Whether a document is a CloudFormation template: it has `Resources`, or says so itself.
bool is_template(const sim::Document& document);

/// Writes the YAML short forms out: `!Ref x` becomes `{Ref: x}`, `!GetAtt a.b` becomes
/// `{Fn::GetAtt: [a, b]}`, at the same places. `Fn::GetAtt: a.b` becomes a list as well.
void write_out_short_forms(sim::Node& root);

/// The file a TemplateURL names: what stands behind its last slash. Empty if that is not fixed.
std::string_view template_file_name(std::string_view url);

}  // namespace shopsim::generator::checker
