#!/bin/sh
# Lists conflict files, relative to the folder, at most the given number; names with line breaks count once.
cd /folder && find . -name '*.sync-conflict-*' ! -name '.syncthing.*' -print | head -n "$1" | sed 's|^\./||'
