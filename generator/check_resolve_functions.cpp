// The intrinsic functions that work on text and lists.
#include <array>
#include <string>
#include <utility>

#include "generator/check_resolve.hpp"
#include "models/cidr.hpp"

namespace shopsim::generator::checker {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string dotted(const models::Cidr& range) {
  std::string text;
  for (unsigned shift = 32; shift > 0;) {
    shift -= 8;
    text += std::to_string(range.first >> shift & 0xffU);
    if (shift > 0) text += '.';
  }
  return text + '/' + std::to_string(range.prefix);
}

}  // namespace

Value text_value(std::string text) {
  Value value;
  value.kind = ValueKind::text;
  value.text = std::move(text);
  return value;
}

Value unknown_value() {
  Value value;
  value.kind = ValueKind::unknown;
  return value;
}

Value Resolver::join(const sim::Node& argument, const Context& context) const {
  if (argument.children.size() != 2) return unknown_value();
  const std::string& separator = argument.children[0].text;
  const Value parts = resolve(argument.children[1], context);
  if (!parts.is_list()) return parts.is_text() ? text_value(parts.text) : unknown_value();
  std::string text;
  for (std::size_t i = 0; i < parts.items.size(); ++i) {
    // A list inside, from a list parameter, is joined as well.
    for (const Value* part : parts.items[i].each()) {
      if (!part->is_text()) return unknown_value();
      if (!text.empty() || i > 0) text += separator;
      text += part->text;
    }
    if (text.size() > kLongestText) return unknown_value();
  }
  return text_value(std::move(text));
}

Value Resolver::substitute(const sim::Node& argument, const Context& context) const {
  const bool with_variables =
      argument.kind == sim::NodeKind::sequence && argument.children.size() == 2;
  const sim::Node& pattern = with_variables ? argument.children[0] : argument;
  const sim::Node* variables = with_variables ? &argument.children[1] : nullptr;
  if (pattern.kind != sim::NodeKind::scalar) return unknown_value();
  std::string text;
  std::string_view rest = pattern.text;
  for (std::size_t open = rest.find("${"); open != std::string_view::npos; open = rest.find("${")) {
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos) break;
    text += rest.substr(0, open);
    const std::string_view name = trimmed(rest.substr(open + 2, close - open - 2));
    rest.remove_prefix(close + 1);
    if (name.starts_with('!')) {
      text.append("${").append(name.substr(1)).append("}");
      continue;
    }
    const sim::Node* variable = variables == nullptr ? nullptr : variables->child(name);
    const std::size_t dot = name.find('.');
    Value value = variable != nullptr ? resolve(*variable, context)
                  : dot == std::string_view::npos
                      ? name_value(name, context)
                      : attribute(name.substr(0, dot), name.substr(dot + 1), context);
    if (value.is_list()) {
      std::string joined;
      for (const Value& item : value.items) {
        if (!joined.empty()) joined += ',';
        joined += item.text;
      }
      value = text_value(std::move(joined));
    }
    if (!value.is_text()) return unknown_value();
    text += value.text;
    if (text.size() > kLongestText) return unknown_value();
  }
  text += rest;
  return text_value(std::move(text));
}

Value Resolver::choose(const sim::Node& argument, const Context& context) const {
  if (argument.children.size() != 3) return unknown_value();
  const std::string& name = argument.children[0].text;
  const bool assumed = !name.empty() && name == context.assumed;
  const sim::Node* expression = set_.stacks()[context.stack].entry("Conditions", name);
  if (expression == nullptr) return unknown_value();
  const auto known = assumed ? std::optional(true) : holds(*expression, context);
  if (known) return resolve(argument.children[*known ? 1 : 2], context);
  // Something or nothing: the something is looked at. One thing or another: neither is.
  Value yes = resolve(argument.children[1], context);
  Value no = resolve(argument.children[2], context);
  if (!no.given() || (yes.is_text() && yes.text == no.text)) return yes;
  if (!yes.given()) return no;
  return unknown_value();
}

Value Resolver::select(const sim::Node& argument, const Context& context) const {
  if (argument.children.size() != 2) return unknown_value();
  const Value index = resolve(argument.children[0], context);
  Value list = resolve(argument.children[1], context);
  const auto number = index.number();
  if (!number || *number < 0 || *number > 1000) return unknown_value();
  const auto at = static_cast<std::size_t>(*number);
  if (list.is_list()) return at < list.items.size() ? std::move(list.items[at]) : unknown_value();
  // An item of an unknown list is still always the same item.
  if (const auto reference = list.reference()) {
    return text_value(reference_text(reference->stack, reference->id,
                                     std::string(reference->attribute) + "[" +
                                         std::to_string(at) + "]"));
  }
  return unknown_value();
}

Value Resolver::split(const sim::Node& argument, const Context& context) const {
  if (argument.children.size() != 2) return unknown_value();
  const std::string& separator = argument.children[0].text;
  const Value text = resolve(argument.children[1], context);
  if (!text.is_text() || separator.empty()) return unknown_value();
  if (text.reference()) return text;
  Value list;
  list.kind = ValueKind::list;
  std::string_view rest = text.text;
  for (;;) {
    const std::size_t at = rest.find(separator);
    list.items.push_back(text_value(std::string(rest.substr(0, at))));
    if (at == std::string_view::npos) return list;
    rest.remove_prefix(at + separator.size());
  }
}

Value Resolver::find_in_map(const sim::Node& argument, const Context& context) const {
  if (argument.children.size() < 3) return unknown_value();
  std::array<std::string, 3> path;
  for (std::size_t i = 0; i < 3; ++i) {
    const Value step = resolve(argument.children[i], context);
    if (!step.is_literal()) return unknown_value();
    path[i] = step.text;
  }
  const sim::Node* entry = set_.stacks()[context.stack].entry("Mappings", path[0]);
  if (entry != nullptr) entry = entry->child(path[1]);
  if (entry != nullptr) entry = entry->child(path[2]);
  return entry == nullptr ? unknown_value() : resolve(*entry, context);
}

Value Resolver::import_value(const sim::Node& argument, const Context& context) const {
  const Value wanted = resolve(argument, context);
  if (!wanted.is_text()) return unknown_value();
  // `${NetworkStack}-VpcId` is exported as `${AWS::StackName}-VpcId`: the fixed end must agree.
  const auto fixed_end = [](std::string_view text) {
    const std::size_t mark = text.find_last_of('\x02');
    return mark == std::string_view::npos ? text : text.substr(mark + 1);
  };
  const sim::Node* found = nullptr;
  std::size_t found_in = 0;
  for (std::size_t i = 0; i < set_.stacks().size(); ++i) {
    const sim::Node* outputs = set_.stacks()[i].section("Outputs");
    if (outputs == nullptr || i == context.stack) continue;
    for (const sim::Node& output : outputs->children) {
      const sim::Node* exported = output.child("Export");
      const sim::Node* name = exported == nullptr ? nullptr : exported->child("Name");
      const sim::Node* value = output.child("Value");
      if (name == nullptr || value == nullptr) continue;
      const Value offered = resolve(*name, Context{i, {}, context.depth, context.budget});
      const bool same = offered.text == wanted.text ||
                        (!fixed_end(wanted.text).empty() && !offered.is_literal() &&
                         fixed_end(offered.text) == fixed_end(wanted.text));
      if (!offered.is_text() || !same) continue;
      if (found != nullptr) return unknown_value();
      found = value;
      found_in = i;
    }
  }
  if (found == nullptr) return unknown_value();
  return resolve(*found, Context{found_in, {}, context.depth, context.budget});
}

Value Resolver::cidr(const sim::Node& argument, const Context& context) const {
  if (argument.children.size() < 2) return unknown_value();
  const Value block = resolve(argument.children[0], context);
  const Value count = resolve(argument.children[1], context);
  const Value bits = argument.children.size() > 2 ? resolve(argument.children[2], context)
                                                  : text_value("8");
  const auto range = models::parse_cidr(block.text);
  const auto wanted = count.number();
  const auto host_bits = bits.number();
  const bool sound = range && wanted && host_bits && *wanted >= 1 && *wanted <= 256 &&
                     *host_bits >= 0 && *host_bits <= 32.0 - range->prefix;
  if (!block.is_literal() || !sound) return unknown_value();
  Value list;
  list.kind = ValueKind::list;
  const auto host = static_cast<std::uint64_t>(*host_bits);
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(*wanted); ++i) {
    const std::uint64_t first = range->first + (i << host);
    if (first > range->last()) return unknown_value();
    models::Cidr part;
    part.first = static_cast<std::uint32_t>(first);
    part.prefix = static_cast<std::uint8_t>(32 - host);
    list.items.push_back(text_value(dotted(part)));
  }
  return list;
}

}  // namespace shopsim::generator::checker
