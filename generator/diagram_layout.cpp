// Where everything stands. Rows from top to bottom: people, edge, then the VPC with its tiers.
#include <algorithm>

#include "generator/diagram.hpp"

namespace shopsim::generator {

namespace {

constexpr int kNodeWidth = 190;
constexpr int kNodeHeight = 56;
constexpr int kGap = 30;
constexpr int kHeading = 30;  // room for an area's label
constexpr int kMargin = 20;

class Layout {
 public:
  explicit Layout(const models::Platform& platform) : platform_(platform) {}

  Diagram make() {
    const int zones = static_cast<int>(platform_.network.zones.size());
    // A zone's column holds three nodes of the data tier beside each other.
    const int column = 3 * kNodeWidth + 2 * kGap + 4 * kMargin;
    const int vpc_width = zones * column + (zones + 1) * kGap;
    const int side = kNodeWidth + 2 * kMargin;
    const int region_width = vpc_width + side + 3 * kGap;
    const int left = kMargin;
    edge(left, region_width);
    const int region_top = top_;
    const int vpc_top = region_top + kHeading;
    const std::size_t region =
        area("region", "Region " + platform_.region, "", left, region_top, region_width, 0);
    const std::size_t vpc = area("vpc", "VPC " + platform_.network.vpc_cidr, "region", left + kGap,
                                 vpc_top, vpc_width, 0);
    int y = vpc_top + kHeading;
    node("balancer", "Application Load Balancer", "HTTPS, in every zone", "vpc",
         left + kGap + (vpc_width - kNodeWidth) / 2, y);
    y += kNodeHeight + kGap;
    const int zones_top = y;
    int bottom = y;
    for (int zone = 0; zone < zones; ++zone) {
      const int x = left + kGap + kGap + zone * (column + kGap);
      bottom = std::max(bottom, zone_column(static_cast<std::size_t>(zone), x, zones_top, column));
    }
    diagram_.boxes[vpc].height = bottom + kGap - vpc_top;
    const int services_bottom = services(left + kGap + vpc_width + kGap, vpc_top, side);
    diagram_.boxes[region].height = std::max(bottom + kGap, services_bottom) + kGap - region_top;
    connections(zones);
    diagram_.width = left + region_width + kMargin;
    diagram_.height = region_top + diagram_.boxes[region].height + kMargin;
    return std::move(diagram_);
  }

 private:
  std::size_t area(const std::string& id, const std::string& label, const std::string& parent,
                   int x, int y, int width, int height) {
    diagram_.boxes.push_back({id, label, "", BoxKind::area, parent, x, y, width, height});
    return diagram_.boxes.size() - 1;
  }

  void node(const std::string& id, const std::string& label, const std::string& detail,
            const std::string& parent, int x, int y) {
    diagram_.boxes.push_back(
        {id, label, detail, BoxKind::node, parent, x, y, kNodeWidth, kNodeHeight});
  }

  void edge(int left, int width) {
    int y = kMargin;
    node("customers", "Customers", "", "", left + (width - kNodeWidth) / 2, y);
    y += kNodeHeight + kGap;
    area("edge", "Edge (us-east-1 and everywhere)", "", left, y, width,
         kHeading + kNodeHeight + kMargin);
    std::vector<Box> row = {{"dns", "Route 53", "health check from outside"}};
    if (platform_.cdn.enabled) row.push_back({"cdn", "CloudFront", "images cached, TLS"});
    if (platform_.cdn.enabled && platform_.waf.enabled) {
      row.push_back({"edge-waf", "WAF", "rate rule, managed rules"});
    }
    const int count = static_cast<int>(row.size());
    int x = left + (width - count * kNodeWidth - (count - 1) * 2 * kGap) / 2;
    for (const Box& box : row) {
      node(box.id, box.label, box.detail, "edge", x, y + kHeading);
      x += kNodeWidth + 2 * kGap;
    }
    top_ = y + kHeading + kNodeHeight + kMargin + kGap;
  }

  /// One tier of a zone: an area with its nodes beside each other. Returns the next free row.
  int tier(const std::string& id, const std::string& label, const std::string& zone, int x, int y,
           int width, const std::vector<Box>& nodes) {
    area(id, label, zone, x, y, width, kHeading + kNodeHeight + kMargin);
    int node_x = x + kMargin;
    for (const Box& box : nodes) {
      node(box.id, box.label, box.detail, id, node_x, y + kHeading);
      node_x += kNodeWidth + kGap;
    }
    return y + kHeading + kNodeHeight + kMargin + kGap;
  }

  int zone_column(std::size_t index, int x, int top, int width) {
    const models::Zone& zone = platform_.network.zones[index];
    const std::string number = std::to_string(index + 1);
    const std::string id = "zone-" + number;
    const std::size_t outer = area(id, "Zone " + zone.name, "vpc", x, top, width, 0);
    const int inner_x = x + kMargin;
    const int inner = width - 2 * kMargin;
    int y = top + kHeading;
    std::vector<Box> nodes;
    if (index == 0 || platform_.network.nat_gateway_per_zone) {
      nodes.push_back({"nat-" + number, "NAT gateway", "the way out"});
    }
    y = tier("public-" + number, "Public subnet " + zone.public_subnet, id, inner_x, y, inner,
             nodes);
    y = tier("web-subnet-" + number, "Web subnet " + zone.web_subnet, id, inner_x, y, inner,
             {{"web-" + number, "Web servers",
               std::to_string(platform_.web.scaling.minimum) + " to " +
                   std::to_string(platform_.web.scaling.maximum) + " " +
                   platform_.web.instance_type + " in all"}});
    nodes.clear();
    if (index == 0 || (index == 1 && platform_.database.multi_az)) {
      nodes.push_back({"database-" + number, index == 0 ? "PostgreSQL" : "PostgreSQL standby",
                       platform_.database.instance_class});
    }
    const auto cache_nodes = static_cast<std::size_t>(1 + platform_.cache.replicas_per_shard);
    if (platform_.cache.enabled && index < cache_nodes) {
      nodes.push_back({"cache-" + number, index == 0 ? "Cache" : "Cache replica",
                       platform_.cache.node_type});
    }
    if (platform_.shared_files.enabled) {
      nodes.push_back({"files-" + number, "EFS mount target", "shared files"});
    }
    y = tier("database-subnet-" + number, "Database subnet " + zone.database_subnet, id, inner_x,
             y, inner, nodes);
    diagram_.boxes[outer].height = y - top;
    return y;
  }

  /// What has no zone: a column beside the VPC.
  int services(int x, int y, int width) {
    const std::size_t outer = area("services", "Beside the VPC", "region", x, y, width, 0);
    std::vector<Box> column;
    for (const models::BucketConfig& bucket : platform_.object_storage.buckets) {
      column.push_back({"bucket-" + std::to_string(column.size() + 1), "S3 " + bucket.name, ""});
    }
    column.push_back({"watch", "CloudWatch, SNS", "alarms by mail and phone"});
    if (platform_.audit.trail) column.push_back({"trail", "CloudTrail", "who changed what"});
    if (platform_.security.guard_duty) column.push_back({"guard", "GuardDuty", "threats"});
    column.push_back({"keys", "KMS, Secrets Manager", "encryption, passwords"});
    if (platform_.backup.enabled) column.push_back({"backup", "AWS Backup", "daily, weekly"});
    int row = y + kHeading;
    for (const Box& box : column) {
      node(box.id, box.label, box.detail, "services", x + kMargin, row);
      row += kNodeHeight + kMargin;
    }
    diagram_.boxes[outer].height = row - y;
    return row;
  }

  void connections(int zones) {
    const bool cdn = platform_.cdn.enabled;
    diagram_.connections.push_back({"customers", "dns", "name"});
    diagram_.connections.push_back({"customers", cdn ? "cdn" : "balancer", "HTTPS"});
    if (cdn) diagram_.connections.push_back({"cdn", "balancer", "HTTPS, secret header"});
    for (int zone = 1; zone <= zones; ++zone) {
      const std::string number = std::to_string(zone);
      diagram_.connections.push_back({"balancer", "web-" + number, "HTTP"});
      diagram_.connections.push_back({"web-" + number, "database-1", "SQL, TLS"});
      if (platform_.cache.enabled) {
        diagram_.connections.push_back({"web-" + number, "cache-1", "TLS"});
      }
      if (platform_.shared_files.enabled) {
        diagram_.connections.push_back({"web-" + number, "files-" + number, "NFS, TLS"});
      }
    }
    if (zones > 1 && platform_.database.multi_az) {
      diagram_.connections.push_back({"database-1", "database-2", "replication"});
    }
  }

  const models::Platform& platform_;
  Diagram diagram_;
  int top_ = 0;
};

}  // namespace

Diagram layout_diagram(const Design& design) { return Layout(design.platform).make(); }

}  // namespace shopsim::generator
