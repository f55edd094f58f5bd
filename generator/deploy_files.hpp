#pragma once
/// What stands beside the templates: parameters per environment, the deploy script, the guides.
#include <string>
#include <string_view>
#include <vector>

#include "generator/design.hpp"
#include "generator/stack.hpp"

namespace shopsim::generator {

/// Values of one environment as `aws cloudformation` takes them: a list of ParameterKey and
/// ParameterValue. Production has the platform's numbers; dev and stage are smaller.
std::string parameter_file(const Design& design, const std::vector<Stack>& stacks,
                           std::string_view environment);

/// Change sets in the right order, and the way back.
std::string deploy_script(const Design& design, const std::vector<Stack>& stacks);

/// SQL for psql that makes the application's login in a new database, without a password.
std::string database_sql(const models::DatabaseConfig& database);

/// Refuses updates that would replace or delete what holds data.
std::string stack_policy();

/// What each critical alarm means and what to do first.
std::string runbook(const Design& design);

/// From an empty account to a running shop, and what a person must do.
std::string deployment_guide(const Design& design, const std::vector<Stack>& stacks);

}  // namespace shopsim::generator
