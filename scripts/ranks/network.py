"""Hosts on this one machine: network namespaces, each with a link of its own and a name of its own.

Needs root, `ip` and `tc` (Debian: iproute2). What it makes it takes down again, also when it is
interrupted: processes of the hosts are ended, namespaces deleted, and with them the devices.
"""
import os
import signal
import subprocess
import sys

import wire

HERE = os.path.dirname(os.path.abspath(__file__))
SUBNET = "10.77.0"


def run(*command):
    """What a command says; its failure ends the script."""
    outcome = subprocess.run(command, capture_output=True, text=True)
    if outcome.returncode != 0:
        raise SystemExit(f"error: {' '.join(command)}: {outcome.stderr.strip()}")
    return outcome.stdout


class Network:
    """Some hosts, 10.77.0.1 and on, joined by a switch.

    Each host's link has a rate, both ways, and a delay, one way. Without a delay the links are pairs
    of virtual Ethernet devices on a bridge in a namespace of its own, held to their rate by tc's
    token buckets; with one they are TAP devices, whose switch is a process (see wire.py).
    """

    def __init__(self, hosts, megabits=1000, milliseconds=1.0):
        if os.geteuid() != 0:
            raise SystemExit("error: network namespaces can be made by root alone")
        self.count, self.megabits, self.milliseconds = hosts, megabits, milliseconds
        self.prefix = f"tfrs{os.getpid()}"
        self.switch = f"{self.prefix}-switch"
        self.names = [f"{self.prefix}-{host}" for host in range(hosts)]
        self.addresses = [f"{SUBNET}.{host + 1}" for host in range(hosts)]
        self.wire = None

    def __enter__(self):
        try:
            for name in [*self.names, self.switch]:
                run("ip", "netns", "add", name)
            if self.milliseconds > 0:
                self._lay_wire()
            else:
                self._build_bridge()
            for name, address in zip(self.names, self.addresses):
                run("ip", "-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
                run("ip", "-n", name, "link", "set", "lo", "up")
                self._shape(name, "eth0")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        # A second interruption must not leave half of it standing.
        previous = {number: signal.signal(number, signal.SIG_IGN)
                    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        for name in [*self.names, self.switch]:
            self.end_processes(name)
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
        if self.wire:
            os.kill(self.wire, signal.SIGKILL)
            os.waitpid(self.wire, 0)
            self.wire = None
        for number, handler in previous.items():
            signal.signal(number, handler)

    def _build_bridge(self):
        run("ip", "-n", self.switch, "link", "add", "bridge", "type", "bridge")
        run("ip", "-n", self.switch, "link", "set", "bridge", "up")
        for host, name in enumerate(self.names):
            run("ip", "link", "add", "eth0", "netns", name, "type", "veth",
                "peer", "name", f"port{host}", "netns", self.switch)
            run("ip", "-n", name, "link", "set", "eth0", "up")
            run("ip", "-n", self.switch, "link", "set", f"port{host}", "master", "bridge", "up")
            self._shape(self.switch, f"port{host}")

    def _lay_wire(self):
        ready, told = os.pipe()
        parent = os.getpid()
        self.wire = os.fork()
        if self.wire == 0:
            try:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                wire.die_with(parent)
                taps = []
                for name in self.names:
                    wire.enter_namespace(name)
                    taps.append(wire.make_tap("eth0"))
                wire.enter_namespace(self.switch)
                os.write(told, b"!")
                # Not later than its time because ranks compute.
                os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
                wire.carry(taps, self.milliseconds / 1000, self.megabits * 125_000)
            except BaseException as error:
                print(f"error: {error}", file=sys.stderr)
            os._exit(1)
        os.close(told)
        if os.read(ready, 1) != b"!":
            raise SystemExit("error: no TAP devices can be made here (CONFIG_TUN, /dev/net/tun)")
        os.close(ready)
        for host, name in enumerate(self.names):
            run("ip", "-n", name, "link", "set", "eth0", "address", f"02:00:00:00:00:{host:02x}")
            run("ip", "-n", name, "link", "set", "eth0", "up")

    def _shape(self, name, device):
        # The bucket holds two of the largest frames; the queue drains within 50 ms.
        run("tc", "-n", name, "qdisc", "add", "dev", device, "root", "tbf",
            "rate", f"{self.megabits}mbit", "burst", "128kb", "latency", "50ms")

    def cut(self, host):
        """Takes a host from the network; nobody is told."""
        run("ip", "-n", self.names[host], "link", "set", "eth0", "down")

    def processes(self, host, command=None):
        """The identifiers of a host's processes, or of those that run a command of that name."""
        found = [int(pid) for pid in run("ip", "netns", "pids", self.names[host]).split()]
        return [pid for pid in found if command in (None, process_name(pid))]

    def end_processes(self, name):
        """Ends all that a host runs, at once."""
        outcome = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True)
        for pid in outcome.stdout.split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def bytes_sent(self, host):
        """What has left a host, headers of frames among it."""
        text = run("ip", "netns", "exec", self.names[host], "cat", "/proc/net/dev")
        line = next(line for line in text.splitlines() if line.strip().startswith("eth0:"))
        return int(line.split(":")[1].split()[8])

    def probe(self, size=1, times=10):
        """Seconds that the quickest of some messages takes from the first host to the last and
        back: one of `size` bytes there, one byte back. Both ask again and again whether something
        has come, as Open MPI does: who sleeps until then wakes up later."""
        server = subprocess.Popen(self._probing(-1, f"""
listening = socket.create_server(("", 5077)); print(flush=True); peer = listening.accept()[0]
for _ in range({times}): receive(peer, {size}); peer.sendall(b"!")
"""), stdout=subprocess.PIPE)
        server.stdout.readline()
        answer = subprocess.run(self._probing(0, f"""
peer = socket.create_connection(("{self.addresses[-1]}", 5077))
peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for _ in range({times}):
    start = time.perf_counter(); peer.sendall(bytes({size})); receive(peer, 1)
    best = min(best, time.perf_counter() - start)
print(best)
"""), stdout=subprocess.PIPE, check=True)
        server.wait()
        return float(answer.stdout)

    def _probing(self, host, body):
        return ["ip", "netns", "exec", self.names[host], sys.executable, "-c", """
import socket, time
best = 1e9
def receive(peer, count):
    while count > 0:
        try: count -= len(peer.recv(min(count, 1 << 20), socket.MSG_DONTWAIT))
        except BlockingIOError: pass
""" + body]

    def launcher(self, ranks):
        """What starts a command on that many ranks, dealt to the hosts in turn."""
        slots = [ranks // self.count + (host < ranks % self.count) for host in range(self.count)]
        return [os.path.join(HERE, "on-host"), self.addresses[0], "mpirun", "-n", str(ranks),
                "--host", ",".join(f"{a}:{n}" for a, n in zip(self.addresses, slots)),
                "--mca", "plm_rsh_agent", os.path.join(HERE, "on-host"),
                "--mca", "btl", "tcp,self,vader", "--mca", "btl_tcp_if_include", f"{SUBNET}.0/24",
                "--mca", "oob_tcp_if_include", f"{SUBNET}.0/24",
                # A host that is cut off is missed within seconds.
                "--mca", "oob_tcp_keepalive_time", "4", "--mca", "oob_tcp_keepalive_intvl", "1",
                "--mca", "oob_tcp_keepalive_probes", "3"]

    @property
    def environment(self):
        return {"TFRS_HOSTS": self.prefix}


def take_down_when_interrupted():
    """Makes signals to end leave by the doors that take down what was put up; nothing else can
    be done about SIGKILL than `ip netns delete` by hand."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


def process_name(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except OSError:
        return None
