#!/usr/bin/env bash
set -euo pipefail
aws cloudformation deploy --stack-name shop-network --template-file network.yaml
