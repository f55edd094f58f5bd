#include "analysis/queueing_oracles.hpp"

#include <Eigen/Dense>
#include <Eigen/Sparse>
#include <algorithm>
#include <cmath>

namespace shopsim::analysis::oracle {

double erlang_b(int servers, double load) {
  double inverse = 1;  // 1 / B by the usual recursion, stable for any number of servers
  for (int k = 1; k <= servers; ++k) inverse = 1 + inverse * k / load;
  return 1 / inverse;
}

double erlang_c(int servers, double load) {
  const double b = erlang_b(servers, load);
  const double rho = load / servers;
  return b / (1 - rho * (1 - b));
}

double mmc_mean_response(int servers, double load) {
  return 1 + erlang_c(servers, load) / (servers - load);
}

double mmc_response_quantile(int servers, double load, double q) {
  const double wait = erlang_c(servers, load);
  const double theta = servers - load;  // rate at which a wait ends
  const auto tail = [&](double t) {
    const double served_at_once = (1 - wait) * std::exp(-t);
    if (std::fabs(theta - 1) < 1e-9) return served_at_once + wait * (1 + t) * std::exp(-t);
    return served_at_once +
           wait * (theta * std::exp(-t) - std::exp(-theta * t)) / (theta - 1);
  };
  double low = 0;
  double high = 1;
  while (tail(high) > 1 - q) high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (tail(middle) > 1 - q ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double mg1_mean_wait(double load, double squared_variation) {
  return load * (1 + squared_variation) / (2 * (1 - load));
}

std::vector<double> MarkovChain::stationary() const {
  // Columns: states; pi Q = 0 with the last equation replaced by "probabilities sum to 1".
  const auto n = static_cast<Eigen::Index>(states_);
  std::vector<Eigen::Triplet<double>> entries;
  const auto put = [&](std::size_t equation, std::size_t state, double value) {
    const auto row = static_cast<Eigen::Index>(equation);
    if (row != n - 1) entries.emplace_back(row, static_cast<Eigen::Index>(state), value);
  };
  for (const Rate& rate : rates_) {
    put(rate.to, rate.from, rate.rate);
    put(rate.from, rate.from, -rate.rate);
  }
  for (Eigen::Index state = 0; state < n; ++state) entries.emplace_back(n - 1, state, 1.0);
  Eigen::SparseMatrix<double> generator(n, n);
  generator.setFromTriplets(entries.begin(), entries.end());
  Eigen::SparseLU<Eigen::SparseMatrix<double>> solver(generator);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(n);
  right(n - 1) = 1;
  const Eigen::VectorXd solution = solver.solve(right);
  return {solution.data(), solution.data() + n};
}

std::vector<double> traffic_equations(const std::vector<double>& external,
                                      const std::vector<std::vector<double>>& routing) {
  const auto n = static_cast<Eigen::Index>(external.size());
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(n, n);
  Eigen::VectorXd right(n);
  for (Eigen::Index to = 0; to < n; ++to) {
    right(to) = external[static_cast<std::size_t>(to)];
    for (Eigen::Index from = 0; from < n; ++from) {
      matrix(to, from) -= routing[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
    }
  }
  const Eigen::VectorXd solution = matrix.partialPivLu().solve(right);
  return {solution.data(), solution.data() + n};
}

namespace {

/// Weights of 0..customers jobs at one station.
std::vector<double> weights_of(const ClosedStation& station, int customers) {
  std::vector<double> weights(static_cast<std::size_t>(customers) + 1, 1.0);
  for (int n = 1; n <= customers; ++n) {
    const auto i = static_cast<std::size_t>(n);
    weights[i] = weights[i - 1] * station.demand / station.rate_factor(n);
  }
  return weights;
}

std::vector<double> convolve(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> sum(a.size(), 0.0);
  for (std::size_t n = 0; n < a.size(); ++n) {
    for (std::size_t k = 0; k <= n; ++k) sum[n] += a[k] * b[n - k];
  }
  return sum;
}

}  // namespace

ClosedResult closed_network(const std::vector<ClosedStation>& stations, int customers) {
  const auto size = static_cast<std::size_t>(customers);
  std::vector<double> all(size + 1, 0.0);
  all[0] = 1;
  for (const ClosedStation& station : stations) all = convolve(all, weights_of(station, customers));
  ClosedResult result;
  result.throughput = all[size - 1] / all[size];
  for (std::size_t i = 0; i < stations.size(); ++i) {
    std::vector<double> others(size + 1, 0.0);
    others[0] = 1;
    for (std::size_t k = 0; k < stations.size(); ++k) {
      if (k != i) others = convolve(others, weights_of(stations[k], customers));
    }
    const std::vector<double> own = weights_of(stations[i], customers);
    double mean = 0;
    for (std::size_t n = 1; n <= size; ++n) {
      mean += static_cast<double>(n) * own[n] * others[size - n];
    }
    result.mean_jobs.push_back(mean / all[size]);
  }
  return result;
}

}  // namespace shopsim::analysis::oracle
