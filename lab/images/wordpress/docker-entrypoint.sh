#!/bin/bash
# Starts nginx and php-fpm together and ends when either does; "php-fpm" alone serves FastCGI on port 9000 for nginx elsewhere.
set -euo pipefail

if [[ ${1:-} == php-fpm ]]; then
    export FPM_LISTEN=9000
    exec php-fpm8.2 --nodaemonize
fi
[[ ${1:-} == wordpress ]] || exec "$@"

export FPM_LISTEN=/run/php/fpm.sock
printf 'fastcgi_pass %s;\n' "${WORDPRESS_FPM:-unix:$FPM_LISTEN}" >/run/fastcgi-pass.conf
install -d -o www-data -g www-data /var/lib/wordpress/wp-content/uploads
chown www-data: /var/lib/wordpress/wp-content/uploads
if [[ -z ${WORDPRESS_TLS:-} ]]; then
    : >/run/tls.conf
else
    printf 'listen 443 ssl default_server; ssl_certificate %s; ssl_certificate_key %s;\n' "$WORDPRESS_TLS" "$WORDPRESS_TLS" >/run/tls.conf
fi

php-fpm8.2 --nodaemonize &
nginx -g 'daemon off;' &
trap 'kill -QUIT $(jobs -p); wait; exit 0' TERM INT QUIT
wait -n
echo 'nginx or php-fpm has ended' >&2
exit 1
