/// The fields of a web server's protection.
#include "models/platform_protection.hpp"

namespace shopsim::models {

using sim::Confidence;
using sim::field;

void ProtectionConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "deadlines",
            .meaning = "whether a server drops work whose client has given up by then",
            .source = "S-LUMIGO", .confidence = Confidence::assumption, .tunable = true,
            .influences = "work for nobody under overload"}, deadlines);
  field(v, {.key = "queue_order",
            .meaning = "which waiting request is next; newest_first drops the oldest when full",
            .source = "S-OSDI22", .confidence = Confidence::assumption, .tunable = true,
            .influences = "who is served in time under overload"}, queue_order);
  field(v, {.key = "shed_above",
            .meaning = "share of busy workers above which other pages get 503 at once; 100 %: off",
            .least = 0.05, .most = 1, .tunable = true,
            .influences = "latency and success of the classes with priority"}, shed_above);
  field(v, {.key = "priority_classes",
            .meaning = "request classes that are not refused: checkout before browsing",
            .least = 0, .most = 10}, priority_classes);
  field(v, {.key = "database_breaker",
            .meaning = "stops asking a database that does not answer"}, database_breaker);
}

}  // namespace shopsim::models
