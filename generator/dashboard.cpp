#include "generator/dashboard.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "generator/alarms.hpp"
#include "generator/data_stack.hpp"

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
  double value;
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
      properties["annotations"]["horizontal"].push_back(
          {{"label", mark.label}, {"value", mark.value}});
    }
    place({{"type", "metric"}}, width, 6, std::move(properties));
  }

  std::string finish() {
    return Json{{"start", "-PT3H"}, {"periodOverride", "inherit"}, {"widgets", widgets_}}.dump(1);
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

void customers(Grid& grid, const Design& design) {
  const std::vector<std::string> balancer = {"LoadBalancer", "${BalancerFullName}"};
  grid.heading("Are customers served?");
  grid.graph("Requests a minute",
             {{"AWS/ApplicationELB", "RequestCount", balancer, "Sum", "requests"}}, 8);
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
  grid.custom("Failed requests, per cent", std::move(errors), 8);
  std::vector<Line> latency;
  for (const char* percentile : {"p50", "p95", "p99"}) {
    latency.push_back({"AWS/ApplicationELB", "TargetResponseTime", balancer, percentile,
                       percentile});
  }
  grid.graph("Response time, seconds", latency, 8, latency_promises(design));
}

void servers(Grid& grid, const models::Platform& platform) {
  const std::vector<std::string> group = {"AutoScalingGroupName", "${ScalingGroupName}"};
  const std::vector<std::string> targets = {"TargetGroup", "${TargetGroupFullName}",
                                            "LoadBalancer", "${BalancerFullName}"};
  grid.heading("Are there enough web servers?");
  grid.graph("Servers",
             {{"AWS/AutoScaling", "GroupInServiceInstances", group, "Average", "in service"},
              {"AWS/AutoScaling", "GroupDesiredCapacity", group, "Average", "wanted"},
              {"AWS/AutoScaling", "GroupPendingInstances", group, "Average", "starting"}},
             8,
             {{"minimum", static_cast<double>(platform.web.scaling.minimum)},
              {"maximum", static_cast<double>(platform.web.scaling.maximum)}});
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

void database(Grid& grid, const Design& design) {
  const std::vector<std::string> instance = {"DBInstanceIdentifier", "${DatabaseIdentifier}"};
  const models::DatabaseConfig& database = design.platform.database;
  std::vector<Mark> most_connections;
  std::vector<Mark> processors;
  if (const auto machine = design.catalogue.find_database_class(database.instance_class)) {
    most_connections.push_back(
        {"most", static_cast<double>(database.max_connections.value_or(
                     models::default_max_connections(machine->memory)))});
    processors.push_back({"vCPUs", static_cast<double>(machine->vcpu)});
  }
  grid.heading("Is the database the cause?");
  grid.graph("Processor, per cent",
             {{"AWS/RDS", "CPUUtilization", instance, "Average", "processor"}}, 6);
  grid.graph("Sessions that want to work",
             {{"AWS/RDS", "DBLoad", instance, "Average", "load"}}, 6, processors);
  grid.graph("Connections", {{"AWS/RDS", "DatabaseConnections", instance, "Maximum", "in use"}}, 6,
             most_connections);
  grid.graph("Disk latency, seconds",
             {{"AWS/RDS", "ReadLatency", instance, "Average", "read"},
              {"AWS/RDS", "WriteLatency", instance, "Average", "write"}},
             6);
}

void cache(Grid& grid, const models::CacheConfig& cache) {
  if (!cache.enabled) return;
  std::vector<Line> hit;
  std::vector<Line> processor;
  std::vector<Line> memory;
  for (const std::string& node : cache_node_ids(cache)) {
    const std::vector<std::string> dimensions = {"CacheClusterId", "${CacheId}-" + node};
    hit.push_back({"AWS/ElastiCache", "CacheHitRate", dimensions, "Average", node});
    processor.push_back({"AWS/ElastiCache", "EngineCPUUtilization", dimensions, "Average", node});
    memory.push_back({"AWS/ElastiCache", "DatabaseMemoryUsagePercentage", dimensions, "Average",
                      node});
  }
  grid.heading("Does the cache keep work away from the database?");
  grid.graph("Hit rate, per cent", hit, 8);
  grid.graph("Engine's processor, per cent", processor, 8);
  grid.graph("Memory, per cent", memory, 8);
}

void edge(Grid& grid, const models::Platform& platform) {
  if (!platform.cdn.enabled) return;
  const std::vector<std::string> distribution = {"Region", "Global", "DistributionId",
                                                 "${DistributionId}"};
  const std::string region = "us-east-1";
  const int width = platform.waf.enabled ? 6 : 8;
  grid.heading("What happens at the edge?");
  grid.graph("Requests a minute",
             {{"AWS/CloudFront", "Requests", distribution, "Sum", "requests"}}, width, {}, region);
  grid.graph("Errors, per cent",
             {{"AWS/CloudFront", "5xxErrorRate", distribution, "Average", "5xx"},
              {"AWS/CloudFront", "4xxErrorRate", distribution, "Average", "4xx"}},
             width, {}, region);
  grid.graph("Hit rate, per cent",
             {{"AWS/CloudFront", "CacheHitRate", distribution, "Average", "hits"}}, width, {},
             region);
  if (!platform.waf.enabled) return;
  grid.graph("Blocked at the balancer",
             {{"AWS/WAFV2", "BlockedRequests",
               {"WebACL", "${WebAclName}", "Region", "${AWS::Region}", "Rule", "ALL"}, "Sum",
               "blocked"}},
             width);
}

}  // namespace

Value dashboard_body(const Design& design, const std::vector<std::string>& alarms) {
  Grid grid;
  grid.alarms(alarms);
  customers(grid, design);
  servers(grid, design.platform);
  database(grid, design);
  cache(grid, design.platform.cache);
  edge(grid, design.platform);
  return text(grid.finish());
}

}  // namespace shopsim::generator
