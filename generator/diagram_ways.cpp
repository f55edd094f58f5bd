#include "generator/diagram_ways.hpp"

#include <algorithm>

namespace shopsim::generator {

namespace {

constexpr int kApart = 40;  // between the ways that leave one node

class Ways {
 public:
  Ways(Diagram& diagram, const Lanes& lanes) : diagram_(diagram), lanes_(lanes) {}

  void edge(const std::string& image_node);
  void zone(const std::string& number);
  void copies(const models::Platform& platform);

 private:
  [[nodiscard]] const Box* find(const std::string& id) const {
    const auto found = std::find_if(diagram_.boxes.begin(), diagram_.boxes.end(),
                                    [&](const Box& box) { return box.id == id; });
    return found == diagram_.boxes.end() ? nullptr : &*found;
  }
  static int middle(const Box& box) { return box.x + box.width / 2; }
  static int half(const Box& box) { return box.y + box.height / 2; }
  static int bottom(const Box& box) { return box.y + box.height; }

  void add(const Box& from, const Box& to, const char* label, std::vector<Point> path,
           ConnectionKind kind = ConnectionKind::request) {
    std::vector<Point> corners;
    for (const Point& point : path) {
      const bool same =
          !corners.empty() && corners.back().x == point.x && corners.back().y == point.y;
      if (!same) corners.push_back(point);
    }
    diagram_.connections.push_back({from.id, to.id, label, kind, std::move(corners)});
  }
  /// Down from `from` (a little beside its middle) to the lane, along it, down to `to`.
  void down(const Box& from, const Box& to, const char* label, int lane, int beside = 0) {
    const int start = middle(from) + beside;
    if (start == middle(to)) {
      add(from, to, label, {{start, bottom(from)}, {start, to.y}});
      return;
    }
    add(from, to, label,
        {{start, bottom(from)}, {start, lane}, {middle(to), lane}, {middle(to), to.y}});
  }
  /// Below both: from one's lower border to the other's.
  void below(const Box& from, const Box& to, const char* label, int lane) {
    add(from, to, label,
        {{middle(from), bottom(from)}, {middle(from), lane}, {middle(to), lane},
         {middle(to), bottom(to)}},
        ConnectionKind::copy);
  }

  Diagram& diagram_;
  const Lanes& lanes_;
};

void Ways::edge(const std::string& image_node) {
  const Box& customers = *find("customers");
  const Box& dns = *find("dns");
  const Box& balancer = *find("balancer");
  const Box* cdn = find("cdn");
  add(customers, dns, "name",
      {{customers.x, half(customers)}, {middle(dns), half(customers)}, {middle(dns), dns.y}});
  down(customers, cdn ? *cdn : balancer, "HTTPS", lanes_.below_edge);
  if (cdn) down(*cdn, balancer, "HTTPS, secret header", lanes_.below_edge);
  const auto look = [&](const Box* from, const Box* to) {
    if (from == nullptr || to == nullptr) return;
    add(*from, *to, "looks at every request", {{from->x + from->width, half(*from)},
                                               {to->x, half(*to)}});
  };
  look(cdn, find("edge-waf"));
  look(&balancer, find("waf"));
  const Box* images = find(image_node);
  if (!cdn || images == nullptr) return;
  const int start = middle(*cdn) + kApart;
  add(*cdn, *images, "images, signed",
      {{start, bottom(*cdn)}, {start, lanes_.below_edge},
       {lanes_.beside_services, lanes_.below_edge}, {lanes_.beside_services, half(*images)},
       {images->x, half(*images)}});
}

void Ways::zone(const std::string& number) {
  const Box& web = *find("web-" + number);
  down(*find("balancer"), web, "HTTP", lanes_.above_zones);
  down(web, *find("database-1"), "SQL, TLS", lanes_.to_database);
  if (const Box* cache = find("cache-1")) down(web, *cache, "TLS", lanes_.to_cache, -kApart);
  if (const Box* files = find("files-" + number)) {
    down(web, *files, "NFS, TLS", lanes_.to_files, kApart);
  }
}

void Ways::copies(const models::Platform& platform) {
  if (const Box* standby = find("database-2")) {
    below(*find("database-1"), *standby, "replication", lanes_.database_copies);
  }
  for (std::size_t zone = 2; zone <= platform.network.zones.size(); ++zone) {
    if (const Box* replica = find("cache-" + std::to_string(zone))) {
      below(*find("cache-1"), *replica, "replication", lanes_.cache_copies);
    }
  }
}

}  // namespace

void connect(Diagram& diagram, const models::Platform& platform, const std::string& image_node,
             const Lanes& lanes) {
  Ways ways(diagram, lanes);
  ways.edge(image_node);
  for (std::size_t zone = 1; zone <= platform.network.zones.size(); ++zone) {
    ways.zone(std::to_string(zone));
  }
  ways.copies(platform);
}

}  // namespace shopsim::generator
