"""A switch between hosts, each end of which is a TAP device, that delivers frames late.

The kernel's own delay (tc's netem) is not built into every kernel; TAP devices are. What hosts send
is held to a rate by tc's token buckets, what they receive by this switch, as by a port of its.
"""
import collections
import ctypes
import fcntl
import os
import select
import signal
import struct
import time

TUNSETIFF, TUNSETOFFLOAD = 0x400454CA, 0x400454D0
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x2, 0x1000, 0x4000
OFFLOADS = 0x1 | 0x2 | 0x4  # Checksums and segments of TCP over IPv4 and 6: frames of up to 64 KiB.
CLONE_NEWNET, PR_SET_PDEATHSIG = 0x40000000, 1
HEADER = 10  # Of struct virtio_net_hdr, which tells how a large frame is to be cut.


def enter_namespace(name):
    """Moves this process into a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/var/run/netns/{name}") as file:
        if libc.setns(file.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter the network namespace {name}")


def die_with(parent):
    """Has the kernel end this process with its parent, however that ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def make_tap(device):
    """Makes a TAP device in the namespace of this process; it is there as long as the descriptor."""
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", device.encode(), flags))
    fcntl.ioctl(tap, TUNSETOFFLOAD, OFFLOADS)
    return tap


def carry(taps, seconds, bytes_a_second):
    """Delivers frames by the last byte of their address, host i's being i, each `seconds` after it
    was sent, and to each host no more than so many bytes a second. Does not return."""
    waiting = {tap: collections.deque() for tap in taps}
    free = dict.fromkeys(taps, 0.0)  # When what was sent to a host so far has passed its link.

    def send(tap, frame, now):
        free[tap] = max(now, free[tap]) + len(frame) / bytes_a_second
        waiting[tap].append((free[tap] + seconds, frame))

    while True:
        now = time.monotonic()
        for tap, frames in waiting.items():
            while frames and frames[0][0] <= now:
                try:
                    os.write(tap, frames.popleft()[1])
                except OSError:
                    pass  # A host that is full or down loses frames, as hosts do.
        due = [frames[0][0] for frames in waiting.values() if frames]
        timeout = max(0, min(due) - time.monotonic()) if due else None
        for tap in select.select(taps, [], [], timeout)[0]:
            try:
                frame = os.read(tap, HEADER + 65550)
            except OSError:
                continue
            now = time.monotonic()
            if frame[HEADER] & 1:  # To all.
                for other in taps:
                    if other != tap:
                        send(other, frame, now)
            elif frame[HEADER + 5] < len(taps):
                send(taps[frame[HEADER + 5]], frame, now)
