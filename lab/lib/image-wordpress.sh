# shellcheck shell=bash
# nginx, php-fpm and WordPress in one image, from Debian's packages: the web tier of examples/wordpress.ps1.

readonly WORDPRESS_IMAGE=lab/wordpress:6.1
# nginx and php-fpm come first: else WordPress brings Apache. XML-RPC needs PHP's xml, and a reader curl.
readonly WORDPRESS_PACKAGES=(nginx-light php8.2-fpm php php8.2-mysql php8.2-xml libfcgi-bin wordpress wordpress-theme-twentytwentythree curl)

# Raise it when the way the image is made changes.
readonly WORDPRESS_REVISION=1

wordpress_archive() {
    local key
    key=$({
        printf '%s\n' "$WORDPRESS_REVISION" "${WORDPRESS_PACKAGES[@]}"
        cat "$LAB_HOME"/images/wordpress/*
    } | sha256sum | cut -c1-12)
    printf '%s/wordpress-%s.tar' "$(base_directory)" "$key"
}

make_wordpress_image() (
    archive=$(wordpress_archive)
    # Whoever else wants it waits for this one.
    exec {lock}>"$RUN_ROOT/.image.lock"
    flock "$lock"
    [[ ! -e $archive ]] || return 0
    note 'lab: building the WordPress image (once; about a minute)'
    work=$(mktemp -d "$(base_directory)/image.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    download_packages "$work/apt" bookworm "${WORDPRESS_PACKAGES[@]}"
    make_root "$work/root" "$work/apt" bookworm "${WORDPRESS_PACKAGES[@]}"
    settle_wordpress_root "$work/root"
    install -d "$work/image/layer"
    tar -C "$work/root" --sort=name --mtime=@0 --numeric-owner -cf "$work/image/layer/layer.tar" .
    write_image "$archive" "$work" "$WORDPRESS_IMAGE" '{
        "Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["wordpress"], "StopSignal": "SIGQUIT",
        "Env": ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
        "ExposedPorts": {"80/tcp": {}, "443/tcp": {}, "9000/tcp": {}}}'
)

settle_wordpress_root() {
    local root=$1 files=$LAB_HOME/images/wordpress
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info} "$root"/etc/nginx/sites-enabled
    # What only installing needs, and the clients that PHP does not use.
    rm -rf "$root"/usr/share/perl* "$root"/usr/lib/x86_64-linux-gnu/perl* "$root"/usr/bin/{mysql*,mariadb*}
    install -d "$root/run/php" "$root/etc/wordpress"
    install -m 0644 "$files/nginx.conf" "$root/etc/nginx/nginx.conf"
    install -m 0644 "$files/www.conf" "$root/etc/php/8.2/fpm/pool.d/www.conf"
    install -m 0644 "$files/config-default.php" "$root/etc/wordpress/config-default.php"
    install -m 0644 "$files/ready.php" "$root/usr/local/lib/ready.php"
    install -m 0755 "$files/docker-entrypoint.sh" "$files/healthy" "$files/reader" "$root/usr/local/bin/"
    sed -i 's|^error_log = .*|error_log = /proc/self/fd/2|' "$root/etc/php/8.2/fpm/php-fpm.conf"
}
