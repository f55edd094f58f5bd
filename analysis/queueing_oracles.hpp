#pragma once
/// Queueing theory as an oracle: closed forms and Markov chains, written without any code of the
/// engine they check. Times in units of the mean service time unless a rate is an argument.
#include <cstddef>
#include <functional>
#include <vector>

namespace shopsim::analysis::oracle {

/// Probability that all of `servers` are busy with offered load `load` (in servers) and no queue.
[[nodiscard]] double erlang_b(int servers, double load);
/// Probability of having to wait, load < servers.
[[nodiscard]] double erlang_c(int servers, double load);
/// M/M/c: mean time in the system, service mean 1, `load` in servers.
[[nodiscard]] double mmc_mean_response(int servers, double load);
/// M/M/c FCFS: the q-quantile of the time in the system, service mean 1.
[[nodiscard]] double mmc_response_quantile(int servers, double load, double q);
/// M/G/1 FCFS: mean wait in units of the mean service (Pollaczek-Khinchine).
[[nodiscard]] double mg1_mean_wait(double load, double squared_variation);

/// A continuous-time Markov chain over states 0..n-1, given by its transition rates.
class MarkovChain {
 public:
  explicit MarkovChain(std::size_t states) : states_(states) {}
  void add(std::size_t from, std::size_t to, double rate) { rates_.push_back({from, to, rate}); }
  /// Stationary probabilities by a sparse LU decomposition (Eigen). The chain must be irreducible.
  [[nodiscard]] std::vector<double> stationary() const;

 private:
  struct Rate {
    std::size_t from;
    std::size_t to;
    double rate;
  };
  std::size_t states_;
  std::vector<Rate> rates_;
};

/// Arrival rates of an open network: lambda = external + routing^T lambda (Eigen).
/// `routing[from][to]` are probabilities.
[[nodiscard]] std::vector<double> traffic_equations(
    const std::vector<double>& external, const std::vector<std::vector<double>>& routing);

/// A station of a closed network of one class. `rate_factor(n)`: its speed with n customers,
/// relative to one customer alone (1 for a single server, min(n, c) for c servers, n for none
/// waiting).
struct ClosedStation {
  double demand = 0;  ///< service time of one visit times the number of visits
  std::function<double(int)> rate_factor = [](int) { return 1.0; };
};

struct ClosedResult {
  double throughput = 0;
  std::vector<double> mean_jobs;  ///< [station]
};

/// Product-form solution by convolution (Buzen 1973), for any load-dependent stations.
[[nodiscard]] ClosedResult closed_network(const std::vector<ClosedStation>& stations,
                                          int customers);

}  // namespace shopsim::analysis::oracle
