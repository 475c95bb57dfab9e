#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds for release and prints the main job's figures: ledger, tap, look-up, commit, receipt, drain.
set -euo pipefail
cd "$(dirname "$0")/../.."
packaging/dev/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target tapport-bench ledger_bench >/dev/null
build/release/bin/ledger_bench
exec build/release/bin/tapport-bench
