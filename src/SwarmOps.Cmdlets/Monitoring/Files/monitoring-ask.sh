#!/bin/sh
# Asks the HTTP server on port $1 of this container for each further argument, a path. Prints each answer as one line, which is empty when there is none.
port=$1
shift
for path; do
    { timeout 10 wget -q -O - "http://127.0.0.1:$port$path" || curl -fsS -m 10 "http://127.0.0.1:$port$path"; } 2>/dev/null | tr -d '\n'
    printf '\n'
done
echo 'done'
