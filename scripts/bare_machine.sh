#!/usr/bin/env bash
# Proves that the two commands of the README work where nothing is installed: makes a minimal
# Debian 12 in a temporary folder, clones the committed state into it, runs `make run` and
# `make test` there, prints both results and removes the folder. Needs root and debootstrap,
# about 6 GB in TMPDIR, and the time of one uncached build.
#   scripts/bare_machine.sh [--sudo] [--keep] [target...]
#     --sudo   run as an ordinary user with sudo instead of as root
#     --keep   leave the folder for a look
#     target   make targets to run instead of: run test
set -euo pipefail
cd "$(dirname "$0")/.."

user=root
keep=
targets=()
for argument in "$@"; do
  case $argument in
    --sudo) user=shopper ;;
    --keep) keep=1 ;;
    -*) echo "error: no option is called $argument: --sudo, --keep" >&2; exit 2 ;;
    *) targets+=("$argument") ;;
  esac
done
if [[ ${#targets[@]} -eq 0 ]]; then targets=(run test); fi

if [[ $EUID -ne 0 ]]; then echo "error: only root can make a root" >&2; exit 2; fi
if ! command -v debootstrap >/dev/null; then
  echo "error: debootstrap is missing: apt-get install debootstrap" >&2
  exit 2
fi
# In a mount namespace of its own, every mount below ends with this script, however it ends.
if [[ -z ${SHOPSIM_BARE_MACHINE:-} ]]; then
  SHOPSIM_BARE_MACHINE=1 exec unshare --mount --propagation private "$0" "$@"
fi

root=$(mktemp -d -t bare-machine.XXXXXX)
chmod 755 "$root"  # it becomes /, which everybody may enter
remove_root() {
  cd /
  umount --recursive "$root/proc" "$root/dev" 2>/dev/null || true
  if [[ -n $keep ]]; then echo "kept: $root"; else rm -rf --one-file-system "$root"; fi
}
trap remove_root EXIT

# The way to the package registries is this machine's: its sources, names, certificates, proxies.
carry_in() {
  local path
  : >"$root/etc/apt/sources.list"
  for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/trusted.gpg.d \
    /etc/apt/keyrings /etc/pip.conf /etc/hosts; do
    if [[ -e $path ]]; then cp -rL "$path" "$root$(dirname "$path")/"; fi
  done
  for path in /etc/apt/apt.conf.d/*; do  # what an administrator wrote, not what packages brought
    if ! dpkg-query --search "$path" >/dev/null 2>&1; then cp -L "$path" "$root$path"; fi
  done
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  if [[ -e /etc/ssl/certs/ca-certificates.crt ]]; then
    mkdir -p "$root/etc/ssl/certs" "$root/usr/local/share/ca-certificates"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    cp /etc/ssl/certs/ca-certificates.crt "$root/usr/local/share/ca-certificates/carried-in.crt"
  fi
}

# Variables for proxies and certificates, NAME=value, one a line; nothing else comes along.
carried_variables() {
  env | grep -E '^[A-Za-z0-9_]*(proxy|PROXY|CERT|SSL|CA_BUNDLE|CAINFO|CAFILE)[A-Za-z0-9_]*=' ||
    true
  env | grep -E '^PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|DEFAULT_TIMEOUT)=' || true
}

make_root() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
    grep -v security | head -n 1)
  debootstrap --variant=minbase bookworm "$root" "${mirror:-}" >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; exit 1; }
  rm -f "$root.log"
  carry_in
  mountpoint --quiet "$root/proc" || mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --make-rslave "$root/dev"
}

inside() {  # inside USER COMMAND: in the new root, with a fresh environment
  local home
  home=$(chroot "$root" getent passwd "$1" | cut -d: -f6)
  mapfile -t variables < <(carried_variables)
  chroot --userspec="$1" "$root" /usr/bin/env -i "${variables[@]}" HOME="$home" USER="$1" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    TERM=dumb CI=true bash -c "$2"
}

echo "=== a minimal Debian 12 in $root"
make_root
inside root 'apt-get -q update && apt-get -q install --yes --no-install-recommends make git' \
  >"$root/tmp/apt.log" 2>&1 || { tail -n 20 "$root/tmp/apt.log" >&2; exit 1; }
place=/srv/shopsim
if [[ $user != root ]]; then
  inside root "apt-get -q install --yes --no-install-recommends sudo >/dev/null 2>&1 &&
    useradd --create-home --shell /bin/bash $user &&
    echo '$user ALL=(ALL) NOPASSWD: ALL
Defaults env_keep += \"*_proxy *_PROXY\"' >/etc/sudoers.d/$user"
  inside root "install -d -o $user $place"
fi
git bundle create --quiet "$root/tmp/shopsim.bundle" HEAD
chmod a+r "$root/tmp/shopsim.bundle"
inside "$user" "git clone --quiet /tmp/shopsim.bundle $place"
echo "=== $(inside root 'dpkg-query --show | wc -l') packages, commit $(git rev-parse --short HEAD)"

failed=0
results=()
for target in "${targets[@]}"; do
  echo
  echo "=== make $target, as $user"
  started=$SECONDS
  code=0
  inside "$user" "cd $place && make $target" || code=$?
  results+=("make $target: exit code $code after $((SECONDS - started)) s")
  if [[ $code -ne 0 ]]; then failed=1; fi
done
echo
printf '%s\n' "${results[@]}"
exit "$failed"
