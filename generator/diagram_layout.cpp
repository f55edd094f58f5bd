// Where everything stands. Rows from top to bottom: people, edge, then the VPC with its tiers.
#include <algorithm>

#include "generator/data_stack.hpp"
#include "generator/diagram.hpp"
#include "generator/diagram_ways.hpp"

namespace shopsim::generator {

namespace {

constexpr int kNodeWidth = 190;
constexpr int kNodeHeight = 56;
constexpr int kGap = 30;
constexpr int kHeading = 30;  // room for an area's label at its top
constexpr int kGutter = 130;  // and at its left
constexpr int kMargin = 20;
constexpr int kTierHeight = kNodeHeight + 2 * kMargin;

class Layout {
 public:
  explicit Layout(const models::Platform& platform) : platform_(platform) {}

  Diagram make() {
    const int zones = static_cast<int>(platform_.network.zones.size());
    // A zone's column holds three nodes of the data tier beside each other.
    const int column = kGutter + 3 * kNodeWidth + 2 * kGap + 3 * kMargin;
    const int vpc_width = zones * column + (zones + 1) * kGap;
    const int side = kNodeWidth + 2 * kMargin;
    const int region_width = vpc_width + side + 3 * kGap;
    const int left = kMargin;
    center_ = left + kGap + vpc_width / 2;
    edge(left, region_width);
    const int vpc_top = lanes_.region_top + kHeading;
    const std::size_t region = area("region", "Region " + platform_.region, "", left,
                                    lanes_.region_top, region_width, 0);
    const std::size_t vpc = area("vpc", "VPC " + platform_.network.vpc_cidr, "region", left + kGap,
                                 vpc_top, vpc_width, 0);
    int y = vpc_top + kHeading;
    node("balancer", "Application Load Balancer", "HTTPS, in every zone", "vpc",
         center_ - kNodeWidth / 2, y);
    if (platform_.waf.enabled && vpc_width > 4 * kNodeWidth) {
      node("waf", "WAF", "second line", "vpc", center_ + kNodeWidth / 2 + 2 * kGap, y);
    }
    y += kNodeHeight + kLaneGap;
    lanes_.above_zones = y - kLaneGap / 2;
    int bottom = y;
    for (int zone = 0; zone < zones; ++zone) {
      const int x = left + kGap + kGap + zone * (column + kGap);
      bottom = std::max(bottom, zone_column(static_cast<std::size_t>(zone), x, y, column));
    }
    diagram_.boxes[vpc].height = bottom + kGap - vpc_top;
    const int services_left = left + kGap + vpc_width + kGap;
    lanes_.beside_services = services_left - kGap / 2;
    const int services_bottom = services(services_left, vpc_top, side);
    diagram_.boxes[region].height =
        std::max(bottom + kGap, services_bottom) + kGap - lanes_.region_top;
    diagram_.width = left + region_width + kMargin;
    diagram_.height = lanes_.region_top + diagram_.boxes[region].height + kMargin;
    connect(diagram_, platform_, image_node_, lanes_);
    return std::move(diagram_);
  }

 private:
  static constexpr int kLaneGap = 60;  // between rows that ways run through

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

  /// Customers, CloudFront and the balancer stand below each other.
  void edge(int left, int width) {
    const int x = center_ - kNodeWidth / 2;
    const int step = kNodeWidth + 2 * kGap;
    int y = kMargin;
    node("customers", "Customers", "", "", x, y);
    y += kNodeHeight + kGap;
    area("edge", "Edge (us-east-1)", "", left, y, width,
         kHeading + kNodeHeight + kMargin);
    node("dns", "Route 53", "health check from outside", "edge", x - step, y + kHeading);
    if (platform_.cdn.enabled) {
      node("cdn", "CloudFront", "images cached, TLS", "edge", x, y + kHeading);
      if (platform_.waf.enabled) {
        node("edge-waf", "WAF", "rate rule, managed rules", "edge", x + step, y + kHeading);
      }
    }
    const int bottom = y + kHeading + kNodeHeight + kMargin;
    lanes_.below_edge = bottom + kGap / 2;
    lanes_.region_top = bottom + kGap;
  }

  /// A node of a tier, in one of three columns.
  struct Cell {
    int column = 0;
    Box box;
  };

  /// One tier of a zone: an area with nodes in their columns. Returns its lower border.
  int tier(const Box& frame, const std::vector<Cell>& cells) {
    diagram_.boxes.push_back(frame);
    for (const Cell& cell : cells) {
      node(cell.box.id, cell.box.label, cell.box.detail, frame.id,
           frame.x + kGutter + cell.column * (kNodeWidth + kGap), frame.y + kMargin);
    }
    return frame.y + frame.height;
  }

  int zone_column(std::size_t index, int x, int top, int width) {
    const models::Zone& zone = platform_.network.zones[index];
    const std::string number = std::to_string(index + 1);
    const std::string id = "zone-" + number;
    const std::size_t outer = area(id, "Zone " + zone.name, "vpc", x, top, width, 0);
    const auto frame = [&](const char* name, const char* label, const std::string& range, int y) {
      return Box{name + number, label, range, BoxKind::area, id, x + kMargin, y,
                 width - 2 * kMargin, kTierHeight, kGutter};
    };
    std::vector<Cell> cells;
    if (index == 0 || platform_.network.nat_gateway_per_zone) {
      cells.push_back({0, {"nat-" + number, "NAT gateway", "the way out"}});
    }
    int y = tier(frame("public-", "Public subnet", zone.public_subnet, top + kHeading), cells);
    y = tier(frame("web-subnet-", "Web subnet", zone.web_subnet, y + kGap),
             {{1, {"web-" + number, "Web servers",
                   std::to_string(platform_.web.scaling.minimum) + " to " +
                       std::to_string(platform_.web.scaling.maximum) + " " +
                       platform_.web.instance_type + " in all"}}});
    lanes_.to_cache = y + kLaneGap / 4;
    lanes_.to_database = y + kLaneGap / 2;
    lanes_.to_files = y + 3 * kLaneGap / 4;
    y = tier(frame("database-subnet-", "Database subnet", zone.database_subnet, y + kLaneGap),
             data_cells(index, number));
    lanes_.database_copies = y + kLaneGap / 4;
    lanes_.cache_copies = y + kLaneGap / 2;
    diagram_.boxes[outer].height = y + 3 * kLaneGap / 4 - top;
    return y + 3 * kLaneGap / 4;
  }

  std::vector<Cell> data_cells(std::size_t index, const std::string& number) {
    std::vector<Cell> cells;
    const auto cache_nodes = static_cast<std::size_t>(1 + platform_.cache.replicas_per_shard);
    if (platform_.cache.enabled && index < cache_nodes) {
      cells.push_back({0, {"cache-" + number, index == 0 ? "Cache" : "Cache replica",
                           platform_.cache.node_type}});
    }
    if (index == 0 || (index == 1 && platform_.database.multi_az)) {
      cells.push_back({1, {"database-" + number, index == 0 ? "PostgreSQL" : "PostgreSQL standby",
                           platform_.database.instance_class}});
    }
    if (platform_.shared_files.enabled) {
      cells.push_back({2, {"files-" + number, "EFS mount target", "shared files"}});
    }
    return cells;
  }

  /// What has no zone: a column beside the VPC.
  int services(int x, int y, int width) {
    const std::size_t outer = area("services", "Beside the VPC", "region", x, y, width, 0);
    const models::BucketConfig* images = image_bucket(platform_);
    std::vector<Box> column;
    for (const models::BucketConfig& bucket : platform_.object_storage.buckets) {
      const std::string id = "bucket-" + std::to_string(column.size() + 1);
      if (&bucket == images && platform_.cdn.enabled) image_node_ = id;
      column.push_back({id, "S3 " + bucket.name, ""});
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

  const models::Platform& platform_;
  Diagram diagram_;
  Lanes lanes_;
  std::string image_node_;  ///< the bucket CloudFront reads; empty: none
  int center_ = 0;
};

}  // namespace

Diagram layout_diagram(const Design& design) { return Layout(design.platform).make(); }

}  // namespace shopsim::generator
