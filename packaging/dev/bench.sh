#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds for release and prints the main job's figures: packaging/dev/bench.sh [--all]
# tap -> message, look-up, commit, receipt, ledger, the hub's ingest, the drain beside mosquitto's bridge, and a fleet.
#   --all   the drain of 100,000 records as well
set -euo pipefail
cd "$(dirname "$0")/../.."
drain=()
for argument in "$@"; do
    case "$argument" in
        --all) drain=(--all) ;;
        -h | --help) sed -n '3,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "bench.sh: what is '$argument'? See --help" >&2; exit 2 ;;
    esac
done
packaging/dev/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target tapport-bench ledger_bench hub_ingest_bench drain_vs_bridge fleet_bench seal_bench >/dev/null
build/release/bin/ledger_bench
build/release/bin/hub_ingest_bench
build/release/bin/drain_vs_bridge "${drain[@]}"
build/release/bin/fleet_bench
build/release/bin/seal_bench
exec build/release/bin/tapport-bench
