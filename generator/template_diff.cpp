#include "generator/template_diff.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "generator/section_table.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::size_t kShownBytes = 48;

UpdateEffect effect_of_word(std::string_view word) {
  if (word == "in-place") return UpdateEffect::in_place;
  if (word == "interruption") return UpdateEffect::interruption;
  if (word == "replacement") return UpdateEffect::replacement;
  if (word == "not-supported") return UpdateEffect::refused;
  return UpdateEffect::unknown;
}

/// Type -> property -> word.
const SectionTable& behaviours() {
  static const SectionTable table = read_sections(update_behaviours_text());
  return table;
}

/// Properties that give a resource a name of its own; such a resource cannot be replaced.
struct NameProperty {
  std::string_view type;
  std::string_view property;
};
constexpr std::array kNameProperties{
    NameProperty{"AWS::S3::Bucket", "BucketName"},
    NameProperty{"AWS::RDS::DBInstance", "DBInstanceIdentifier"},
    NameProperty{"AWS::RDS::DBSubnetGroup", "DBSubnetGroupName"},
    NameProperty{"AWS::RDS::DBParameterGroup", "DBParameterGroupName"},
    NameProperty{"AWS::ElastiCache::ReplicationGroup", "ReplicationGroupId"},
    NameProperty{"AWS::ElastiCache::SubnetGroup", "CacheSubnetGroupName"},
    NameProperty{"AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"},
    NameProperty{"AWS::ElasticLoadBalancingV2::TargetGroup", "Name"},
    NameProperty{"AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName"},
    NameProperty{"AWS::EC2::LaunchTemplate", "LaunchTemplateName"},
    NameProperty{"AWS::EC2::SecurityGroup", "GroupName"},
    NameProperty{"AWS::Logs::LogGroup", "LogGroupName"},
    NameProperty{"AWS::SNS::Topic", "TopicName"},
    NameProperty{"AWS::SecretsManager::Secret", "Name"},
    NameProperty{"AWS::Backup::BackupVault", "BackupVaultName"},
    NameProperty{"AWS::CloudTrail::Trail", "TrailName"},
    NameProperty{"AWS::IAM::Role", "RoleName"},
    NameProperty{"AWS::IAM::ManagedPolicy", "ManagedPolicyName"},
    NameProperty{"AWS::IAM::InstanceProfile", "InstanceProfileName"},
    NameProperty{"AWS::CloudWatch::Alarm", "AlarmName"},
    NameProperty{"AWS::CloudWatch::Dashboard", "DashboardName"},
    NameProperty{"AWS::WAFv2::WebACL", "Name"},
    NameProperty{"AWS::KMS::Alias", "AliasName"},
    NameProperty{"AWS::Events::Rule", "Name"},
    NameProperty{"AWS::SQS::Queue", "QueueName"},
};

std::string file_name(const StackSet& set, std::size_t stack) {
  return std::filesystem::path(set.stacks()[stack].document.file).filename().string();
}

/// A text that is the same in both sets: references by file and name, maps in order of keys.
void append_comparable(const StackSet& set, const Value& value, std::string& out) {
  switch (value.kind) {
    case ValueKind::absent: out += '-'; return;
    case ValueKind::unknown: out += '?'; return;
    case ValueKind::text: {
      out += '"' + readable(value.text);
      for (const Reference& one : references_in(value.text)) {
        out += '\x01' + file_name(set, one.stack) + '/' + std::string(one.id);
      }
      out += '"';
      return;
    }
    case ValueKind::list:
      out += '[';
      for (const Value& item : value.items) append_comparable(set, item, out);
      out += ']';
      return;
    case ValueKind::map: {
      std::map<std::string_view, const Value*> sorted;
      for (std::size_t i = 0; i < value.keys.size(); ++i) sorted[value.keys[i]] = &value.items[i];
      out += '{';
      for (const auto& [key, item] : sorted) {
        out.append(key).append(":");
        append_comparable(set, *item, out);
      }
      out += '}';
      return;
    }
  }
}

std::string comparable(const StackSet& set, const Value& value) {
  std::string text;
  append_comparable(set, value, text);
  return text;
}

/// A value for a person: text as it is, what is larger as its kind.
std::string brief(const Value& value) {
  switch (value.kind) {
    case ValueKind::absent: return {};
    case ValueKind::unknown: return "(known at deployment)";
    case ValueKind::list: return "(list of " + std::to_string(value.items.size()) + ")";
    case ValueKind::map: return "(" + std::to_string(value.items.size()) + " properties)";
    case ValueKind::text: break;
  }
  std::string text = readable(value.text);
  if (text.find('\n') != std::string::npos) return "(text of " + std::to_string(text.size()) +
                                                   " bytes)";
  if (text.size() > kShownBytes) text = text.substr(0, kShownBytes) + "...";
  return text;
}

/// A resource in both sets, by file and logical id.
struct Pair {
  const Resource* before = nullptr;
  const Resource* after = nullptr;
};

using Identity = std::pair<std::string, std::string_view>;

Identity identity(const StackSet& set, const Resource& resource) {
  return {file_name(set, resource.stack), resource.id};
}

bool refers_to(const StackSet& set, const Value& value, const std::set<Identity>& replaced) {
  for (const Reference& one : references_in(value.text)) {
    const Resource* target = set.find(one);
    if (target != nullptr && replaced.contains(identity(set, *target))) return true;
  }
  return std::any_of(value.items.begin(), value.items.end(),
                     [&](const Value& item) { return refers_to(set, item, replaced); });
}

const Value* name_of(const Resource& resource) {
  for (const NameProperty& one : kNameProperties) {
    if (one.type != resource.type) continue;
    const Value& name = resource.property(one.property);
    return name.given() ? &name : nullptr;
  }
  return nullptr;
}

std::string kept_text(const Value& policy) {
  if (policy.is("Retain") || policy.is("RetainExceptOnCreate")) return "the old one is kept";
  if (policy.is("Snapshot")) return "a snapshot of the old one is kept";
  return {};
}

class Comparison {
 public:
  Comparison(const StackSet& before, const StackSet& after) : before_(before), after_(after) {
    for (const Stack& stack : before.stacks()) {
      for (const Resource& one : stack.resources) pairs_[identity(before, one)].before = &one;
    }
    for (const Stack& stack : after.stacks()) {
      for (const Resource& one : stack.resources) pairs_[identity(after, one)].after = &one;
    }
  }
  std::vector<ResourceUpdate> run();

 private:
  [[nodiscard]] ResourceUpdate changed(const Resource& old, const Resource& now) const;
  void compare_properties(const Resource& old, const Resource& now, ResourceUpdate& update) const;
  void add_note(const Resource& old, const Resource& now, ResourceUpdate& update) const;

  const StackSet& before_;
  const StackSet& after_;
  std::map<Identity, Pair> pairs_;
  std::set<Identity> replaced_;  ///< grows until nothing more is replaced
};

void Comparison::compare_properties(const Resource& old, const Resource& now,
                                    ResourceUpdate& update) const {
  std::vector<std::string_view> names = now.properties().keys;
  for (const std::string_view name : old.properties().keys) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const std::string_view name : names) {
    const Value& was = old.property(name);
    const Value& is = now.property(name);
    const bool differs = comparable(before_, was) != comparable(after_, is);
    const bool follows = !differs && refers_to(after_, is, replaced_);
    if (!differs && !follows) continue;
    update.properties.push_back({std::string(name), update_effect(now.type, name), brief(was),
                                 follows ? brief(is) + " (replaced)" : brief(is)});
  }
}

void Comparison::add_note(const Resource& old, const Resource& now,
                          ResourceUpdate& update) const {
  if (update.effect != UpdateEffect::replacement) return;
  const Value* was = name_of(old);
  const Value* is = name_of(now);
  if (was != nullptr && is != nullptr && was->text == is->text) {
    update.note = "fails while its own name stays " + sim::shown(readable(is->text)) +
                  ": give it another one or none";
    return;
  }
  const std::string kept = kept_text(old.body.at("UpdateReplacePolicy"));
  update.note = kept.empty() ? "the old one is deleted afterwards" : kept;
}

ResourceUpdate Comparison::changed(const Resource& old, const Resource& now) const {
  ResourceUpdate update{file_name(after_, now.stack), std::string(now.id), std::string(now.type),
                        UpdateEffect::template_only, {}, {}};
  if (old.type != now.type) {
    update.effect = UpdateEffect::refused;
    update.note = "its type was " + std::string(old.type) + "; give the new one another logical id";
    return update;
  }
  compare_properties(old, now, update);
  for (const PropertyUpdate& one : update.properties) {
    update.effect = std::max(update.effect, one.effect);
  }
  add_note(old, now, update);
  return update;
}

std::vector<ResourceUpdate> Comparison::run() {
  for (bool grew = true; grew;) {
    grew = false;
    for (const auto& [id, pair] : pairs_) {
      if (pair.before == nullptr || pair.after == nullptr || replaced_.contains(id)) continue;
      if (changed(*pair.before, *pair.after).effect != UpdateEffect::replacement) continue;
      replaced_.insert(id);
      grew = true;
    }
  }
  std::vector<ResourceUpdate> result;
  for (const Stack& stack : after_.stacks()) {
    for (const Resource& now : stack.resources) {
      const Pair& pair = pairs_.at(identity(after_, now));
      if (pair.after != &now) continue;  // the same file name twice: the last one counts
      if (pair.before == nullptr) {
        result.push_back({file_name(after_, now.stack), std::string(now.id), std::string(now.type),
                          UpdateEffect::created, {}, {}});
        continue;
      }
      auto update = changed(*pair.before, now);
      const bool same = update.effect == UpdateEffect::template_only &&
                        comparable(before_, pair.before->body) == comparable(after_, now.body);
      if (!same) result.push_back(std::move(update));
    }
  }
  for (const Stack& stack : before_.stacks()) {
    for (const Resource& old : stack.resources) {
      const Pair& pair = pairs_.at(identity(before_, old));
      if (pair.after != nullptr || pair.before != &old) continue;
      const std::string kept = kept_text(old.body.at("DeletionPolicy"));
      result.push_back({file_name(before_, old.stack), std::string(old.id), std::string(old.type),
                        UpdateEffect::removed, {}, kept});
    }
  }
  return result;
}

}  // namespace

std::string_view to_text(UpdateEffect effect) {
  switch (effect) {
    case UpdateEffect::template_only: return "template only";
    case UpdateEffect::created: return "create";
    case UpdateEffect::in_place: return "in place";
    case UpdateEffect::interruption: return "interruption";
    case UpdateEffect::unknown: return "not known";
    case UpdateEffect::replacement: return "REPLACEMENT";
    case UpdateEffect::removed: return "DELETE";
    case UpdateEffect::refused: return "REFUSED";
  }
  return "?";
}

UpdateEffect update_effect(std::string_view type, std::string_view property) {
  const auto of_type = behaviours().find(type);
  if (of_type == behaviours().end()) return UpdateEffect::unknown;
  const auto found = of_type->second.find(property);
  return found == of_type->second.end() ? UpdateEffect::unknown : effect_of_word(found->second);
}

std::vector<ResourceUpdate> compare_templates(const StackSet& before, const StackSet& after) {
  return Comparison(before, after).run();
}

std::string to_text(const std::vector<ResourceUpdate>& updates) {
  if (updates.empty()) return "nothing changes\n";
  std::vector<const ResourceUpdate*> sorted;
  for (const ResourceUpdate& one : updates) sorted.push_back(&one);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->effect > b->effect;
  });
  std::string text;
  std::map<UpdateEffect, std::size_t, std::greater<>> counts;
  for (const ResourceUpdate* one : sorted) {
    ++counts[one->effect];
    std::string word(to_text(one->effect));
    word.resize(std::max<std::size_t>(word.size(), 14), ' ');
    text += word + one->file + "  " + one->id + "  " + one->type + "\n";
    for (const PropertyUpdate& property : one->properties) {
      text += "                " + property.name + ": " +
              (property.before.empty() ? "(not given)" : property.before) + " -> " +
              (property.after.empty() ? "(not given)" : property.after) + "  [" +
              std::string(to_text(property.effect)) + "]\n";
    }
    if (!one->note.empty()) text += "                " + one->note + "\n";
  }
  text += std::to_string(updates.size()) + " resource" + (updates.size() == 1 ? "" : "s") + ":";
  const char* separator = " ";
  for (const auto& [effect, count] : counts) {
    text += separator + std::to_string(count) + " " + std::string(to_text(effect));
    separator = ", ";
  }
  return text + "\n";
}

}  // namespace shopsim::generator::checker
