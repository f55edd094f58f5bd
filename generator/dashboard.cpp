#include "generator/dashboard.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "generator/alarms.hpp"
#include "generator/data_stack.hpp"
#include "generator/web_acl.hpp"

namespace shopsim::generator {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kColumns = 24;

/// One line of a graph: namespace, metric, dimensions; how it is shown.
struct Line {
  const char* name_space;
  const char* metric;
  std::vector<std::string> dimensions;
  const char* statistic;
  std::string label;
};

/// A line across a graph: a limit and what it is.
struct Mark {
  std::string label;
  double value = 0;
  std::string parameter = {};  ///< that has the value, where environments differ
};

/// Widgets row after row; places are counted so that nothing overlaps.
class Grid {
 public:
  void heading(const std::string& words) {
    next_row();
    place({{"type", "text"}}, kColumns, 1, {{"markdown", "## " + words}});
    next_row();
  }

  void alarms(const std::vector<std::string>& ids) {
    Json arns = Json::array();
    for (const std::string& id : ids) arns.push_back("${" + id + ".Arn}");
    next_row();
    place({{"type", "alarm"}}, kColumns, 3,
          {{"title", "What rings"}, {"alarms", std::move(arns)}});
    next_row();
  }

  void graph(const std::string& title, const std::vector<Line>& lines, int width,
             const std::vector<Mark>& marks = {}, const std::string& region = "${AWS::Region}") {
    Json metrics = Json::array();
    for (const Line& line : lines) {
      Json row = Json::array({line.name_space, line.metric});
      for (const std::string& part : line.dimensions) row.push_back(part);
      row.push_back({{"stat", line.statistic}, {"label", line.label}});
      metrics.push_back(std::move(row));
    }
    custom(title, std::move(metrics), width, marks, region);
  }

  void custom(const std::string& title, Json metrics, int width,
              const std::vector<Mark>& marks = {},
              const std::string& region = "${AWS::Region}") {
    Json properties = {{"title", title},   {"view", "timeSeries"},
                       {"stacked", false}, {"region", region},
                       {"period", 60},     {"metrics", std::move(metrics)},
                       {"yAxis", {{"left", {{"min", 0}}}}}};
    for (const Mark& mark : marks) {
      const Json value = mark.parameter.empty() ? Json(mark.value) : Json('@' + mark.parameter);
      properties["annotations"]["horizontal"].push_back({{"label", mark.label}, {"value", value}});
    }
    place({{"type", "metric"}}, width, 6, std::move(properties));
  }

  std::string finish() {
    std::string body =
        Json{{"start", "-PT3H"}, {"periodOverride", "inherit"}, {"widgets", widgets_}}.dump(1);
    // A parameter's number stands without quotation marks.
    constexpr std::string_view kMark = "\"value\": \"@";
    for (std::size_t at = body.find(kMark); at != std::string::npos; at = body.find(kMark)) {
      const std::size_t from = at + kMark.size();
      const std::size_t to = body.find('"', from);
      const std::string number = "\"value\": ${" + body.substr(from, to - from) + '}';
      body.replace(at, to + 1 - at, number);
    }
    return body;
  }

 private:
  void place(Json widget, int width, int height, Json properties) {
    if (column_ + width > kColumns) next_row();
    widget["x"] = column_;
    widget["y"] = row_;
    widget["width"] = width;
    widget["height"] = height;
    widget["properties"] = std::move(properties);
    widgets_.push_back(std::move(widget));
    column_ += width;
    height_ = std::max(height_, height);
  }

  void next_row() {
    row_ += height_;
    column_ = 0;
    height_ = 0;
  }

  Json widgets_ = Json::array();
  int column_ = 0;
  int row_ = 0;
  int height_ = 0;
};

std::vector<Mark> latency_promises(const Design& design) {
  std::vector<Mark> marks;
  for (const models::SloConfig& slo : design.slos) {
    if (slo.metric == models::SloMetric::latency && slo.limit_time) {
      marks.push_back({"promise " + literally(slo.name), slo.limit_time->seconds()});
    }
  }
  return marks;
}

/// The threshold of an alarm of the set, as a line across its graph; none without such an alarm.
std::vector<Mark> rings_at(const AlarmSet& alarms, std::string_view metric, MachineLimit limit,
                           const char* label) {
  for (const AlarmPlan& plan : alarms.alarms) {
    if (plan.config.metric != metric || plan.machine != limit) continue;
    return {{label, plan.config.threshold, plan.threshold_parameter}};
  }
  return {};
}

std::vector<Mark> error_budget(const AlarmSet& alarms) {
  for (const AlarmPlan& plan : alarms.alarms) {
    if (plan.config.name == "error-budget-5m") return {{"pages", plan.config.threshold}};
  }
  return {};
}

void customers(Grid& grid, const Design& design, const AlarmSet& alarms) {
  const std::vector<std::string> balancer = {"LoadBalancer", "${BalancerFullName}"};
  grid.heading("Are customers served?");
  grid.graph("Requests a minute",
             {{"AWS/ApplicationELB", "RequestCount", balancer, "Sum", "requests"}}, 6);
  Json errors = Json::array();
  errors.push_back(Json::array({{{"expression", expression_of(failed_requests())},
                                 {"label", "failed, %"},
                                 {"id", "failed"}}}));
  const auto hidden = [&](const char* metric, const char* id) {
    Json row = Json::array({"AWS/ApplicationELB", metric, "LoadBalancer", "${BalancerFullName}"});
    row.push_back({{"id", id}, {"stat", "Sum"}, {"visible", false}});
    errors.push_back(std::move(row));
  };
  hidden("RequestCount", "requests");
  hidden("HTTPCode_Target_5XX_Count", "target");
  hidden("HTTPCode_ELB_5XX_Count", "balancer");
  grid.custom("Failed requests, per cent", std::move(errors), 6, error_budget(alarms));
  std::vector<Line> latency;
  for (const char* percentile : {"p50", "p95", "p99"}) {
    latency.push_back({"AWS/ApplicationELB", "TargetResponseTime", balancer, percentile,
                       percentile});
  }
  grid.graph("Response time, seconds", latency, 6, latency_promises(design));
  grid.graph("Reached from outside (1: yes)",
             {{"AWS/Route53", "HealthCheckStatus", {"HealthCheckId", "${HealthCheckId}"}, "Minimum",
               "health check"}},
             6, {}, "us-east-1");
}

void servers(Grid& grid, const models::Platform& platform, const AlarmSet& alarms) {
  const std::vector<std::string> group = {"AutoScalingGroupName", "${ScalingGroupName}"};
  const std::vector<std::string> targets = {"TargetGroup", "${TargetGroupFullName}",
                                            "LoadBalancer", "${BalancerFullName}"};
  std::vector<Mark> sizes = rings_at(alarms, "GroupInServiceInstances",
                                     MachineLimit::servers_least, "minimum");
  for (Mark& mark : rings_at(alarms, "GroupInServiceInstances", MachineLimit::servers_most,
                             "maximum")) {
    sizes.push_back(std::move(mark));
  }
  grid.heading("Are there enough web servers?");
  grid.graph("Servers",
             {{"AWS/AutoScaling", "GroupInServiceInstances", group, "Average", "in service"},
              {"AWS/AutoScaling", "GroupDesiredCapacity", group, "Average", "wanted"},
              {"AWS/AutoScaling", "GroupPendingInstances", group, "Average", "starting"}},
             8, sizes);
  std::vector<Mark> target;
  for (const auto& policy : platform.web.scaling.policies) {
    const auto* tracking = std::get_if<models::TargetTrackingConfig>(&policy);
    if (tracking != nullptr && tracking->metric == models::TargetMetric::asg_average_cpu) {
      target.push_back({"target of scaling", tracking->target_value});
    }
  }
  grid.graph("Processors of the servers, per cent",
             {{"AWS/EC2", "CPUUtilization", group, "Average", "average"},
              {"AWS/EC2", "CPUUtilization", group, "Maximum", "busiest"}},
             8, target);
  grid.graph("Health behind the balancer",
             {{"AWS/ApplicationELB", "HealthyHostCount", targets, "Minimum", "healthy"},
              {"AWS/ApplicationELB", "UnHealthyHostCount", targets, "Maximum", "unhealthy"}},
             8);
}

void database(Grid& grid, const AlarmSet& alarms) {
  const std::vector<std::string> instance = {"DBInstanceIdentifier", "${DatabaseIdentifier}"};
  grid.heading("Is the database the cause?");
  grid.graph("Processor, per cent",
             {{"AWS/RDS", "CPUUtilization", instance, "Average", "processor"}}, 8);
  grid.graph("Sessions that want to work", {{"AWS/RDS", "DBLoad", instance, "Average", "load"}}, 8,
             rings_at(alarms, "DBLoad", MachineLimit::database_processors, "alarm"));
  grid.graph("Connections", {{"AWS/RDS", "DatabaseConnections", instance, "Maximum", "in use"}}, 8,
             rings_at(alarms, "DatabaseConnections", MachineLimit::database_connections, "alarm"));
  grid.graph("Disk latency, seconds",
             {{"AWS/RDS", "ReadLatency", instance, "Average", "read"},
              {"AWS/RDS", "WriteLatency", instance, "Average", "write"}},
             8);
  grid.graph("Free storage, bytes",
             {{"AWS/RDS", "FreeStorageSpace", instance, "Minimum", "free"}}, 8,
             rings_at(alarms, "FreeStorageSpace", MachineLimit::database_storage, "alarm"));
  grid.graph("Free memory, bytes", {{"AWS/RDS", "FreeableMemory", instance, "Average", "free"}}, 8,
             rings_at(alarms, "FreeableMemory", MachineLimit::database_memory, "alarm"));
}

void cache(Grid& grid, const models::CacheConfig& cache) {
  if (!cache.enabled) return;
  std::vector<Line> hit;
  std::vector<Line> processor;
  std::vector<Line> memory;
  std::vector<Line> evictions;
  for (const std::string& node : cache_node_ids(cache)) {
    const std::vector<std::string> dimensions = {"CacheClusterId", "${CacheId}-" + node};
    hit.push_back({"AWS/ElastiCache", "CacheHitRate", dimensions, "Average", node});
    processor.push_back({"AWS/ElastiCache", "EngineCPUUtilization", dimensions, "Average", node});
    memory.push_back({"AWS/ElastiCache", "DatabaseMemoryUsagePercentage", dimensions, "Average",
                      node});
    evictions.push_back({"AWS/ElastiCache", "Evictions", dimensions, "Sum", node});
  }
  grid.heading("Does the cache keep work away from the database?");
  grid.graph("Hit rate, per cent", hit, 6);
  grid.graph("Engine's processor, per cent", processor, 6);
  grid.graph("Memory, per cent", memory, 6);
  grid.graph("Keys thrown out a minute", evictions, 6);
}

void edge(Grid& grid, const models::Platform& platform) {
  if (!platform.cdn.enabled) return;
  const std::vector<std::string> distribution = {"Region", "Global", "DistributionId",
                                                 "${DistributionId}"};
  const std::string region = "us-east-1";
  grid.heading("What happens at the edge?");
  grid.graph("Requests a minute",
             {{"AWS/CloudFront", "Requests", distribution, "Sum", "requests"}}, 8, {}, region);
  grid.graph("Errors, per cent",
             {{"AWS/CloudFront", "5xxErrorRate", distribution, "Average", "5xx"},
              {"AWS/CloudFront", "4xxErrorRate", distribution, "Average", "4xx"}},
             8, {}, region);
  grid.graph("Hit rate, per cent",
             {{"AWS/CloudFront", "CacheHitRate", distribution, "Average", "hits"}}, 8, {}, region);
  if (!platform.waf.enabled) return;
  grid.graph("Blocked at the edge",
             {{"AWS/WAFV2", "BlockedRequests",
               {"WebACL", web_acl_metric(platform, WafScope::edge), "Rule", "ALL"}, "Sum",
               "blocked"}},
             12, {}, region);
  grid.graph("Blocked at the balancer",
             {{"AWS/WAFV2", "BlockedRequests",
               {"WebACL", "${WebAclName}", "Region", "${AWS::Region}", "Rule", "ALL"}, "Sum",
               "blocked"}},
             12);
}

}  // namespace

Value dashboard_body(const Design& design, const AlarmSet& alarms,
                     const std::vector<std::string>& shown) {
  Grid grid;
  grid.alarms(shown);
  customers(grid, design, alarms);
  servers(grid, design.platform, alarms);
  database(grid, alarms);
  cache(grid, design.platform.cache);
  edge(grid, design.platform);
  return text(grid.finish());
}

}  // namespace shopsim::generator
