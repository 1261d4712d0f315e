#!/bin/sh
# Where no registry can be reached, makes images with the names, entrypoints and environment of the official ones, as far as compose/
# uses them: ZooKeeper and BookKeeper from the Maven artifacts that the demo runs, HAProxy from Debian's packages.
#   build.sh BASE LIB     BASE: an image with java 17, bash and netcat on Debian; LIB: the folder with the demo's jars
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
base=$1 lib=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

have() { docker image inspect "$1" >/dev/null 2>&1; }

# $1: image, $2: folder of its Dockerfile
build() {
  cp -r "$here/conf" "$here/$2/." "$work/$2"
  docker build -q --build-arg "BASE=$base" -t "$1" "$work/$2"
}

jars() { # $1: folder
  mkdir -p "$work/$1/lib"
  for jar in "$lib"/*.jar; do
    case ${jar##*/} in
      hermes-* | kafka* | log4j* | scala*) ;;
      *) cp "$jar" "$work/$1/lib" ;;
    esac
  done
}

if ! have zookeeper:3.9.4; then
  jars zookeeper
  rm -f "$work"/zookeeper/lib/rocksdbjni-*.jar
  build zookeeper:3.9.4 zookeeper
fi
if ! have apache/bookkeeper:4.18.0; then
  jars bookkeeper
  build apache/bookkeeper:4.18.0 bookkeeper
fi
if ! have haproxy:3.0-alpine; then
  mkdir -p "$work/haproxy/root" "$work/debs"
  cd "$work/debs"
  apt-get download -qq haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1 >/dev/null
  for deb in *.deb; do dpkg -x "$deb" "$work/haproxy/root"; done
  # Debian's /lib is a link, which a copied folder would replace.
  if [ -d "$work/haproxy/root/lib" ]; then
    cp -r "$work/haproxy/root/lib/." "$work/haproxy/root/usr/lib"
    rm -r "$work/haproxy/root/lib"
  fi
  build haproxy:3.0-alpine haproxy
fi
