#!/bin/sh
set -e
if [ -f x ]; then
  echo "a: b"
fi
