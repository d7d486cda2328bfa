"""Shut this process in, before it touches what somebody else made.

Afterwards it can read Python, the system's libraries and the files it was given, write into
one folder, and nothing else: no network, no other process, no new program. Works without
any right or tool, also in a container, as the Linux kernel lets every process give up its
own rights: Landlock (5.13; https://docs.kernel.org/userspace-api/landlock.html) for files,
seccomp for what Landlock has no say in. It cannot be undone.

Standard library only: it must be done before anything is imported that starts threads,
which would stay outside.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from pathlib import Path
from typing import Any

# linux/landlock.h. The first 13 rights came with version 1, then REFER, TRUNCATE, and ioctl.
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (1 << bit for bit in range(6))
_MAKE_DIR, _MAKE_REG = 1 << 7, 1 << 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_RIGHTS_OF_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NEEDED_VERSION = 3  # the first that keeps files from being emptied
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_ALLOW_READING = _READ_FILE | _READ_DIR
_ALLOW_WRITING = _ALLOW_READING | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER

# What Python, torch and their libraries read.
_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/self", "/sys/devices/system/cpu", "/dev/urandom"),
)
_DEVICES = ("/dev/null", "/dev/zero")
# What CUDA reads to find a GPU.
_GPU_SYSTEM = ("/proc/driver/nvidia", "/proc/devices", "/sys/bus/pci", "/sys/devices")

# linux/seccomp.h, linux/filter.h
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38
_CLONE_THREAD = 0x10000
_X32 = 0x40000000

# System calls by name: their numbers on x86_64 and on aarch64 (None: it has no such).
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_CLONE, _CLONE3 = (56, 220), (435, 435)
_CAPABILITY_VERSION, _CAPSET = 0x20080522, (126, 91)
_REFUSED: dict[str, tuple[int, int | None]] = {
    # a network, and sockets of other programs on this machine
    **{"socket": (41, 198), "io_uring_setup": (425, 425)},
    # other programs and processes
    **{"fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281)},
    **{"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "pidfd_send_signal": (424, 424)},
    **{"rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "ptrace": (101, 117)},
    **{"process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "setpriority": (141, 140)},
    **{"pidfd_getfd": (438, 438), "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195)},
    **{"semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192)},
    **{"msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187)},
    # who may read a file, and when it was written: Landlock watches over contents only
    **{"chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452)},
    **{"chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54)},
    **{"setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463)},
    **{"removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16)},
    **{"utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88)},
    # the machine, and raising the limits again
    **{"mount": (165, 40), "umount2": (166, 39), "unshare": (272, 97), "setns": (308, 268), "chroot": (161, 51)},
    **{"open_by_handle_at": (304, 265)},
    **{"bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "reboot": (169, 142)},
    **{"keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "kexec_load": (246, 104)},
    **{"init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106)},
    **{"settimeofday": (164, 170), "clock_settime": (227, 112), "sethostname": (170, 161)},
    **{"setrlimit": (160, 164), "prlimit64": (302, 261)},
}


_shut_in = False


class Unavailable(Exception):
    """This system cannot shut a process in."""


def is_shut_in() -> bool:
    """Whether ``shut_in`` was done in this process."""
    return _shut_in


def limit(*, memory_bytes: int, seconds: int, file_bytes: int) -> None:
    """Limit this process for good: memory, processor time, and the size of each file it writes."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 1024),
    ):
        _, hard = resource.getrlimit(what)
        most_allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most_allowed, most_allowed))


def begin(settings: dict[str, Any]) -> Path:
    """Take the limits of a program's settings, and do all of its work in its output folder, which is answered."""
    output = Path(settings["output"])
    os.chdir(output)
    keep_to(output)
    os.environ["OMP_WAIT_POLICY"] = "passive"  # as in the recipes: sleep, do not spin
    limit(**{name: settings[name] for name in ("memory_bytes", "seconds", "file_bytes")})
    return output


def keep_to(folder: Path) -> None:
    """Whatever writes at home, or a temporary file, does so in ``folder``."""
    os.environ |= dict.fromkeys(("HOME", "TMPDIR", "TORCHINDUCTOR_CACHE_DIR"), str(folder))


def shut_in(*, read: list[Path], write: Path, gpu: bool = False) -> None:
    """From now on only Python's own files and ``read`` can be read, and ``write``, a folder, be written to.

    With ``gpu`` the devices of NVIDIA can be used, where there are any.

    Raises:
        Unavailable: nothing, or only a part, could be done.
    """
    global _shut_in  # noqa: PLW0603 - it is a state of the process
    if sys.platform != "linux" or platform.machine() not in _ARCHITECTURES:
        raise Unavailable(f"{platform.system()} {platform.machine()}")
    libc = ctypes.CDLL(None, use_errno=True)
    _drop_capabilities(libc)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise Unavailable(f"no_new_privs: {os.strerror(ctypes.get_errno())}")
    system = [Path(path) for path in (*_SYSTEM, *(_GPU_SYSTEM if gpu else ()))]
    devices = sorted(Path("/dev").glob("nvidia*")) if gpu else []
    readable = [*system, Path(sys.prefix), Path(sys.base_prefix), *_own_code(), *read]
    _restrict_files(libc, readable, write, devices)
    _refuse_system_calls(libc)
    _shut_in = True


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Whoever runs this, root too, is as anybody from here on."""
    header, none = struct.pack("Ii", _CAPABILITY_VERSION, 0), bytes(24)
    if libc.syscall(_CAPSET[_ARCHITECTURES[platform.machine()][1]], header, none) != 0:
        raise Unavailable(f"capabilities: {os.strerror(ctypes.get_errno())}")


def _own_code() -> list[Path]:
    return [Path(entry) for entry in sys.path if entry and Path(entry).exists()]


def _restrict_files(libc: ctypes.CDLL, read: list[Path], write: Path, devices: list[Path]) -> None:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < _NEEDED_VERSION:
        raise Unavailable(f"Landlock: {os.strerror(ctypes.get_errno()) if version < 0 else f'version {version}'}")
    # Whatever is not allowed below is refused: rights on files; TCP (version 4); abstract sockets, signals (6).
    all_rights = (1 << _RIGHTS_OF_VERSION.get(version, 16)) - 1
    attributes = struct.pack("QQQ", all_rights, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        raise Unavailable(f"Landlock: {os.strerror(ctypes.get_errno())}")
    allowed = [(path, _ALLOW_READING) for path in read]
    allowed += [(Path(device), _READ_FILE | _WRITE_FILE | _TRUNCATE) for device in _DEVICES]
    # A folder of /dev/nvidia-caps too.
    allowed += [(device, _ALLOW_READING | _WRITE_FILE | _IOCTL_DEV) for device in devices]
    for path, rights in [*allowed, (write, _ALLOW_WRITING)]:
        if not path.exists():
            continue
        file = os.open(path, os.O_PATH | os.O_CLOEXEC)
        of_files = rights if path.is_dir() else rights & (_READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEV)
        rule = struct.pack("=Qi", of_files & all_rights, file)
        if libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0) != 0:
            raise Unavailable(f"Landlock, {path}: {os.strerror(ctypes.get_errno())}")
        os.close(file)
    if libc.syscall(_RESTRICT_SELF, rules, 0) != 0:
        raise Unavailable(f"Landlock: {os.strerror(ctypes.get_errno())}")
    os.close(rules)


def _refuse_system_calls(libc: ctypes.CDLL) -> None:
    architecture, column = _ARCHITECTURES[platform.machine()]
    refuse = _ERRNO | _EPERM

    def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    program = [
        step(_LOAD, 4),  # the architecture: another one has other numbers
        step(_JUMP_EQUAL, architecture, 1, 0),
        step(_RETURN, _KILL),
        step(_LOAD, 0),  # the number of the call
        step(_JUMP_AT_LEAST, _X32, 0, 1),
        step(_RETURN, refuse),
    ]
    for number in (numbers[column] for numbers in _REFUSED.values()):
        if number is not None:
            program += [step(_JUMP_EQUAL, number, 0, 1), step(_RETURN, refuse)]
    # A thread is welcome, a process is not. What clone3 is asked for cannot be seen; without it clone is used.
    program += [step(_JUMP_EQUAL, _CLONE3[column], 0, 1), step(_RETURN, _ERRNO | _ENOSYS)]
    program += [step(_JUMP_EQUAL, _CLONE[column], 0, 4), step(_LOAD, 16), step(_AND, _CLONE_THREAD)]
    program += [step(_JUMP_EQUAL, 0, 0, 1), step(_RETURN, refuse), step(_RETURN, _ALLOW)]
    code = ctypes.create_string_buffer(b"".join(program), 8 * len(program))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, header, 0, 0) != 0:
        raise Unavailable(f"seccomp: {os.strerror(ctypes.get_errno())}")
