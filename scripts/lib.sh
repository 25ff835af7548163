# Shared by the scripts beside it; meant to be sourced by bash with `set -euo pipefail` on.
# shellcheck shell=bash

# The root of the package, wherever the caller stands. The working directory is never changed:
# relative paths among a caller's arguments keep their meaning.
root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"

say() { printf '%s\n' "$*" >&2; }

die() {
    say "error: $*"
    exit 1
}

# has_library MODULE HEADER: whether a C library is there to build against.
has_library() {
    if command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$1"; then
        return 0
    fi
    local folder
    for folder in /usr/include /usr/local/include /opt/homebrew/include; do
        if [[ -f "$folder/$2" ]]; then return 0; fi
    done
    return 1
}

# as_root COMMAND…: runs a command as the superuser, its output on standard error.
as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@" >&2
    elif ! command -v sudo >/dev/null 2>&1; then
        return 1
    elif [[ -t 0 ]]; then
        sudo "$@" >&2
    else
        sudo -n "$@" >&2 # Nobody is there to type a password.
    fi
}

# require_libraries [ARGUMENT…]: installs the C libraries that the package is built against, if they
# are missing: those of the traits SQLite and MPI if the arguments for swift name them.
require_libraries() {
    local packages=()
    has_library yaml-0.1 yaml.h || packages+=(libyaml-dev)
    if [[ $(uname -s) == Darwin ]]; then
        # zlib is part of the system.
        if [[ ${#packages[@]} -gt 0 ]]; then
            die "libyaml is missing; install it by: brew install libyaml pkg-config"
        fi
        return 0
    fi
    has_library zlib zlib.h || packages+=(zlib1g-dev)
    if [[ " $* " == *SQLite* ]]; then
        has_library sqlite3 sqlite3.h || packages+=(libsqlite3-dev)
    fi
    if [[ " $* " == *MPI* ]]; then
        has_library ompi mpi.h || packages+=(libopenmpi-dev)
        command -v mpirun >/dev/null 2>&1 || packages+=(openmpi-bin)
    fi
    if [[ ${#packages[@]} -eq 0 ]]; then return 0; fi

    say "missing: ${packages[*]}; installing by apt-get"
    if ! command -v apt-get >/dev/null 2>&1; then
        die "no apt-get here; install the development files of them by hand"
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null ||
        say "warning: apt-get update failed; going on with the package lists that are there"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${packages[@]}" </dev/null ||
        die "could not install ${packages[*]}; run as root:" \
            "apt-get update && apt-get install ${packages[*]}"
}

# Points the tool at MovieLens 100K, which may not be part of the repository, unless the caller does:
# at a folder `data` in the checkout, beside it, or in a folder beside it.
default_data_home() {
    local folder
    if [[ -n ${TFRS_DATA_HOME+set} ]]; then return 0; fi
    for folder in "$root/data" "$root/../data" "$root"/../*/data; do
        if [[ -f "$folder/ml-100k/u.data" ]]; then
            TFRS_DATA_HOME="$(cd -- "$folder" && pwd -P)"
            export TFRS_DATA_HOME
            return 0
        fi
    done
}

# prepare [ARGUMENT…]: everything that building needs, with these arguments for swift.
# shellcheck disable=SC2120 # scripts/test passes them.
prepare() {
    command -v swift >/dev/null 2>&1 ||
        die "no swift on the PATH; install the Swift toolchain (https://www.swift.org/install)"
    require_libraries "$@"
    forget_moved_build
    default_data_home
}

# Prints a Python that has jsonschema and yaml, after installing them if need be.
python_with_jsonschema() {
    local python attempt
    for attempt in found installed; do
        for python in python3 /usr/bin/python3; do
            if "$python" -c 'import yaml; from jsonschema import Draft7Validator' 2>/dev/null
            then
                printf '%s\n' "$python"
                return 0
            fi
        done
        if [[ $attempt == installed ]] || ! command -v apt-get >/dev/null 2>&1; then return 1; fi
        say "missing: python3-jsonschema python3-yaml; installing by apt-get"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null || true
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
            --no-install-recommends python3-jsonschema python3-yaml </dev/null || true
    done
}

# python_with PACKAGE…: prints a Python that has these packages of PyPI, in an environment of the
# build's own; fails where they cannot be had.
python_with() { python_in python "$@"; }

# python_in NAME PACKAGE…: the same in the environment of that name.
python_in() {
    local folder="$root/.build/$1"
    if [[ ! -x "$folder/bin/python" ]]; then
        python3 -m venv "$folder" >&2 || return 1
    fi
    "$folder/bin/python" -m pip install -q --disable-pip-version-check "${@:2}" >&2 || return 1
    printf '%s\n' "$folder/bin/python"
}

# Prints the tool to use: what TFRS_TOOL names, or else the one that is built here.
tool_to_use() {
    if [[ -n ${TFRS_TOOL:-} ]]; then
        printf '%s\n' "$TFRS_TOOL"
        return 0
    fi
    prepare >&2
    build_tool
    tool_path
}

# Passes a build's output on once there is something to tell: work, a wait or a problem. A build
# that finds everything up to date stays silent.
pass_on_when_busy() {
    local line held='' busy=false
    while IFS= read -r line; do
        if $busy; then
            printf '%s\n' "$line"
            continue
        fi
        held+="$line"$'\n'
        case $line in
            *Compiling* | *Linking* | *Fetching* | *Cloning* | *Updating* | *Downloading* | \
                *Resolving* | *Another\ instance* | *error:*)
                busy=true
                printf '%s' "$held"
                ;;
        esac
    done
}

# How everything is built in release mode, by all scripts alike, so that they share one build. Line
# numbers for debuggers would take a seventh of its time.
release_flags=(-c release -debug-info-format none)

# Builds the tool in release mode.
build_tool() { build_product tfrs-run; }

# The commit that stands here, with a plus where files differ from it; nothing outside of git.
commit_here() {
    local commit
    commit="$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null)" || return 0
    [[ -z $(git -C "$root" status --porcelain --untracked-files=no 2>/dev/null) ]] || commit+=+
    printf '%s\n' "$commit"
}

# build_product NAME [ARGUMENT…]: builds it in release mode, with these arguments for swift;
# everything that the build says goes to standard error.
build_product() {
    {
        TFRS_COMMIT="$(commit_here)" \
            swift build --package-path "$root" "${release_flags[@]}" --product "$@" \
            </dev/null 2>&1 ||
            # Said here and not after the pipe, so that the held lines come out before it.
            { echo "error: the build failed" && false; }
    } | pass_on_when_busy >&2
}

# Prints the tool that is built with MPI, beside the other builds: what TFRS_MPI_TOOL names, or else
# the one that is built here. A build of another trait in the same place would undo the other one.
tool_for_ranks() {
    if [[ -n ${TFRS_MPI_TOOL:-} ]]; then
        printf '%s\n' "$TFRS_MPI_TOOL"
        return 0
    fi
    prepare --traits MPI >&2
    local folder="${SWIFTPM_BUILD_DIR:-$root/.build}/ranks"
    SWIFTPM_BUILD_DIR="$folder" forget_moved_build
    build_product tfrs-run --traits MPI --scratch-path "$folder"
    printf '%s\n' "$folder/release/tfrs-run"
}

# Whether hosts can be made of network namespaces here; says what that takes where they cannot.
can_make_hosts() {
    local name="tfrs$$-try"
    if [[ $EUID -eq 0 && -c /dev/net/tun ]] && command -v ip tc python3 >/dev/null 2>&1 &&
        ip netns add "$name" 2>/dev/null; then
        ip netns delete "$name"
    else
        say "hosts of network namespaces take root, ip and tc (iproute2), TAP devices and Python 3"
        return 1
    fi
}

# Where the built tool is.
tool_path() {
    printf '%s\n' "${SWIFTPM_BUILD_DIR:-$root/.build}/release/tfrs-run"
}

# The version of the tool, as its source says it.
tool_version() {
    sed -n 's/^ *public static let current = "\(.*\)"$/\1/p' \
        "$root/Sources/Experiments/Host/ToolVersion.swift"
}

# The folder of a build must be where it was built: modules that were compiled there name their
# place, and a restored cache or a moved clone brings them to another one. What they hold is then
# worth nothing, and is removed; products and downloaded packages stay.
forget_moved_build() {
    local folder="${SWIFTPM_BUILD_DIR:-$root/.build}" mark here
    [[ -d $folder ]] || return 0
    mark="$folder/built-at"
    here="$(cd -- "$folder" && pwd -P)"
    if [[ -f $mark && $(<"$mark") == "$here" ]]; then return 0; fi
    if built_elsewhere "$folder" "$here"; then
        say "note: $folder was built at another place; building anew"
        rm -rf -- "$folder"/*-*-* "$folder"/debug "$folder"/release "$folder"/*.yaml \
            "$folder"/build.db "$folder"/plugins
    fi
    printf '%s\n' "$here" >"$mark"
}

# built_elsewhere FOLDER HERE: whether the build's own plan names another place.
built_elsewhere() {
    local plan
    for plan in "$1"/release.yaml "$1"/debug.yaml; do
        [[ -f $plan ]] || continue
        if ! grep -qF -- "$2/" "$plan"; then return 0; fi
    done
    return 1
}
