#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds for release and prints the main job's figures: packaging/dev/bench.sh [--all] [NAME ...]
# tap -> message, look-up, commit, receipt, ledger, the hub's ingest, the drain beside mosquitto's bridge, a fleet, and slow and
# interrupted links.
#   NAME    only these, in the order given: ledger ingest drain fleet seal link main
#   --all   the drain of 100,000 records as well
set -euo pipefail
cd "$(dirname "$0")/../.."
declare -A programs=([ledger]=ledger_bench [ingest]=hub_ingest_bench [drain]=drain_vs_bridge [fleet]=fleet_bench
    [seal]=seal_bench [link]=link_bench [main]=tapport-bench)
drain=()
names=()
for argument in "$@"; do
    case "$argument" in
        --all) drain=(--all) ;;
        -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *)
            [ -n "${programs[${argument:-?}]:-}" ] || { echo "bench.sh: what is '$argument'? See --help" >&2; exit 2; }
            names+=("$argument")
            ;;
    esac
done
[ ${#names[@]} -gt 0 ] || names=(ledger ingest drain fleet seal link main)
targets=()
for name in "${names[@]}"; do
    targets+=("${programs[$name]}")
done
packaging/dev/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target "${targets[@]}" >/dev/null
for name in "${names[@]}"; do
    arguments=()
    [ "$name" != drain ] || arguments=("${drain[@]}")
    "build/release/bin/${programs[$name]}" "${arguments[@]}"
done
