#!/usr/bin/env bash
# Compares the two engines on windows of different kind: docs/verification.csv and .md.
#   scripts/verify.sh [REPLICATIONS [NAME]]
# NAME: only the comparisons whose name contains it; the rows of the others stay as they are.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
readonly replications=${1:-16}
readonly only=${2:-}
readonly table=docs/verification.csv
missed=0
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
# Enough customers in a short time, clicking fast, so that intervals are narrow.
readonly lively=(--set traffic.index_of_dispersion=1 --warm-up "1 min" --window "4 min"
  --set "clients.think={exponential: {mean: 2 s}}")
# An outage of a length that does not change from run to run.
readonly steps=(--set "database.failover.detection=10 s" --set "database.failover.promotion=30 s")

servers() {  # servers N: so many, never more
  printf '%s\n' --set "web.scaling.desired=$1" --set "web.scaling.minimum=$1" \
    --set "web.scaling.maximum=$1"
}
compare() {  # compare NAME SCENARIO CLOCK SERVERS GROWTH [option...]
  local name=$1 scenario=$2 clock=$3 growth=$5 count runs=$replications
  if [[ $name != *"$only"* ]]; then
    grep -F "\"$name\"," "$table" >>"$rows"
    return 0
  fi
  mapfile -t count < <(servers "$4")
  shift 5
  # After an outage the mean is that of a few slow pages: more runs for intervals as narrow.
  [[ $* == *failover* ]] && runs=$((replications * 3 / 2))
  build/release/shopsim verify "scenarios/$scenario.yaml" --name "$name" --append "$rows" \
    -r "$runs" --at "$clock" --set "traffic.growth=$growth" "${count[@]}" \
    "${lively[@]}" "$@" || missed=$((missed + 1))
}

compare "quiet noon" normal_day 12:00 2 2
compare "busy web servers" normal_day 12:00 2 3.2 --set balancer.algorithm=round_robin
compare "short accept queue" normal_day 12:00 2 2.5 --set web.workers=3 \
  --set web.accept_queue=4
compare "no cache" normal_day 12:00 2 2 --set cache.enabled=false
compare "one connection a server" normal_day 12:00 2 2.5 --set database.pool.connections=1
compare "impatient clients" normal_day 12:00 2 3 \
  --set "clients.timeout=300 ms" --set clients.retries.attempts=4
compare "zones apart" normal_day 12:00 6 4 \
  --set balancer.cross_zone=false
compare "database failover" db_failover 14:14 4 3 "${steps[@]}"
compare "cache node lost" cache_loss 14:14 4 3
# How long edges know a lost zone and how soon checks find its servers depends on phases: short
# periods, or it would take ten times as many runs.
compare "zone lost" zone_loss 12:14 6 3 "${steps[@]}" --set "dns.zone_withdrawal=30 s" \
  --set "dns.time_to_live=5 s" --set "balancer.health_check.interval=5 s" \
  --set "balancer.health_check.timeout=2 s"
compare "server lost" server_loss 20:19 6 2

{
  echo "scenario,number,unit,event_engine,half_width,second_engine,half_width_2,p_value,agrees"
  cat "$rows"
} >"$table"
{
  echo "# Two engines, one shop"
  echo
  echo "Written by \`make verify\`: windows of shipped scenarios on the event engine and on the"
  echo "second engine (SimGrid), with 99 % half-widths. \`p\` is the probability of a difference as"
  echo "large as seen if the engines agree, corrected for the six numbers (Holm); below 0.01 they"
  echo "do not. \`agrees\` also asks for half-widths of 3 % (p95, p99: 10 %)."
  echo
  echo "| scenario | number | unit | event engine | ± | second engine | ± | p | agrees |"
  echo "|---|---|---|--:|--:|--:|--:|--:|---|"
  sed -E 's/^"([^"]*)"/\1 /; s/,/ | /g; s/^/| /; s/$/ |/' "$rows"
} >docs/verification.md
echo "$missed comparisons missed; see docs/verification.md"
[[ $missed -eq 0 ]]
