#pragma once
/// What a new web server does before it takes requests.
#include "generator/value.hpp"
#include "models/platform.hpp"

namespace shopsim::generator {

/// The script of the user data: agent, file system, application, and a signal to CloudFormation
/// only when the application answers its health check.
Value bootstrap_script(const models::Platform& platform);

/// Configuration of the CloudWatch agent: memory, disk, the application's log, X-Ray.
Value agent_configuration(const models::Platform& platform);

}  // namespace shopsim::generator
