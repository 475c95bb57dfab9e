#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds for release and prints the main job's figures: tap -> message, look-up, commit, receipt, ledger, the drain beside
# mosquitto's bridge (with --all of 100,000 records as well), and a fleet.
set -euo pipefail
cd "$(dirname "$0")/../.."
packaging/dev/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target tapport-bench ledger_bench drain_vs_bridge fleet_bench seal_bench >/dev/null
build/release/bin/ledger_bench
build/release/bin/drain_vs_bridge "$@"
build/release/bin/fleet_bench
build/release/bin/seal_bench
exec build/release/bin/tapport-bench
