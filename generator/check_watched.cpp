#include "generator/check_watched.hpp"

#include <algorithm>

#include "generator/check_metrics.hpp"
#include "generator/check_policies.hpp"
#include "generator/check_region.hpp"
#include "generator/check_support.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator::checker {
namespace {

const Value& dimension_value(const Value& dimensions, std::string_view name) {
  static const Value kNone{};
  for (const Value* one : dimensions.each()) {
    if (one->at("Name").is(name)) return one->at("Value");
  }
  return kNone;
}

/// Whether a text ends in the number of a node: `-001`, `-0001-002`.
bool names_node(std::string_view text) {
  return text.size() > 4 && text[text.size() - 4] == '-' &&
         text.substr(text.size() - 3).find_first_not_of("0123456789") == std::string_view::npos;
}

std::string cache_objection(const StackSet& set, const Value& value) {
  const Resource* group = set.target(value);
  const bool is_group = group != nullptr && group->type == "AWS::ElastiCache::ReplicationGroup";
  if (is_group) {
    return "CacheClusterId names a node, e.g. ${" + std::string(group->id) +
           "}-001, not the replication group";
  }
  const auto references = references_in(value.text);
  const bool of_group = std::any_of(references.begin(), references.end(), [&](const auto& one) {
    const Resource* found = set.find(one);
    return found != nullptr && found->type == "AWS::ElastiCache::ReplicationGroup";
  });
  if (of_group && !names_node(value.text)) {
    return "a node is called ${ReplicationGroup}-001, given " + sim::shown(readable(value.text));
  }
  return {};
}

std::string bucket_objection(const StackSet& set, const WatchedMetric& watched) {
  const Value& filter = dimension_value(*watched.dimensions, "FilterId");
  const Resource* bucket = bucket_of(set, dimension_value(*watched.dimensions, "BucketName"));
  if (bucket == nullptr || !filter.is_literal()) return {};
  const auto filters = bucket->property("MetricsConfigurations").each();
  const bool found = std::any_of(filters.begin(), filters.end(),
                                 [&](const Value* one) { return one->at("Id").is(filter.text); });
  if (found) return {};
  return sim::shown(bucket->id) + " has no MetricsConfiguration with the Id " +
         sim::shown(filter.text);
}

std::string group_objection(const StackSet& set, const WatchedMetric& watched,
                            const Value& value) {
  const Resource* group = set.target(value);
  if (group == nullptr || !watched.name_space->is("AWS/AutoScaling")) return {};
  for (const Value* collection : group->property("MetricsCollection").each()) {
    const auto metrics = collection->at("Metrics").each();
    const bool found =
        metrics.empty() || std::any_of(metrics.begin(), metrics.end(), [&](const Value* one) {
          return one->is(watched.name->text);
        });
    if (found) return {};
  }
  return sim::shown(group->id) + " does not publish " + watched.name->text +
         ": its MetricsCollection has to name it";
}

/// Metrics that only some kinds of a resource publish.
std::string kind_objection(const StackSet& set, const WatchedMetric& watched, const Value& value) {
  const Resource* resource = set.target(value);
  if (resource == nullptr) return {};
  const std::string& metric = watched.name->text;
  if (resource->type == "AWS::EFS::FileSystem") {
    const Value& mode = resource->property("ThroughputMode");
    if (metric == "BurstCreditBalance" && (mode.is("elastic") || mode.is("provisioned"))) {
      return sim::shown(resource->id) + " has " + mode.text +
             " throughput and no burst credits";
    }
    if (metric == "PercentIOLimit" && mode.is("elastic")) {
      return sim::shown(resource->id) + " has elastic throughput and no I/O limit";
    }
  }
  if (resource->type == "AWS::RDS::DBInstance") {
    const Value& storage = resource->property("StorageType");
    if (metric == "BurstBalance" && storage.is_literal() && !storage.is("gp2")) {
      return "only gp2 storage has a BurstBalance; " + sim::shown(resource->id) + " has " +
             storage.text;
    }
    if (metric == "ReplicaLag" && !resource->property("SourceDBInstanceIdentifier").given()) {
      return sim::shown(resource->id) + " is no replica and has no ReplicaLag";
    }
  }
  return {};
}

std::string home_objection(const StackSet& set, const WatchedMetric& watched) {
  const Resource* other = regional_companion(set, *watched.alarm);
  if (other == nullptr) return {};
  return watched.name_space->text + " publishes in us-east-1 only, but the alarm is deployed "
                                    "together with " + sim::shown(other->id) +
         ", which may lie anywhere";
}

}  // namespace

std::string missing_custom_metric(const StackSet& set, const WatchedMetric& watched) {
  bool filled_here = false;
  for (const Resource* filter : set.of_type("AWS::Logs::MetricFilter")) {
    for (const Value* made : filter->property("MetricTransformations").each()) {
      if (!same(made->at("MetricNamespace"), *watched.name_space)) continue;
      filled_here = true;
      if (same(made->at("MetricName"), *watched.name)) return {};
    }
  }
  if (!filled_here) return {};
  return "no metric filter makes " + sim::shown(watched.name->text) + " in " +
         sim::shown(watched.name_space->text);
}

std::string objection_to_dimension(const StackSet& set, const WatchedMetric& watched,
                                   std::string_view dimension, const Value& value) {
  const std::string& name_space = watched.name_space->text;
  if (name_space == "AWS/CloudFront" && dimension == "Region") {
    if (value.is_literal() && !value.is("Global")) return "CloudFront's Region is `Global`";
    return home_objection(set, watched);
  }
  if (name_space == "AWS/Route53" && dimension == "HealthCheckId") {
    if (auto wrong = home_objection(set, watched); !wrong.empty()) return wrong;
  }
  if (name_space == "AWS/ElastiCache" && dimension == "CacheClusterId") {
    return cache_objection(set, value);
  }
  if (name_space == "AWS/S3" && dimension == "FilterId") return bucket_objection(set, watched);
  const auto source = source_of_dimension(name_space, dimension);
  if (!source || !knows_namespace(name_space)) return {};
  const auto reference = value.reference();
  const Resource* resource = reference ? set.find(*reference) : nullptr;
  if (resource == nullptr) {
    const bool is_whole_arn = value.is_literal() && value.text.starts_with("arn:") &&
                              dimension != "CertificateArn";
    return is_whole_arn ? std::string(dimension) + " is no ARN" : std::string{};
  }
  // Log groups, buckets and the like may be named by other types' attributes too.
  if (resource->type != source->type || reference->attribute != source->attribute) {
    const bool is_name_attribute = resource->type == source->type &&
                                   (reference->attribute == dimension ||
                                    reference->attribute == "HealthCheckId" ||
                                    reference->attribute == "NatGatewayId" ||
                                    reference->attribute == "BackupVaultName");
    if (is_name_attribute) return {};
    return std::string(dimension) + " is " +
           (source->attribute.empty() ? "Ref of an " : std::string(source->attribute) + " of an ") +
           std::string(source->type) + ", given " + sim::shown(readable(value.text)) + " of an " +
           std::string(resource->type);
  }
  if (dimension == "AutoScalingGroupName") return group_objection(set, watched, value);
  return kind_objection(set, watched, value);
}

std::vector<std::string> words_of(std::string_view expression) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < expression.size();) {
    const char c = expression[at];
    if (c == '"' || c == '\'') {
      const std::size_t end = expression.find(c, at + 1);
      at = end == std::string_view::npos ? expression.size() : end + 1;
      continue;
    }
    const auto is_part = [](char x) {
      return (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9') || x == '_';
    };
    std::size_t end = at;
    while (end < expression.size() && is_part(expression[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    if (c >= 'a' && c <= 'z') words.emplace_back(expression.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace shopsim::generator::checker
