#pragma once
/// The Auto Scaling group: its settings.
#include "models/auto_scaling_config.hpp"
