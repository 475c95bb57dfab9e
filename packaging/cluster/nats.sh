#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Three NATS nodes with JetStream on this machine, all MQTT state in three copies. For tests and trials: plain, on loopback.
. "$(dirname "$0")/lib.sh"
engine=/usr/sbin/nats-server
session=clean

prepare() {
    local node other routes
    for node in "${nodes[@]}"; do
        free_port; echo "$free" >"$dir/$node.port"
        free_port; echo "$free" >"$dir/$node.client"
        free_port; echo "$free" >"$dir/$node.route"
    done
    for node in "${nodes[@]}"; do
        routes=
        for other in "${nodes[@]}"; do routes+="\"nats://127.0.0.1:$(cat "$dir/$other.route")\", "; done
        cat >"$dir/$node.conf" <<TEXT
server_name: node$node
listen: "127.0.0.1:$(cat "$dir/$node.client")"
max_payload: 2MB
jetstream { store_dir: "$dir/node$node" }
cluster {
  name: tapport
  listen: "127.0.0.1:$(cat "$dir/$node.route")"
  routes: [ $routes ]
}
mqtt {
  listen: "127.0.0.1:$(cat "$dir/$node.port")"
  stream_replicas: 3
  ack_wait: "5s"
}
TEXT
    done
}

start_node() {
    /usr/sbin/nats-server --config "$dir/$1.conf" >>"$dir/$1.log" 2>&1 </dev/null &
    echo $! >"$dir/$1.pid"
    wait_until 10 is_running "$1" || die "node $1 did not start; see $dir/$1.log"
}

is_ready() { local node; for node in "${nodes[@]}"; do is_gone "$node" || lets_in "$(cat "$dir/$node.port")" || return 1; done; }

stop_node() { kill -TERM "$(pid_of "$1")"; }
finish() { :; }

main "$@"
