/// The fields of the scenario file: promises, replications, recording and the root.
#include "models/scenario.hpp"

namespace shopsim::models {

using sim::field;

void SloConfig::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the report calls this promise", .required = true},
        name);
  field(v, {.key = "metric", .meaning = "what is judged", .required = true}, metric);
  field(v, {.key = "request_class",
            .meaning = "class of pages it is about; empty: all (recovery_time, success_ratio)"},
        request_class);
  field(v, {.key = "percentile", .meaning = "percentile of the latency, between 0 and 100",
            .least = 0, .most = 100}, percentile);
  field(v, {.key = "limit_time", .meaning = "longest time allowed (latency, recovery_time)",
            .least = 0.000001, .most = 864'000}, limit_time);
  field(v, {.key = "limit_share",
            .meaning = "least share of successes, or largest share of orders lost",
            .least = 0, .most = 1}, limit_share);
  field(v, {.key = "window",
            .meaning = "every sliding window of this length must keep it; absent: the whole run",
            .least = 1, .most = 864'000}, window);
  field(v, {.key = "viewers",
            .meaning = "edge region whose viewers' images it is about (request_class image)"},
        viewers);
  field(v, {.key = "fault", .meaning = "fault the recovery is measured from (recovery_time)"},
        fault);
  because_field(v, because);
}

void ReplicationConfig::describe(FieldVisitor& v) {
  field(v, {.key = "least", .meaning = "replications always run", .least = 5, .most = 10'000},
        least);
  field(v, {.key = "most", .meaning = "replications never exceeded", .least = 5, .most = 10'000},
        most);
  field(v, {.key = "precision",
            .meaning = "relative half-width of the 95 % interval at which replications stop",
            .least = 0.0001, .most = 1}, precision);
  field(v, {.key = "seed", .meaning = "number every random stream is derived from", .least = 0,
            .most = 9e15}, seed);
}

void RecordingConfig::describe(FieldVisitor& v) {
  field(v, {.key = "period", .meaning = "length of a recorded period; divides 60 s", .least = 1,
            .most = 60}, period);
  field(v, {.key = "fine_period", .meaning = "length of a period around faults; divides 60 s",
            .least = 1, .most = 60}, fine_period);
  field(v, {.key = "fine_before", .meaning = "time before a fault recorded finely", .least = 0,
            .most = 86'400}, fine_before);
  field(v, {.key = "fine_after", .meaning = "time after a fault recorded finely", .least = 0,
            .most = 86'400}, fine_after);
}

void Scenario::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "short name, used for result files", .required = true},
        name);
  field(v, {.key = "question", .meaning = "the question this scenario answers"}, question);
  field(v, {.key = "platform", .meaning = "platform file, relative to this file"}, platform);
  field(v, {.key = "date", .meaning = "day of simulated time 0, YYYY-MM-DD"}, date);
  field(v, {.key = "start", .meaning = "local clock time at simulated time 0"}, start);
  field(v, {.key = "duration", .meaning = "simulated time", .least = 1, .most = 2'678'400},
        duration);
  field(v, {.key = "warm_up",
            .meaning = "simulated before `start` and not recorded, so that caches are filled; "
                       "none with a trace",
            .least = 0, .most = 86'400, .influences = "hit ratios at the start"},
        warm_up);
  field(v, {.key = "traffic", .meaning = "how many come when"}, traffic);
  field(v, {.key = "clients", .meaning = "what one client does"}, clients);
  field(v, {.key = "catalogue", .meaning = "what is read"}, catalogue);
  field(v, {.key = "faults", .meaning = "what fails when", .least = 0, .most = 100}, faults);
  field(v, {.key = "bots", .meaning = "requests that are no customers", .least = 0, .most = 20},
        bots);
  field(v, {.key = "slos", .meaning = "promises that are judged", .least = 0, .most = 100}, slos);
  field(v, {.key = "replications", .meaning = "how sure to be"}, replications);
  field(v, {.key = "recording", .meaning = "how finely results are recorded"}, recording);
  because_field(v, because);
}

}  // namespace shopsim::models
