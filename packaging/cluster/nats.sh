#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Three NATS nodes with JetStream on this machine, all MQTT state in three copies. For tests and trials: plain, on loopback.
. "$(dirname "$0")/lib.sh"
need /usr/sbin/nats-server
session=clean

prepare() {
    local node other routes
    for node in "${nodes[@]}"; do
        free_port; echo "$free" >"$dir/$node.port"
        free_port; echo "$free" >"$dir/$node.client"
        free_port; echo "$free" >"$dir/$node.route"
        free_port; echo "$free" >"$dir/$node.monitor"
    done
    for node in "${nodes[@]}"; do
        routes=
        for other in "${nodes[@]}"; do routes+="\"nats://127.0.0.1:$(cat "$dir/$other.route")\", "; done
        cat >"$dir/$node.conf" <<TEXT
server_name: node$node
listen: "127.0.0.1:$(cat "$dir/$node.client")"
http: "127.0.0.1:$(cat "$dir/$node.monitor")"
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
}

# An open port is not enough: without a leader of JetStream every MQTT connect is refused.
has_leader() {
    curl --silent --max-time 2 "http://127.0.0.1:$(cat "$dir/$1.monitor")/healthz" | grep -q '"ok"'
}
is_ready() { local node; for node in "${nodes[@]}"; do is_gone "$node" || has_leader "$node" || return 1; done; }

stop_node() { kill -TERM "$(pid_of "$1")"; }
finish() { :; }

main "$@"
