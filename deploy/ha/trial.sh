#!/usr/bin/env bash
# A cluster to try on one machine: three etcd, three Patroni with a PostgreSQL each,
# on ports of this machine, below one folder. Nothing of the system's is touched.
#
#   trial.sh start DIR          make and start all, and wait until there is a primary
#   trial.sh url DIR            the DATABASE_URL for jisi
#   trial.sh leader DIR         the number of the member that is the primary
#   trial.sh list DIR           patronictl's list
#   trial.sh kill DIR N         end member N's Patroni and PostgreSQL at once, as a power cut does
#   trial.sh freeze DIR N       stop them where they are, as a machine that hangs; thaw lets them go on
#   trial.sh thaw DIR N
#   trial.sh cut DIR N          take member N's network away, with NETNS=1; heal brings it back
#   trial.sh heal DIR N
#   trial.sh run DIR N          start member N again
#   trial.sh kill-etcd DIR N    and run-etcd
#   trial.sh standbys DIR       wait until two standbys follow, one of them synchronously
#   trial.sh switchover DIR     hand over to a standby, as before maintenance
#   trial.sh stop DIR           end all; remove DIR afterwards
#
# ASYNC=1 with start makes a cluster whose primary waits for no standby. NETNS=1, as
# root, gives each member a network namespace of its own, on a bridge of this machine.
# Needs: apt-get install --no-install-recommends postgresql patroni etcd-server
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
command=${1:?say what to do: see the head of $0}
dir=${2:?name a folder}
n=${3:-}
base=${TRIAL_PORTS:-26000} # PostgreSQL at base+1…3, Patroni at base+11…13, etcd at base+21…23 and base+31…33

fail() { echo "trial: $*" >&2; exit 1; }

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || fail "there is no PostgreSQL: apt-get install postgresql"
for program in patroni patronictl etcd; do
	command -v $program >/dev/null || fail "there is no $program: apt-get install --no-install-recommends patroni etcd-server"
done

# PostgreSQL does not run as root.
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=postgres --regid=postgres --init-groups)

# Without namespaces all members are at 127.0.0.1, each at its ports.
netns() { [ -e "$dir/netns" ]; }
net=10.198.$((base / 100 % 250))
address() { if netns; then echo "$net.$1"; else echo 127.0.0.1; fi; }
network() { if netns; then echo "$net.0/24"; else echo 127.0.0.1/32; fi; }
# inside N COMMAND… runs it where member N is.
inside() { local i=$1; shift; if netns; then exec ip netns exec "trial$base-$i" "$@"; else exec "$@"; fi; }

make_network() {
	local i
	ip link add "tb$base" type bridge
	ip addr add "$net.254/24" dev "tb$base"
	ip link set "tb$base" up
	for i in 1 2 3; do
		ip netns add "trial$base-$i"
		ip link add "tv$base-$i" type veth peer name eth0 netns "trial$base-$i"
		ip link set "tv$base-$i" master "tb$base" up
		ip -n "trial$base-$i" link set lo up
		ip -n "trial$base-$i" addr add "$net.$i/24" dev eth0
		ip -n "trial$base-$i" link set eth0 up
	done
}

remove_network() {
	local i
	for i in 1 2 3; do ip netns del "trial$base-$i" 2>/dev/null || true; done
	ip link del "tb$base" 2>/dev/null || true
}

etcds() { local i; for i in 1 2 3; do printf '%s%s:%d' "${1:-}" "$(address $i)" $((base + 20 + i)); [ $i = 3 ] || printf ,; done; }

start_etcd() {
	local i=$1 cluster='' k
	for k in 1 2 3; do cluster+="etcd$k=http://$(address $k):$((base + 30 + k)),"; done
	local client peer
	client=http://$(address "$i"):$((base + 20 + i)) peer=http://$(address "$i"):$((base + 30 + i))
	ETCD_UNSUPPORTED_ARCH=${ETCD_UNSUPPORTED_ARCH:-} inside "$i" setsid "${as[@]}" etcd --name "etcd$i" --data-dir "$dir/etcd$i" --enable-v2=true \
		--listen-client-urls "$client" --advertise-client-urls "$client" \
		--listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" \
		--initial-cluster "${cluster%,}" --initial-cluster-token trial --initial-cluster-state new \
		--heartbeat-interval 250 --election-timeout 2500 >>"$dir/etcd$i.log" 2>&1 </dev/null &
	echo $! >"$dir/etcd$i.pid"
}

configure() {
	local i=$1
	sed -e "s|@NAME@|db$i|g" -e "s|@ADDRESS@|$(address "$i")|g" -e "s|@PORT@|$((base + i))|g" -e "s|@REST@|$((base + 10 + i))|g" \
		-e "s|@ETCD@|$(etcds)|g" -e "s|@DATA@|$dir/db$i|g" -e "s|@BIN@|$bin|g" -e "s|@NETWORK@|$(network)|g" -e "s|@SOCKETS@|$dir|g" \
		-e "s|@SUPERUSER_PASSWORD@|$(cat "$dir/secret")s|g" -e "s|@REPLICATION_PASSWORD@|$(cat "$dir/secret")r|g" -e "s|@REWIND_PASSWORD@|$(cat "$dir/secret")w|g" \
		-e "/^watchdog:/d" "$here/patroni.yml" >"$dir/patroni$i.yml"
	[ -z "${ASYNC:-}" ] || sed -i 's/synchronous_mode: true/synchronous_mode: false/' "$dir/patroni$i.yml"
	chmod 600 "$dir/patroni$i.yml"
	[ "$(id -u)" != 0 ] || chown postgres "$dir/patroni$i.yml"
}

run_member() {
	inside "$1" setsid "${as[@]}" patroni "$dir/patroni$1.yml" >>"$dir/patroni$1.log" 2>&1 </dev/null &
	echo $! >"$dir/patroni$1.pid"
}

# processes of a member: Patroni's, the postmaster's and its children's.
processes() {
	local postmaster
	cat "$dir/patroni$1.pid" 2>/dev/null || true
	postmaster=$(head -n 1 "$dir/db$1/postmaster.pid" 2>/dev/null || true)
	if [ -n "$postmaster" ] && [ "$(tr '\0' ' ' <"/proc/$postmaster/cmdline" 2>/dev/null | grep -c "$dir/db$1")" != 0 ]; then
		echo "$postmaster"
		ps -o pid= --ppid "$postmaster" || true
	fi
}

signal() {
	local p
	for p in $(processes "$2"); do kill -s "$1" "$p" 2>/dev/null || true; done
}

leader() {
	local i
	for i in 1 2 3; do
		if [ "$(curl -s -o /dev/null -m 2 -w '%{http_code}' "http://$(address $i):$((base + 10 + i))/primary")" = 200 ]; then
			echo $i
			return
		fi
	done
	return 1
}

await() {
	local tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || fail "it took too long: $*; see the logs in $dir"
		sleep 0.5
	done
}

query() { local l; l=$(leader) || return 1; PGPASSWORD="$(cat "$dir/secret")s" "$bin/psql" -qAt -h "$(address "$l")" -p "$((base + l))" -U postgres -d "${1}" -v ON_ERROR_STOP=1 -c "$2"; }
standbys() { [ "$(query postgres "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")" = 2 ]; }
waits() { [ -n "${ASYNC:-}" ] || [ "$(query postgres "SELECT count(*) > 0 FROM pg_stat_replication WHERE sync_state = 'sync'")" = t ]; }

case $command in
start)
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	[ "$(id -u)" != 0 ] || chown postgres "$dir"
	[ -z "${NETNS:-}" ] || { remove_network; make_network; touch "$dir/netns"; }
	[ -e "$dir/secret" ] || (umask 077 && od -An -N12 -tx1 /dev/urandom | tr -d ' \n' >"$dir/secret")
	for i in 1 2 3; do start_etcd $i; done
	await curl -sf -m 2 "http://$(address 1):$((base + 21))/health"
	for i in 1 2 3; do configure $i; run_member $i; done
	await leader
	await standbys
	await waits
	query postgres "CREATE ROLE jisi LOGIN PASSWORD '$(cat "$dir/secret")'"
	query postgres "CREATE DATABASE jisi OWNER jisi ENCODING 'UTF8' TEMPLATE template0"
	;;
url) echo "postgres://jisi:$(cat "$dir/secret")@$(address 1):$((base + 1)),$(address 2):$((base + 2)),$(address 3):$((base + 3))/jisi?sslmode=disable" ;;
leader) leader ;;
list) inside 1 patronictl -c "$dir/patroni1.yml" list ;;
kill) signal KILL "$n" ;;
freeze) signal STOP "$n" ;;
thaw) signal CONT "$n" ;;
cut) netns || fail "start it with NETNS=1"; ip link set "tv$base-$n" down ;;
heal) netns || fail "start it with NETNS=1"; ip link set "tv$base-$n" up ;;
run) run_member "$n" ;;
kill-etcd) kill -KILL "$(cat "$dir/etcd$n.pid")" ;;
run-etcd) start_etcd "$n" ;;
switchover)
	# What patronictl asks for as well, without the second that it takes to start.
	l=$(leader) || fail "there is no primary"
	curl -sS -m 60 -X POST -H 'Content-Type: application/json' -d "{\"leader\": \"db$l\"}" "http://$(address "$l"):$((base + 10 + l))/switchover"
	echo
	;;
standbys)
	await standbys
	await waits # or what is acknowledged now would be on one machine only
	;;
stop)
	for i in 1 2 3; do signal CONT $i; done
	for i in 1 2 3; do kill -TERM "$(cat "$dir/patroni$i.pid")" 2>/dev/null || true; done
	for i in $(seq 60); do
		alive=''
		for k in 1 2 3; do alive+=$(for p in $(processes $k); do kill -0 "$p" 2>/dev/null && echo "$p "; done || true); done
		[ -n "$alive" ] || break
		sleep 0.5
	done
	for i in 1 2 3; do signal KILL $i; done
	# One that is alone waits for a majority to say goodbye to.
	for i in 1 2 3; do kill -KILL "$(cat "$dir/etcd$i.pid")" 2>/dev/null || true; done
	! netns || remove_network
	;;
*) fail "there is no $command: see the head of $0" ;;
esac
